"""Where a case lies: its desk among the levels that have one, and what is near."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

from gridgov.contract.declarations import Level
from gridgov.kernel.errors import Conflict

_EARTH: Final = 6_371_000.0  # metres
_DEGREE: Final = 111_000.0  # metres of a degree of latitude; rather too few than too many


@dataclass(frozen=True, slots=True)
class Desk:
    """A node whose desk can have a case."""

    path: str
    level: str


def desks_among(line: Iterable[tuple[str, str]], levels: Mapping[str, Level]) -> list[Desk]:
    """The desks on a line of (path, level) from the root down."""
    return [Desk(path, level) for path, level in line if levels[level].desk]


def first_desk(desks: list[Desk]) -> Desk:
    """The desk nearest to the place: where a case begins."""
    if not desks:
        raise Conflict("这个地方没有可以受理的工作站。")
    return desks[-1]


def desk_above(desks: list[Desk], path: str) -> Desk:
    """The next desk up."""
    above = [desk for desk in desks if len(desk.path) < len(path)]
    if not above:
        raise Conflict("这里已经是最高一级。")
    return above[-1]


def desk_below(desks: list[Desk], path: str) -> Desk:
    """The desk that passed it up."""
    below = [desk for desk in desks if len(desk.path) > len(path)]
    return below[0] if below else Desk(path, next(d.level for d in desks if d.path == path))


def top_desk_level(levels: Mapping[str, Level]) -> str:
    """The highest level with a desk. Levels are declared from the root down."""
    return next((level.code for level in levels.values() if level.desk), "")


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The way as the crow flies between two points (east, north)."""
    (east_a, north_a), (east_b, north_b) = a, b
    high = sin(radians(north_b - north_a) / 2) ** 2
    wide = sin(radians(east_b - east_a) / 2) ** 2
    wide *= cos(radians(north_a)) * cos(radians(north_b))
    return 2 * _EARTH * asin(sqrt(high + wide))


def box_around(point: tuple[float, float], metres: float) -> tuple[float, float, float, float]:
    """West, south, east, north of a box that holds the circle."""
    east, north = point
    high = metres / _DEGREE
    wide = high / max(cos(radians(north)), 0.01)
    return east - wide, north - high, east + wide, north + high
