"""Where a stack lives: one folder per checkout and name, so that checkouts never meet."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from gridgov.kernel.settings import SettingsError, state_root

CHECKOUT = Path(__file__).resolve().parents[3]
_LONGEST_SOCKET = 100  # the kernel takes 107 bytes


@dataclass(frozen=True, slots=True)
class Place:
    """The folders and files of one stack. ``server`` belongs to the user that runs the servers."""

    root: Path
    folder: Path

    @property
    def server(self) -> Path:
        return self.folder / "server"

    @property
    def sockets(self) -> Path:
        return self.server / "run"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def files(self) -> Path:
        return self.folder / "files"


def place_of(name: str, *, checkout: Path = CHECKOUT, root: Path | None = None) -> Place:
    """The place of the stack ``name`` of a checkout."""
    top = root or state_root()
    key = hashlib.sha256(str(checkout).encode()).hexdigest()[:8]
    place = Place(root=top, folder=top / key / name)
    if len(str(place.sockets / ".s.PGSQL.5432.lock")) > _LONGEST_SOCKET:
        raise SettingsError(
            f"The path {place.folder} is too long for a socket. Set GRIDGOV_STATE to a shorter one."
        )
    return place
