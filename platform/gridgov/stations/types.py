"""Words of the stations room, and what its pages are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class StationRight(StrEnum):
    """What one may do at a working place. A binding says where; who sees the node sees the page."""

    EDIT = "station.edit"
    ROSTER = "station.roster"
    HALL = "station.hall"


class NumberState(StrEnum):
    """Where somebody's number in the hall stands."""

    WAITING = "waiting"
    CALLED = "called"
    DONE = "done"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class StationRow:
    """A working place: a node whose level has a desk, with what is known of its office.

    ``station_id`` is None where nobody has written anything down yet.
    """

    id: UUID
    parent_id: UUID | None
    path: str
    code: str
    name: str
    level: str
    station_id: UUID | None
    address: str | None
    phone: str | None
    hours: str | None
    rest_hours: str | None
    synthetic: bool | None
    changed_at: datetime | None

    @property
    def complete(self) -> bool:
        """Whether people can find it, call it, and know when it is open."""
        return bool(self.address and self.phone and self.hours)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's turn of duty."""

    day: date
    seat: str
    shift: str
    staff_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A seat's phone and place in the hall."""

    seat: str
    phone: str
    place: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number of today."""

    id: UUID
    zone: str
    number: int
    state: NumberState
    window: str
    taken_at: datetime
    called_at: datetime | None
    calls: int
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen on the wall, and what its address ends with."""

    id: UUID
    token: str
    name: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice on the hall's screen."""

    id: UUID
    text: str
    until: date
    made_at: datetime
