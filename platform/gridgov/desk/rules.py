"""The overview's figures as a page shows them: what each means, and how long its bar is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from gridgov.contract.declarations import Level
from gridgov.desk.types import AreaRow, Bar, Piece, Share

LIGHTS: Final = "现在未结案件按最急的一个时限所亮的灯计数；暂停计时的单列。一件只算一次。"
ON_TIME: Final = (
    "按期率 = 按期结案数 ÷（结案数 + 超期未结数）。结案数取统计期内结案的；"
    "按期指办结在对群众承诺的时限之内；超期未结数取现在承诺时限已过、还没有结案的，"
    "暂停计时的不算超期。不予立案、并入别的事件的不计；要求重办的按重办后的时限算。"
)
SOLVED: Final = (
    "统计期内结案的事件里，在本级及以下办结的占多少。办结级别是最后办结时事件所在的那一级："
    "当场办结的记在网格，部门办结的记在派遣它的那一级。"
)
RATING: Final = (
    "统计期内收到的评价，每项 1 到 5 分；先算每一项的平均，再算各项的平均。"
    "并案后每位反映人各评各的。没有评价的不算满意也不算不满意，单独列出。"
)
RETURNS: Final = (
    "统计期内部门退回的次数（退单）。同一件退两次算两次；退单不会让时限重新开始。"
    "要求重办是统计期内结案以后又重新受理的次数。"
)
CATEGORIES: Final = "统计期内新上报的件数，按大类合计，含后来不予立案和并案的。"
TREND: Final = "每天新上报和结案的件数，按本地日期；今天的还在增加。"

WIDTH: Final = 100.0
_TOP: Final = 10


class Lit(Protocol):
    """A place with open cases by light."""

    @property
    def path(self) -> str: ...
    @property
    def lights(self) -> Mapping[Any, int]: ...
    @property
    def open(self) -> int: ...
    @property
    def on_time(self) -> "Judged": ...


class Judged(Protocol):
    """What an on-time rate is made of."""

    @property
    def judged(self) -> int: ...
    @property
    def closed_on_time(self) -> int: ...


def area_depth(levels: Sequence[Level], top: int) -> int:
    """How deep the areas of an overview lie whose own place lies at depth ``top``.

    The next level with a desk of its own, for a desk can be asked; else the next level.
    """
    below = [depth for depth, level in enumerate(levels, start=1) if depth > top and level.desk]
    return below[0] if below else min(top + 1, len(levels))


def area_rows(areas: Iterable[Lit], names: Mapping[str, str]) -> list[AreaRow]:
    """The worst first. All bars are drawn to one scale, so that they can be compared."""
    known = sorted(
        (area for area in areas if area.open or area.on_time.judged),
        key=lambda a: (-a.lights["red"], -a.lights["yellow"], -a.open, a.path),
    )
    most = max((area.open for area in known), default=0)
    return [
        AreaRow(
            path=area.path,
            name=names.get(area.path, area.path),
            lights=dict(area.lights),
            open=area.open,
            judged=area.on_time.judged,
            on_time=area.on_time.closed_on_time,
            pieces=pieces(area.lights, most),
        )
        for area in known
    ]


def pieces(lights: Mapping[Any, int], most: int) -> tuple[Piece, ...]:
    """The stretches of a bar, side by side."""
    found: list[Piece] = []
    at = 0.0
    for light, count in lights.items():
        width = WIDTH * count / most if most else 0.0
        if count:
            found.append(Piece(str(light), round(at, 2), round(width, 2)))
        at += width
    return tuple(found)


def shares(levels: Sequence[Level], solved: Mapping[str, int]) -> list[Share]:
    """From the base upwards: how many were solved at each level, and at it or below.

    Levels where nothing can be handled are left out, unless something was.
    """
    whole = sum(solved.values())
    so_far = 0
    found: list[Share] = []
    for level in reversed(levels):
        count = solved.get(level.code, 0)
        so_far += count
        if count or level.desk or level.base:
            found.append(Share(level.name, level.motto, count, so_far, whole))
    return found


def bars(counted: Sequence[tuple[str, int]], names: Mapping[str, str], rest: str) -> list[Bar]:
    """The largest ten, and what is left in one."""
    shown = [Bar(code, names.get(code, code), count) for code, count in counted[:_TOP]]
    left = sum(count for _, count in counted[_TOP:])
    return [*shown, Bar("", rest, left)] if left else shown
