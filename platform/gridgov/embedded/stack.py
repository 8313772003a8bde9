"""PostgreSQL and Redis together: several commands may use one stack, the last one out stops it."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import IO, Self

from gridgov.embedded.binaries import binaries_for
from gridgov.embedded.cache import Cache
from gridgov.embedded.places import Place, place_of
from gridgov.embedded.postgres import Postgres
from gridgov.embedded.servant import StackError, servant_for
from gridgov.kernel.settings import Settings


def _random() -> str:
    return secrets.token_hex(32)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Made once per stack and kept in a file with mode 600."""

    superuser: str = field(default_factory=_random, repr=False)
    gridgov_owner: str = field(default_factory=_random, repr=False)
    gridgov_app: str = field(default_factory=_random, repr=False)
    gridgov_province: str = field(default_factory=_random, repr=False)
    application: str = field(default_factory=_random, repr=False)

    @classmethod
    def of(cls, path: Path) -> Self:
        """The secrets in the file, made at first."""
        if path.exists():
            return cls(**json.loads(path.read_text()))
        made = cls()
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        half.touch(0o600)
        half.write_text(json.dumps({each.name: getattr(made, each.name) for each in fields(cls)}))
        half.rename(path)
        return made


class Stack:
    """The embedded servers of one checkout under one name (``demo``, ``test``, ...).

    ``open`` starts them or joins those that run; ``close`` stops them when nobody else is in.
    Who is in is known by a lock on a file, which the kernel drops even after ``kill -9``.
    """

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.place = place
        self._users: IO[str] | None = None
        self._lay_out()
        servant = servant_for(place.root)
        binaries = binaries_for(servant, place.root)
        self.servant = servant
        self.postgres = Postgres(place, servant, binaries, durable=durable)
        self.cache = Cache(place, servant, binaries)

    @property
    def secrets(self) -> Secrets:
        return Secrets.of(self.place.folder / "secrets.json")

    @classmethod
    def named(cls, name: str, *, durable: bool = True) -> Self:
        """The stack of this checkout with that name."""
        return cls(place_of(name), durable=durable)

    def open(self, *, first: Callable[[Self], None] | None = None) -> Self:
        """Start the servers, or join those that run already.

        ``first`` is done if nobody else is in, before anybody else can be.
        """
        with self._one_at_a_time():
            self._users = (self.place.folder / "users").open("a")
            alone = _taken(self._users, fcntl.LOCK_EX)
            fcntl.flock(self._users, fcntl.LOCK_SH)
            self._furnish()
            if not self.postgres.running():
                self._start_postgres()
            if not self.cache.running():
                self.cache.start()
            if alone and first:
                first(self)
        return self

    def close(self) -> None:
        """Leave, and stop the servers if nobody else is in and nobody asked to keep them."""
        if self._users is None:
            return
        with self._one_at_a_time():
            if _taken(self._users, fcntl.LOCK_EX) and not self._kept.exists():
                self._stop()
            self._users.close()
            self._users = None

    @contextmanager
    def opened(self, *, first: Callable[[Self], None] | None = None) -> Generator[Self]:
        """Open for the length of a block."""
        try:
            yield self.open(first=first)
        finally:
            self.close()

    def keep(self) -> None:
        """Let the servers run on after ``close``, until ``halt``."""
        self._kept.touch()

    def halt(self) -> bool:
        """Stop the servers unless somebody is in; whether they are stopped."""
        self._kept.unlink(missing_ok=True)
        with self._one_at_a_time(), (self.place.folder / "users").open("a") as users:
            free = _taken(users, fcntl.LOCK_EX)
            if free:
                self._stop()
            return free

    def discard(self) -> None:
        """Stop the servers and delete everything that they keep."""
        if not self.halt():
            raise StackError(f"{self.place.folder} is in use: stop the other command first.")
        with self._one_at_a_time():
            shutil.rmtree(self.place.folder)

    def prepare_database(self, name: str, *, template: str = "template0") -> None:
        """Make the database as an administrator would; harmless when repeated."""
        password = self.secrets.superuser
        self.postgres.run_file("database.sql", password=password, name=name, template=template)

    def sql(self, statements: str, *, database: str = "postgres") -> list[str]:
        """Run SQL as the superuser; the answer's lines."""
        return self.postgres.ask(
            statements, password=self.secrets.superuser, database=database
        ).splitlines()

    def settings(self, database: str, *, redis_database: int = 0, demo: bool = True) -> Settings:
        """What the application needs to use one database of this stack."""
        return Settings(
            database_url=self._url("gridgov_app", database),
            owner_url=self._url("gridgov_owner", database),
            province_url=self._url("gridgov_province", database),
            redis_url=self.cache.url(redis_database),
            secret=self.secrets.application.encode(),
            files=_folder(self.place.files / database),
            demo=demo,
        )

    @property
    def _kept(self) -> Path:
        return self.place.folder / "kept"

    def _url(self, role: str, database: str) -> str:
        password = getattr(self.secrets, role)
        return f"postgresql://{role}:{password}@/{database}?host={self.place.sockets}"

    def _lay_out(self) -> None:
        passable = 0o711 if os.geteuid() == 0 else 0o700  # the servant passes on the way to its own
        for folder in (self.place.root, self.place.folder.parent, self.place.folder):
            _folder(folder, passable)

    def _furnish(self) -> None:
        for folder in (self.place.server, self.place.sockets, self.place.server / "log"):
            self.servant.give(_folder(folder))

    def _start_postgres(self) -> None:
        fresh = not self.postgres.data.exists()
        self.postgres.create(self.secrets.superuser)
        self.postgres.start()
        marker = self.place.folder / "roles"
        if fresh or not marker.exists():
            self.postgres.run_file("roles.sql", password=self.secrets.superuser)
            for role in ("gridgov_owner", "gridgov_app", "gridgov_province"):
                self.sql(f"ALTER ROLE {role} PASSWORD '{getattr(self.secrets, role)}'")
            marker.touch()

    def _stop(self) -> None:
        self.cache.stop()
        self.postgres.stop()

    @contextmanager
    def _one_at_a_time(self) -> Generator[None]:
        while True:
            self._lay_out()
            path = self.place.folder / "lock"
            with path.open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if _is_still(path, lock):  # or it was discarded while we waited
                    yield
                    return


def _is_still(path: Path, file: IO[str]) -> bool:
    return path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))


def _taken(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _folder(path: Path, mode: int = 0o700) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)
    return path
