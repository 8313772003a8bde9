"""The embedded PostgreSQL: made, started, asked and stopped with its own programs."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from gridgov.embedded.binaries import Binaries
from gridgov.embedded.places import Place
from gridgov.embedded.servant import Servant, StackError

SUPERUSER = "postgres"
_PATIENCE = 60.0
_STATUS_LINE = 7  # of postmaster.pid
_TUNING = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m [%p] %q%u@%d '",
    "log_min_duration_statement": "500ms",
    "lc_messages": "'C'",
}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Postgres:
    """One cluster. ``durable=False`` is for tests that kill nothing."""

    place: Place
    servant: Servant
    binaries: Binaries
    durable: bool

    @property
    def data(self) -> Path:
        return self.place.server / "pg"

    def running(self) -> bool:
        """Whether the server runs and takes connections, asked without starting a program."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        ready = len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"
        return ready and self._is_ours(lines[0])

    def create(self, password: str) -> None:
        """Make the cluster if there is none; half-made ones are thrown away."""
        if self.data.exists():
            return
        half = self.data.with_name("pg.half")
        self.servant.run("/bin/rm", "-rf", half)
        secret = self.servant.write(self.place.server / "password", password)
        try:
            self.servant.run(
                *(self.binaries.postgres / "initdb", "-D", half, "-U", SUPERUSER),
                *("--auth-local=scram-sha-256", "--auth-host=reject", "--pwfile", secret),
                *("--encoding=UTF8", "--locale=C", "--data-checksums", "--no-sync"),
            )
        finally:
            secret.unlink()
        half.rename(self.data)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._bury()
        if self.running():
            return
        settings = {**_TUNING, "unix_socket_directories": f"'{self.place.sockets}'"}
        if not self.durable:
            settings |= _CARELESS
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        self.servant.write(self.data / "postgresql.conf", "".join(lines))
        try:
            self._control("start", "-s", "-t", "60", "-l", self._log)
        except StackError as fault:
            raise StackError(f"{fault}\n{self._last_words()}") from fault

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, clients are sent away."""
        if (self.data / "postmaster.pid").exists():
            self._control("stop", "-s", "-m", "fast", check=False)

    def ask(self, sql: str, *, password: str, database: str = "postgres") -> str:
        """Run SQL as the superuser; the answer as plain lines."""
        return self._psql(password, database, {}, "-At", stdin=sql)

    def run_file(self, script: str, /, *, password: str, **variables: str) -> None:
        """Run one of the SQL files beside this module, just as an administrator would."""
        text = files("gridgov.embedded").joinpath(script).read_text()
        self._psql(password, "postgres", variables, stdin=text)

    def _psql(
        self, password: str, database: str, variables: Mapping[str, str], *flags: str, stdin: str
    ) -> str:
        given = [f"--set={name}={value}" for name, value in variables.items()]
        return self.servant.run(
            self.binaries.postgres / "psql",
            *("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *flags, *given),
            f"host={self.place.sockets} user={SUPERUSER} dbname={database}",
            stdin=stdin,
            env={"PGPASSWORD": password},
        ).stdout

    @property
    def _log(self) -> Path:
        return self.place.server / "log" / "postgresql.log"

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return "\n".join(lines[-10:])

    def _control(self, verb: str, *options: str | Path, check: bool = True) -> None:
        self.servant.run(
            self.binaries.postgres / "pg_ctl", verb, "-w", "-D", self.data, *options, check=check
        )

    def _is_ours(self, pid: str) -> bool:
        """Whether a living process works in our data folder; the dead that nobody buried do not."""
        try:
            return self.data.samefile(f"/proc/{pid.strip()}/cwd")
        except OSError:
            return False

    def _bury(self) -> None:
        """Forget a server that was killed.

        PostgreSQL itself takes a file's process number for its own while any process bears it:
        another program after a restart, or in a container one that is dead but not reaped.
        """
        pidfile = self.data / "postmaster.pid"
        until = time.monotonic() + _PATIENCE
        while self._inhabited():  # one that is starting, or the last breath of one that was killed
            if self.running():
                return
            if time.monotonic() > until:
                raise StackError(f"A PostgreSQL works in {self.data} and does not answer.")
            time.sleep(0.05)
        for leftover in [pidfile, *self.place.sockets.glob(".s.PGSQL.*")]:
            leftover.unlink(missing_ok=True)

    def _inhabited(self) -> bool:
        return any(self._is_ours(entry.name) for entry in Path("/proc").glob("[0-9]*"))
