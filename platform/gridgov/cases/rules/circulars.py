"""What a supervision circular counts: matters, those struck off, and those that are late."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from gridgov.cases.types import Light


class Supervised(Protocol):
    """A matter under supervision, or struck off, with the light that it had when it was told."""

    @property
    def town(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def light(self) -> Light: ...
    @property
    def struck_off_at(self) -> datetime | None: ...


def late(matter: Supervised) -> bool:
    """What was struck off is late no more, however late it was done."""
    return matter.light is Light.RED and matter.struck_off_at is None


def totals(matters: Sequence[Supervised]) -> tuple[int, int, int]:
    """How many there are, how many of them were struck off, and how many are late."""
    struck = sum(one.struck_off_at is not None for one in matters)
    return len(matters), struck, sum(map(late, matters))


def counted(
    matters: Sequence[Supervised], by: Literal["town", "unit"]
) -> list[tuple[str, int, int, int]]:
    """The same for each town or unit, in the order of their names."""
    of: dict[str, list[Supervised]] = {}
    for one in matters:
        of.setdefault(getattr(one, by), []).append(one)
    return [(name, *totals(of[name])) for name in sorted(of)]
