"""Opening hours, which turns of duty there must be, and what may be done with a number. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Final

from gridgov.contract.stations import Days, Seat, Shift
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.stations.types import NumberState

ALL_DAY: Final = "全天"
WEEK: Final = 7
_SPAN: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")
_MIDNIGHT: Final = 24

Spans = tuple[tuple[time, time | None], ...]
"""From when until when; None is midnight."""


def hours_of(text: str) -> Spans:
    """``08:30-12:00 14:30-17:30``, ``全天``, or nothing: closed. ValueError for what is neither."""
    if text == ALL_DAY:
        return ((time(0), None),)
    spans = [_span(part) for part in text.split()]
    for (_, ends), (begins, _) in pairwise(spans):
        if ends is None or begins < ends:
            raise ValueError(text)
    return tuple(spans)


def _span(part: str) -> tuple[time, time | None]:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise ValueError(part)
    a, b, c, d = (int(number) for number in found.groups())
    begins, ends = time(a, b), None if c == _MIDNIGHT and not d else time(c, d)
    if ends is not None and ends <= begins:
        raise ValueError(part)
    return begins, ends


def check_hours(field: str, text: str) -> str:
    """The hours as they are kept; Invalid beside the field."""
    said = " ".join(text.replace("，", " ").replace(",", " ").replace("—", "-").split())
    try:
        hours_of(said)
    except ValueError as error:
        raise Invalid(
            fields={field: "时间要写成 08:30-12:00 14:30-17:30 这样，依次排列；也可以写“全天”。"}
        ) from error
    return said


def open_until(spans: Spans, at: time) -> time | None:
    """Until when it is open now; None if it is closed. A whole day ends at its last minute."""
    for begins, ends in spans:
        if begins <= at and (ends is None or at < ends):
            return ends or time(23, 59)
    return None


def week_of(day: date) -> tuple[date, ...]:
    """The seven days from Monday on."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=n) for n in range(WEEK))


def shifts_on(seat: Seat, shifts: Sequence[Shift], *, working: bool) -> Iterator[Shift]:
    """The shifts that the seat keeps on a day."""
    wanted = {Days.EVERY, Days.WORKING if working else Days.REST}
    return (shift for shift in shifts if shift.code in seat.shifts and shift.days in wanted)


def shift_now(shifts: Collection[Shift], at: time) -> tuple[list[Shift], list[Shift]]:
    """Those that run now and began today, and those that began yesterday and run until now."""
    today: list[Shift] = []
    yesterday: list[Shift] = []
    for shift in shifts:
        begins, ends = time.fromisoformat(shift.begins), time.fromisoformat(shift.ends)
        overnight = ends <= begins
        if begins <= at and (overnight or at < ends):
            today.append(shift)
        if overnight and at < ends:
            yesterday.append(shift)
    return today, yesterday


_BEFORE: Final = {
    NumberState.CALLED: {NumberState.WAITING, NumberState.CALLED, NumberState.MISSED},
    NumberState.DONE: {NumberState.CALLED},
    NumberState.MISSED: {NumberState.CALLED},
}


def check_number(before: NumberState, after: NumberState) -> None:
    """A number is called, called again, and then done or missed; one that was missed may return."""
    if before not in _BEFORE[after]:
        raise Conflict("这个号已经处理过了，请刷新后再看。")
