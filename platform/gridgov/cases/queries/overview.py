"""The figures of the overview, each with its definition. Six statements, whatever the place.

Open cases are counted over an index of what is open, all else over a window of days that an index
begins with; the scope is that of ``case.overview``, so nothing but indexes is read for a place.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import mean
from typing import Final

from gridgov.cases.queries.overseeing import (
    Looked,
    closed_in,
    closing_days,
    open_in,
    opening_days,
    rated_in,
    steps_in,
)
from gridgov.cases.queries.seeing import sight_of
from gridgov.cases.types import LIGHTS, CaseRight, Light
from gridgov.context import Context
from gridgov.grid.rules.codes import at_depth

_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class OnTime:
    """What the on-time rate is made of. ``rate`` is None where there is nothing to judge.

    ``unanswered`` are the closed cases of which no reporter has said how it was.
    """

    closed: int = 0
    closed_on_time: int = 0
    overdue_open: int = 0
    unanswered: int = 0

    @property
    def judged(self) -> int:
        """The whole that the rate is a part of."""
        return self.closed + self.overdue_open

    @property
    def rate(self) -> float | None:
        """Closed on time, over closed and overdue open ones."""
        return self.closed_on_time / self.judged if self.judged else None

    def add(self, other: "OnTime") -> None:
        """Count another place in."""
        self.closed += other.closed
        self.closed_on_time += other.closed_on_time
        self.overdue_open += other.overdue_open
        self.unanswered += other.unanswered


@dataclass(slots=True)
class Area:
    """One unit below the one that is looked at: open cases by light, and its on-time figures."""

    path: str
    lights: dict[Light, int] = field(default_factory=lambda: dict.fromkeys(LIGHTS, 0))
    on_time: OnTime = field(default_factory=OnTime)

    @property
    def open(self) -> int:
        """All open cases."""
        return sum(self.lights.values())


@dataclass(frozen=True, slots=True)
class Ratings:
    """What reporters said of what was done, and how many closed cases still wait for a word.

    ``means`` has what was answered of the county's questions, by code. A closed case waits while
    it is the reporter's turn: the first rating ends that.
    """

    count: int
    means: Mapping[str, float]
    unanswered: int

    @property
    def average(self) -> float | None:
        """The mean of the questions' means: each weighs the same."""
        return mean(self.means.values()) if self.means else None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the overview of a place and a time."""

    since: datetime
    lights: Mapping[Light, int]
    on_time: OnTime
    areas: tuple[Area, ...]
    levels: Mapping[str, int]
    categories: tuple[tuple[str, int], ...]
    trend: tuple[tuple[date, int, int], ...]
    ratings: Ratings
    steps: Mapping[str, int]

    @property
    def open(self) -> int:
        """All open cases."""
        return sum(self.lights.values())

    @property
    def reported(self) -> int:
        """All that came in."""
        return sum(count for _, count in self.categories)


async def overview(
    ctx: Context,
    *,
    days: int,
    path: str = "",
    then: bool = False,
    depth: int,
    actions: tuple[str, ...] = (),
) -> Overview:
    """The figures of what the actor oversees under ``path``, over the last ``days`` local days.

    ``depth`` is how deep in the tree the areas lie that lights and on-time are told for; ``then``
    takes the boundaries of the day that each case was opened. ``actions`` are the codes of steps
    to be counted (returns, reopenings).
    """
    first = ctx.today - timedelta(days=days - 1)
    since = ctx.tenant.midnight(first)
    looked = Looked(sight_of(ctx.actor, CaseRight.OVERVIEW), path, then)
    areas = await _open_by_area(ctx, looked, depth)
    for where, counted in (await _closed_by_area(ctx, looked, since, depth)).items():
        areas[where].on_time.add(counted)
    total = OnTime()
    for area in areas.values():
        total.add(area.on_time)
    closed, levels = await _closed_by_day(ctx, looked, since)
    opened, categories = await _opened_by_day(ctx, looked, since)
    return Overview(
        since=since,
        lights={light: sum(area.lights[light] for area in areas.values()) for light in LIGHTS},
        on_time=total,
        areas=tuple(area for _, area in sorted(areas.items())),
        levels=levels,
        categories=categories,
        trend=tuple((first + n * _DAY, opened[n * _DAY], closed[n * _DAY]) for n in range(days)),
        ratings=await _ratings(ctx, looked, since, total.unanswered),
        steps=await _steps(ctx, looked, since, actions) if actions else {},
    )


class _Areas(defaultdict[str, Area]):
    def __missing__(self, path: str) -> Area:
        self[path] = area = Area(path)
        return area


async def _open_by_area(ctx: Context, looked: Looked, depth: int) -> _Areas:
    areas = _Areas()
    for path, late, *lights in await open_in(looked).rows(ctx.session, now=ctx.now):
        area = areas[at_depth(path, depth)]
        area.on_time.overdue_open += late
        for light, count in zip(LIGHTS, lights, strict=True):
            area.lights[light] += count
    return areas


async def _closed_by_area(
    ctx: Context, looked: Looked, since: datetime, depth: int
) -> dict[str, OnTime]:
    areas: defaultdict[str, OnTime] = defaultdict(OnTime)
    found = await closed_in(looked).rows(ctx.session, since=since)
    for path, closed, good, silent in found:
        areas[at_depth(path, depth)].add(OnTime(closed, good, unanswered=silent))
    return areas


async def _closed_by_day(
    ctx: Context, looked: Looked, since: datetime
) -> tuple[Counter[timedelta], dict[str, int]]:
    days: Counter[timedelta] = Counter()
    levels: dict[str, int] = dict.fromkeys(ctx.policy.levels, 0)
    for begun, level, count in await closing_days(looked).rows(ctx.session, since=since):
        if begun is None:
            levels[level] = count
        else:
            days[begun - since] = count
    return days, levels


async def _opened_by_day(
    ctx: Context, looked: Looked, since: datetime
) -> tuple[Counter[timedelta], tuple[tuple[str, int], ...]]:
    """By day, and by the group of the category, the largest first."""
    days: Counter[timedelta] = Counter()
    groups: Counter[str] = Counter()
    for begun, code, count in await opening_days(looked).rows(ctx.session, since=since):
        if begun is None:
            declared = ctx.policy.categories_ever.get(code)
            groups[(declared.parent if declared else "") or code] += count
        else:
            days[begun - since] = count
    return days, tuple(sorted(groups.items(), key=lambda pair: (-pair[1], pair[0])))


async def _ratings(ctx: Context, looked: Looked, since: datetime, unanswered: int) -> Ratings:
    """Given in the window."""
    codes = tuple(ctx.policy.ratings)
    (row,) = await rated_in(looked, codes).rows(ctx.session, since=since)
    given_to = {code: float(of) for code, of in zip(codes, row[1:], strict=True) if of is not None}
    return Ratings(row[0], given_to, unanswered)


async def _steps(
    ctx: Context, looked: Looked, since: datetime, actions: tuple[str, ...]
) -> dict[str, int]:
    return dict(await steps_in(looked, actions).rows(ctx.session, since=since))
