"""The words of the calendar."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class CalendarRight(StrEnum):
    """What one may do with the calendar."""

    READ = "calendar.read"
    CHANGE = "calendar.change"


class DayKind(StrEnum):
    """How a day differs from an ordinary day of its week."""

    HOLIDAY = "holiday"
    IN_LIEU = "in_lieu"
    MAKEUP = "makeup"


class YearStatus(StrEnum):
    """Whether a year rests on a notice, or on the law and the weekends alone."""

    OFFICIAL = "official"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day of a year's plan that differs from its weekday."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class YearPlan:
    """What is known of a year. Its days may reach back into the last December."""

    year: int
    status: YearStatus
    notice: str
    days: tuple[PlannedDay, ...]


ENOUGH_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far ahead the calendar is official."""

    official_until: date
    days: int

    @property
    def alarm(self) -> bool:
        """Whether the next notice is missing so long that deadlines will soon rest on guesses."""
        return self.days < ENOUGH_DAYS
