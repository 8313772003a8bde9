"""Quarters, halves, years, and all that was ever recorded."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from gridgov.assessment.types import Period, ReviewRow
from gridgov.kernel.sentences import N_, Sentence

_CODE: Final = re.compile(r"(20\d\d)(?:([QH])([1-4]))?")
_BEGINNING: Final = date(2000, 1, 1)
ALL: Final = "all"
_YEAR: Final = 12
_MONTHS: Final = {"Q": 3, "H": 6, "": 12}
_LETTER: Final = {3: "Q", 6: "H", 12: ""}


def period_of(code: str, today: date) -> Period | None:
    """The period that a code names: ``2026Q3``, ``2026H1``, ``2026`` or ``all``."""
    if code == ALL:
        return Period(ALL, N_("至今"), _BEGINNING, today + timedelta(days=1))
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    year, letter, number = int(found[1]), found[2] or "", int(found[3] or 1)
    months = _MONTHS[letter]
    if number * months > _YEAR:
        return None
    return _period(year, months, number)


def period_on(day: date, months: int) -> Period:
    """The period of so many months that a day lies in."""
    return _period(day.year, months, (day.month - 1) // months + 1)


def period_before(day: date, months: int) -> Period:
    """The last one that was over on a day."""
    return period_on(period_on(day, months).since - timedelta(days=1), months)


def periods_back(day: date, months: int, count: int) -> Iterator[Period]:
    """The period of the day and those before it."""
    period = period_on(day, months)
    for _ in range(count):
        yield period
        period = period_before(period.since, months)


def months_of(since: date, until: date) -> Iterator[Period]:
    """The months of a period, the first one first."""
    while since < until:
        following = (since + timedelta(days=31)).replace(day=1)
        yield Period(f"{since:%Y-%m}", f"{since:%Y-%m}", since, following)
        since = following


def period_of_review(review: ReviewRow) -> Period:
    """The days that a review looks back on."""
    return Period(review.period, review.period, review.since, review.until)


def bounds(period: Period, zone: tzinfo) -> tuple[datetime, datetime]:
    """Its first moment, and the first that is too late."""
    return (
        datetime.combine(period.since, time(), zone),
        datetime.combine(period.until, time(), zone),
    )


def _period(year: int, months: int, number: int) -> Period:
    letter = _LETTER[months]
    since = date(year, (number - 1) * months + 1, 1)
    last = number * months
    until = date(year + last // _YEAR, last % _YEAR + 1, 1)
    code = f"{year}{letter}{number}" if letter else str(year)
    return Period(code, _name(year, letter, number), since, until)


def _name(year: int, letter: str, number: int) -> str:
    if letter == "Q":
        return Sentence("{year}年第{n}季度", year=year, n=number)
    if letter == "H":
        return (
            Sentence("{year}年上半年", year=year)
            if number == 1
            else Sentence("{year}年下半年", year=year)
        )
    return Sentence("{year}年", year=year)
