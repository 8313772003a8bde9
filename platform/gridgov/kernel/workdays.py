"""Which days work, and when the office is open: a plain value with its sums made beforehand.

Positions are microseconds on the wall of the calendar's zone: a day's ordinal times ``DAY`` is its
midnight. Offices keep wall time, so a change of summer time would not disturb them.
"""

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, time, tzinfo
from itertools import pairwise
from typing import TypeAlias

from gridgov.kernel.clock import CHINA

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_SATURDAY = 5

Spans: TypeAlias = tuple[tuple[time, time], ...]
"""When the office is open on a day: half-open, in order, apart from each other."""


class OutOfCalendar(ValueError):
    """The clock would run outside the years that the calendar covers."""


@dataclass(frozen=True, slots=True)
class Season:
    """The office hours from one day of the year (month, day) until the next season begins.

    Seasons ``since`` a day replace all those before on it.
    """

    starts: tuple[int, int]
    spans: Spans
    since: date = date.min

    def __post_init__(self) -> None:
        date(2000, *self.starts)  # raises for a day that no year has
        edges = [edge for span in self.spans for edge in span]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("Office hours are spans in order and apart, at least one.")


USUAL_OFFICE = (Season((1, 1), ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))),)
"""An assumption until a county says its own."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days work and when offices are open, as one version knows it. A plain value.

    Days of rest are weekends and ``holidays``, except ``makeups``; ``closures`` are local days of
    rest and win. Days from ``provisional_from`` on rest on no official notice yet.
    """

    version: int
    first: date
    last: date
    holidays: frozenset[date] = frozenset()
    makeups: frozenset[date] = frozenset()
    closures: frozenset[date] = frozenset()
    provisional_from: date = date.max
    office: tuple[Season, ...] = USUAL_OFFICE
    zone: tzinfo = CHINA

    _working: "array[int]" = field(init=False, repr=False, compare=False)
    """Ordinals of the working days, in order."""
    _opened: "array[int]" = field(init=False, repr=False, compare=False)
    """Microseconds of office time before the n-th covered day."""

    def __post_init__(self) -> None:
        working, opened, total = array("l"), array("q"), 0
        lengths = {season: _length(season.spans) for season in self.office}
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            opened.append(total)
            if self.is_working(day := date.fromordinal(ordinal)):
                working.append(ordinal)
                total += lengths[self._season(day)]
        opened.append(total)
        object.__setattr__(self, "_working", working)
        object.__setattr__(self, "_opened", opened)

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.closures:
            return False
        return day in self.makeups or (day.weekday() < _SATURDAY and day not in self.holidays)

    def is_provisional(self, day: date) -> bool:
        """Whether that day may still change when the official notice comes."""
        return day >= self.provisional_from

    def office_hours(self, day: date) -> Spans:
        """When the office is open on that day; nothing on a day of rest."""
        return self._season(day).spans if self.is_working(day) else ()

    def _season(self, day: date) -> Season:
        since = max(season.since for season in self.office if season.since <= day)
        held = [season for season in self.office if season.since == since]
        begun = [season for season in held if season.starts <= (day.month, day.day)]
        return max(begun or held, key=lambda season: season.starts)

    def working_days_ended(self, position: int) -> int:
        """How many covered working days have ended by then."""
        return bisect_left(self._working, position // DAY)

    def end_of_working_day(self, count: int) -> int:
        """When the ``count``-th covered working day ends."""
        if count > len(self._working):
            raise OutOfCalendar(f"The calendar ends with {self.last}.")
        return (self._working[count - 1] + 1) * DAY

    def office_time(self, position: int) -> int:
        """How long the office has been open by then, in microseconds."""
        ordinal, moment = divmod(position, DAY)
        index = ordinal - self.first.toordinal()
        if index >= len(self._opened) - 1:
            return self._opened[-1]
        today = sum(
            min(moment, moment_of(closes)) - moment_of(opens)
            for opens, closes in self.office_hours(date.fromordinal(ordinal))
            if moment > moment_of(opens)
        )
        return self._opened[index] + today

    def when_open_for(self, total: int) -> int:
        """The first moment at which the office has been open for so long."""
        if total > self._opened[-1]:
            raise OutOfCalendar(f"The calendar ends with {self.last}.")
        index = bisect_left(self._opened, total) - 1
        ordinal, left = self.first.toordinal() + index, total - self._opened[index]
        moment = 0
        for opens, closes in self.office_hours(date.fromordinal(ordinal)):
            moment = moment_of(opens) + left
            left -= moment_of(closes) - moment_of(opens)
            if left <= 0:
                break
        return ordinal * DAY + moment


def moment_of(at: time) -> int:
    """Microseconds since midnight."""
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def _length(spans: Spans) -> int:
    return sum(moment_of(closes) - moment_of(opens) for opens, closes in spans)
