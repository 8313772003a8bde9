"""The words of the year: what one may do, and how a duty stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from gridgov.contract.years import YearlyDuty


class YearlyRight(StrEnum):
    """What one may do with the duties of the year."""

    TICK = "yearly.tick"


class Standing(StrEnum):
    """How a duty of a year stands."""

    DONE = "done"
    LATE = "late"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Ticked:
    """Who says that it was done, and on which day."""

    id: UUID
    duty: str
    done_on: date
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records of a kind there are to look at, in words too."""

    kind: str
    amount: int
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of them. ``opens`` is the id of the page that shows it, None if not to the actor."""

    id: UUID
    day: date
    title: str
    place: str
    opens: UUID | None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the system sees for itself; ``done`` needs nobody to tick it off."""

    words: str
    done: bool = False
    lines: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A duty of a year as the page lists it."""

    duty: YearlyDuty
    due_on: date
    standing: Standing
    ticked: Ticked | None
    reckoned: Reckoned | None
