"""Words of the staffing room: rights, and rows as pages and other rooms see them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class StaffingRight(StrEnum):
    """What one may do with standards of staffing and with kit. A binding says where."""

    READ = "staffing.read"
    KIT = "staffing.kit"


@dataclass(frozen=True, slots=True)
class Need:
    """How many of a post are asked for today on the units of a level."""

    post: str
    level: str
    area: str
    employment: str
    group: str
    count: int
    source: str

    def on(self, level: str, area: str) -> bool:
        """Whether a unit of this level and kind of place must have it."""
        return self.level == level and self.area in {"", area}


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit that lacks holders of a post."""

    node_id: UUID
    path: str
    code: str
    name: str
    post: str
    employment: str
    wanted: int
    held: int

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return self.wanted - self.held


@dataclass(frozen=True, slots=True)
class Filled:
    """A need of one unit, and who is there for it: (holding's person, name, acting)."""

    need: Need
    names: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return max(0, self.need.count - len(self.names))


class KitState(StrEnum):
    """Where a piece of kit is."""

    OUT = "out"
    RETURNED = "returned"
    MISSING = "missing"
    STRUCK_OFF = "struck_off"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that was handed out: to a person for a unit, or (no person) to the unit itself.

    ``struck_off_for`` is why one that is missing is looked for no more.
    """

    id: UUID
    item: str
    node_id: UUID
    node_name: str
    path: str
    staff_id: UUID | None
    person: str | None
    state: str
    mark: str
    issued_on: date
    ended_on: date | None
    note: str
    struck_off_for: str
