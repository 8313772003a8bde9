"""A clock as a line: from its start to its due time, with pauses drawn. Pure geometry and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_WHOLE: Final = 100.0
_MARGIN: Final = 1.5
"""Per cent kept free at both ends, so that the marks are not cut."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause on the line, in per cent, with its reason in words."""

    x: float
    width: float
    words: str


@dataclass(frozen=True, slots=True)
class ClockLine:
    """What the macro ``clockbar`` draws."""

    light: str
    words: str
    start: datetime
    due: datetime
    due_x: float
    now_x: float
    pauses: tuple[Gap, ...]
    provisional: bool


def clock_line(
    *,
    start: datetime,
    due: datetime,
    now: datetime,
    light: str,
    words: str,
    ended: datetime | None = None,
    pauses: Sequence[tuple[datetime, datetime | None, str]] = (),
    provisional: bool = False,
) -> ClockLine:
    """The line of one clock. ``now`` stops at ``ended``; a pause without an end lasts until now.

    Past the due time the line grows beyond it, so how late a case is can be seen as a length.
    """
    last = ended or now
    end = max(due, last, start)

    def x(at: datetime) -> float:
        if end == start:
            return _WHOLE - _MARGIN
        part = min(max((at - start) / (end - start), 0.0), 1.0)
        return round(_MARGIN + part * (_WHOLE - 2 * _MARGIN), 2)

    gaps = tuple(
        Gap(x(begin), round(max(x(finish or last) - x(begin), 0.6), 2), why)
        for begin, finish, why in pauses
        if begin < end
    )
    return ClockLine(light, words, start, due, x(due), x(last), gaps, provisional)
