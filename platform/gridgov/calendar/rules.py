"""What the calendar is made of: office hours from a setting, version numbers, a year on a page."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Final

from gridgov.calendar.types import DayKind
from gridgov.kernel.durations import Season, WorkCalendar
from gridgov.kernel.errors import Invalid

OFFICE_SETTING: Final = "office_hours"
USUAL_HOURS: Final = "08:30-12:00 14:30-17:30"
"""Assumed until the county says otherwise."""

_LOCAL_REVISIONS: Final = 10_000
_SEASON = re.compile(r"(?:(\d{1,2})-(\d{1,2})\s+)?((?:\d{1,2}:\d\d-\d{1,2}:\d\d\s*)+)")
_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")


def joint_version(national: int, local: int) -> int:
    """One number for a tenant's calendar: the national version and the revision of its closures."""
    return national * _LOCAL_REVISIONS + local


def split_version(version: int) -> tuple[int, int]:
    """The national and the local part of a joint version."""
    return divmod(version, _LOCAL_REVISIONS)


@lru_cache(maxsize=64)
def parse_office(text: str) -> tuple[Season, ...]:
    """Office hours as a setting writes them.

    ``08:30-12:00 14:30-17:30``, or with seasons that begin on a day of the year:
    ``5-1 08:30-12:00 15:00-18:00; 10-1 08:30-12:00 14:30-17:30``.
    """
    seasons: list[Season] = []
    for part in re.split("[;；]", text.strip()):
        found = _SEASON.fullmatch(part.strip())
        if found is None:
            raise Invalid(
                "办公时间“{part}”看不懂，应写成 {usual} 这样。", part=part, usual=USUAL_HOURS
            )
        month, day, spans = found.groups()
        try:
            seasons.append(Season((int(month or 1), int(day or 1)), _spans(spans)))
        except ValueError as fault:
            raise Invalid(
                "办公时间“{part}”不成立：时段要依次排列、互不重叠。", part=part
            ) from fault
    if len({season.starts for season in seasons}) < len(seasons):
        raise Invalid("办公时间里有两季从同一天开始。")
    return tuple(sorted(seasons, key=lambda season: season.starts))


def _spans(text: str) -> tuple[tuple[time, time], ...]:
    edges = [[int(number) for number in found.groups()] for found in _SPAN.finditer(text)]
    return tuple((time(a, b), time(c, d)) for a, b, c, d in edges)


@dataclass(frozen=True, slots=True)
class PageDay:
    """A day as the page of a year shows it. ``look``: work, rest, holiday, makeup or closed."""

    day: date
    look: str
    name: str
    provisional: bool
    today: bool


@dataclass(frozen=True, slots=True)
class PageMonth:
    """A month in weeks from Monday; None where the week belongs to another month."""

    month: int
    working: int
    weeks: tuple[tuple[PageDay | None, ...], ...]


def year_on_a_page(
    calendar: WorkCalendar, year: int, *, names: Mapping[date, tuple[DayKind, str]], today: date
) -> tuple[PageMonth, ...]:
    """Twelve months. ``names`` are the days of the notices."""
    months: list[PageMonth] = []
    for month in range(1, 13):
        days = [_page_day(calendar, day, names=names, today=today) for day in _days_of(year, month)]
        cells: list[PageDay | None] = [None] * days[0].day.weekday() + list(days)
        cells += [None] * (-len(cells) % 7)
        weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
        months.append(PageMonth(month, sum(calendar.is_working(d.day) for d in days), weeks))
    return tuple(months)


def _days_of(year: int, month: int) -> Iterable[date]:
    day = date(year, month, 1)
    while day.month == month:
        yield day
        day += timedelta(days=1)


def _page_day(
    calendar: WorkCalendar,
    day: date,
    *,
    names: Mapping[date, tuple[DayKind, str]],
    today: date,
) -> PageDay:
    kind, name = names.get(day, (None, ""))
    if day in calendar.closures:
        look = "closed"
    elif kind is DayKind.MAKEUP:
        look = "makeup"
    elif kind is not None:
        look = "holiday"
    else:
        look = "work" if calendar.is_working(day) else "rest"
    return PageDay(day, look, name, calendar.is_provisional(day), day == today)
