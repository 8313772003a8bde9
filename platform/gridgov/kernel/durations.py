"""When is it due? One function answers, for light, list, bar, reminder, export and score alike.

**Half-open.** A clock runs over ``[start, at)``: done before ``at`` is in time, ``at`` is late.

**The first day is not counted** (Civil Code 201): day clocks begin at the midnight after the start
and are due at 24:00 of their last day, which is 00:00 of the next; ``Deadline.last_day`` is shown.

**One idea of time under a clock.** Each unit is a measure on the time line: minutes everywhere;
work hours only while the office is open on a working day; day clocks have one tick at 24:00 of each
day (of each working day). The deadline is the first moment at which the ticks or the time outside
all pauses have reached the amount. From this follow:

- a later start, a larger amount or a further pause never give an earlier deadline;
- a pause moves the deadline by exactly the working time inside it, and two pauses that do not
  overlap move it as much as both together (overlapping ones count once);
- for day clocks a day is lost to a pause if the clock stands still when that day ends: from Monday
  10:00 to Wednesday 15:00 costs Monday and Tuesday, from 10:00 to 15:00 of one day costs none;
- a pause that begins when all is over changes nothing;
- a clock in working units never ends on a day of rest.

**Rolling** (Civil Code 203) is a choice of the rule's text, for calendar days alone: if the last
day is a day of rest, the clock ends with the next working day that is not paused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from gridgov.kernel.clock import last_day
from gridgov.kernel.workdays import (
    DAY,
    HOUR,
    MINUTE,
    USUAL_OFFICE,
    OutOfCalendar,
    Season,
    WorkCalendar,
    moment_of,
)

__all__ = [
    "USUAL_OFFICE",
    "Deadline",
    "Duration",
    "OutOfCalendar",
    "Pause",
    "Season",
    "Unit",
    "WorkCalendar",
    "calendar_days",
    "deadline",
    "hours",
    "measure",
    "minutes",
    "work_hours",
    "working_days",
]

Pause: TypeAlias = tuple[datetime, datetime]
"""From the first moment to the second, half-open."""


class Unit(StrEnum):
    """What a rule counts in."""

    MINUTES = "minutes"
    WORK_HOURS = "work_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something may take: ``working_days(7)``."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"A duration is at least 1, not {self.amount}.")


def minutes(amount: int) -> Duration:
    """Minutes by the clock on the wall."""
    return Duration(amount, Unit.MINUTES)


def hours(amount: int) -> Duration:
    """Hours by the clock on the wall, nights and holidays included."""
    return Duration(amount * 60, Unit.MINUTES)


def work_hours(amount: int) -> Duration:
    """Hours in which the office is open."""
    return Duration(amount, Unit.WORK_HOURS)


def calendar_days(amount: int) -> Duration:
    """Days, holidays included."""
    return Duration(amount, Unit.CALENDAR_DAYS)


def working_days(amount: int) -> Duration:
    """Days on which offices work."""
    return Duration(amount, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True)
class Deadline:
    """``at`` is the first moment that is too late; ``last_day`` the day that people are told."""

    at: datetime
    last_day: date
    provisional: bool


class _Ruler(NamedTuple):
    """A unit's measure: how much has gone by at a position, and at which position so much has."""

    zone: tzinfo
    gone: Callable[[int], int]
    when: Callable[[int], int]
    size: int
    by_day: bool


def _ruler(unit: Unit, calendar: WorkCalendar) -> _Ruler:
    zone = calendar.zone
    match unit:
        case Unit.MINUTES:
            return _Ruler(UTC, _same, _same, MINUTE, by_day=False)
        case Unit.WORK_HOURS:
            opened, when_opened = calendar.office_time, calendar.when_open_for
            return _Ruler(zone, opened, when_opened, HOUR, by_day=False)
        case Unit.CALENDAR_DAYS:
            return _Ruler(zone, _days_begun, _midnight, 1, by_day=True)
        case Unit.WORKING_DAYS:
            ended, when_ended = calendar.working_days_ended, calendar.end_of_working_day
            return _Ruler(zone, ended, when_ended, 1, by_day=True)


def deadline(
    start: datetime,
    duration: Duration,
    calendar: WorkCalendar,
    *,
    pauses: Sequence[Pause] = (),
    roll: bool = False,
) -> Deadline:
    """When a clock that started at ``start`` is due. ``roll``: see the head of this module."""
    ruler = _ruler(duration.unit, calendar)
    origin = _origin(start, ruler, calendar)
    still = _merged(pauses, ruler.zone) if pauses else ()
    due = _reach(ruler, origin, duration.amount * ruler.size, still)
    looked = duration.unit in {Unit.WORK_HOURS, Unit.WORKING_DAYS}
    if roll and duration.unit is Unit.CALENDAR_DAYS:
        looked = True
        if not calendar.is_working(date.fromordinal(due // DAY - 1)):
            due = _reach(_ruler(Unit.WORKING_DAYS, calendar), due, 1, still)
    local = datetime.fromordinal(due // DAY) + timedelta(microseconds=due % DAY)
    at = local.replace(tzinfo=ruler.zone).astimezone(UTC)
    last = last_day(at, calendar.zone)
    return Deadline(at, last, looked and calendar.is_provisional(last))


def measure(
    start: datetime,
    end: datetime,
    calendar: WorkCalendar,
    *,
    unit: Unit,
    pauses: Sequence[Pause] = (),
) -> float:
    """How much of the unit a clock has used from ``start`` to ``end``: what ``deadline`` counts up.

    Day units come whole: the days after the first that have ended unpaused.
    """
    ruler = _ruler(unit, calendar)
    origin, until = _origin(start, ruler, calendar), _position(end, ruler.zone)
    if until <= origin:
        return 0.0
    lost = sum(
        ruler.gone(min(stop, until)) - ruler.gone(max(begin, origin))
        for begin, stop in _merged(pauses, ruler.zone)
        if begin < until and stop > origin
    )
    return (ruler.gone(until) - ruler.gone(origin) - lost) / ruler.size


def _reach(ruler: _Ruler, origin: int, amount: int, pauses: Sequence[tuple[int, int]]) -> int:
    target = ruler.gone(origin) + amount
    due = ruler.when(target)
    for begin, stop in pauses:
        if begin >= due:
            break
        if stop > origin:
            target += ruler.gone(stop) - ruler.gone(max(begin, origin))
            due = ruler.when(target)
    return due


def _origin(start: datetime, ruler: _Ruler, calendar: WorkCalendar) -> int:
    position = _position(start, ruler.zone)
    if ruler.size != MINUTE and position // DAY < calendar.first.toordinal():
        raise OutOfCalendar(f"The calendar begins with {calendar.first}.")
    return _midnight(position // DAY + 1) if ruler.by_day else position


def _merged(pauses: Sequence[Pause], zone: tzinfo) -> list[tuple[int, int]]:
    """In order and apart from each other; empty ones left out."""
    merged: list[tuple[int, int]] = []
    for begin, stop in sorted((_position(a, zone), _position(b, zone)) for a, b in pauses):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        elif begin < stop:
            merged.append((begin, stop))
    return merged


def _position(at: datetime, zone: tzinfo) -> int:
    """Microseconds on the zone's wall, the day's ordinal times a day being its midnight."""
    if at.tzinfo is None:
        raise ValueError("A moment without a time zone is no moment.")
    local = at.astimezone(zone)
    return local.toordinal() * DAY + moment_of(local.time())


def _same(position: int) -> int:
    return position


def _days_begun(position: int) -> int:
    return position // DAY


def _midnight(ordinal: int) -> int:
    return ordinal * DAY
