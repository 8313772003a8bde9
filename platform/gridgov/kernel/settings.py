"""What the environment says. Read once, at the edge; everything else is handed the result."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

PLACEHOLDERS = ("changeme", "placeholder", "secret", "example", "demo-only")
_SHORTEST_SECRET = 32


class SettingsError(Exception):
    """The environment cannot be used; the message says which setting and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between one machine and another."""

    database_url: str
    owner_url: str
    province_url: str
    redis_url: str
    secret: bytes = field(repr=False)
    files: Path
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    demo: bool = False
    bind_host: str = "127.0.0.1"
    bind_port: int = 8000
    web_processes: int = 2
    pool_size: int = 8
    proxies: tuple[str, ...] = ()

    @classmethod
    def from_env(cls) -> Self:
        """Read ``GRIDGOV_*``; raises SettingsError with one line per fault."""
        env = os.environ  # noqa: TID251  (the one place)
        needed = ("DATABASE_URL", "OWNER_URL", "PROVINCE_URL", "REDIS_URL", "SECRET", "FILES")
        missing = [f"GRIDGOV_{name}" for name in needed if not env.get(f"GRIDGOV_{name}")]
        if missing:
            raise SettingsError(
                f"These settings are missing: {', '.join(missing)}. "
                'Those of a demo that runs here: eval "$(gridgov stack environment)".'
            )
        host, _, port = env.get("GRIDGOV_BIND", "127.0.0.1:8000").rpartition(":")
        if not host:
            raise SettingsError("GRIDGOV_BIND is an address and a port: 127.0.0.1:8000.")
        settings = cls(
            database_url=env["GRIDGOV_DATABASE_URL"],
            owner_url=env["GRIDGOV_OWNER_URL"],
            province_url=env["GRIDGOV_PROVINCE_URL"],
            redis_url=env["GRIDGOV_REDIS_URL"],
            secret=env["GRIDGOV_SECRET"].encode(),
            files=Path(env["GRIDGOV_FILES"]),
            hosts=tuple(env.get("GRIDGOV_HOSTS", "localhost,127.0.0.1").split(",")),
            demo=env.get("GRIDGOV_DEMO", "") == "1",
            bind_host=host,
            bind_port=_number("BIND", port),
            web_processes=_number("WEB_PROCESSES", env.get("GRIDGOV_WEB_PROCESSES", "2")),
            pool_size=_number("POOL_SIZE", env.get("GRIDGOV_POOL_SIZE", "8")),
            proxies=tuple(filter(None, env.get("GRIDGOV_PROXIES", "").split(","))),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse weak secrets outside the demo."""
        if self.demo:
            return
        text = self.secret.decode(errors="replace").lower()
        if len(self.secret) < _SHORTEST_SECRET or any(word in text for word in PLACEHOLDERS):
            raise SettingsError(
                "GRIDGOV_SECRET is a placeholder or shorter than 32 bytes. "
                "Make one with: python -c 'import secrets; print(secrets.token_hex(32))'"
            )

    def environment(self) -> dict[str, str]:
        """The environment for a child process: this one's, with these settings on top."""
        return {
            **os.environ,  # noqa: TID251  (a child inherits PATH, locale and the rest)
            "GRIDGOV_DATABASE_URL": self.database_url,
            "GRIDGOV_OWNER_URL": self.owner_url,
            "GRIDGOV_PROVINCE_URL": self.province_url,
            "GRIDGOV_REDIS_URL": self.redis_url,
            "GRIDGOV_SECRET": self.secret.decode(),
            "GRIDGOV_FILES": str(self.files),
            "GRIDGOV_HOSTS": ",".join(self.hosts),
            "GRIDGOV_DEMO": "1" if self.demo else "",
            "GRIDGOV_BIND": f"{self.bind_host}:{self.bind_port}",
            "GRIDGOV_WEB_PROCESSES": str(self.web_processes),
            "GRIDGOV_POOL_SIZE": str(self.pool_size),
            "GRIDGOV_PROXIES": ",".join(self.proxies),
        }


def _number(name: str, said: str) -> int:
    if not (said.isascii() and said.isdigit() and int(said)):
        raise SettingsError(f"GRIDGOV_{name} needs a whole number above zero, not “{said}”.")
    return int(said)


def state_root() -> Path:
    """Where the embedded PostgreSQL and Redis keep their data, for all checkouts of this user."""
    env = os.environ  # noqa: TID251  (the one place)
    if said := env.get("GRIDGOV_STATE"):
        return Path(said).resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/gridgov")
    base = Path(env.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "gridgov"
