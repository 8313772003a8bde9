"""Who runs the servers. PostgreSQL refuses root, so root hands them to a user without rights."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

USER = "gridgov"


class StackError(Exception):
    """The embedded servers cannot do what was asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Servant:
    """The system user that runs the servers; ``name`` is None where we run them ourselves."""

    name: str | None

    def run(
        self,
        *command: str | Path,
        check: bool = True,
        stdin: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run as the servant, with nothing of our environment. A failure shows what was said."""
        done = subprocess.run(  # noqa: S603  (our own commands, no shell)
            [str(part) for part in command],
            capture_output=True,
            check=False,
            text=True,
            cwd="/",
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC", **(env or {})},
            umask=0o077,
            input=stdin,
            user=self.name,
            group=self.name,
            extra_groups=() if self.name else None,
        )
        if check and done.returncode:
            said = (done.stderr or done.stdout).strip()
            raise StackError(f"{Path(command[0]).name} failed: {said}")
        return done

    def can_run(self, binary: Path) -> bool:
        """Whether the binary is in reach: a virtual environment may lie in a closed folder."""
        try:
            return self.run(binary, "--version", check=False).returncode == 0
        except PermissionError:
            return False

    def give(self, path: Path, mode: int = 0o700) -> Path:
        """Hand a file or folder over to the servant."""
        path.chmod(mode)
        if self.name:
            shutil.chown(path, self.name, self.name)
        return path

    def write(self, path: Path, text: str) -> Path:
        """Write a file that only the servant reads."""
        path.unlink(missing_ok=True)
        path.touch(0o600)
        path.write_text(text)
        return self.give(path, 0o600)


def servant_for(home: Path) -> Servant:
    """Ourselves, or for root the system user, made when missing."""
    if os.geteuid() != 0:
        return Servant(name=None)
    try:
        pwd.getpwnam(USER)
    except KeyError:
        Servant(name=None).run(
            *("/usr/sbin/useradd", "--system", "--user-group", "--no-create-home"),
            *("--home-dir", home, "--shell", "/usr/sbin/nologin", USER),
        )
    return Servant(name=USER)
