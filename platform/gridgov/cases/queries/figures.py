"""The figures of the overview, each with its definition beside it. Five statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from gridgov.cases.models import Case
from gridgov.cases.queries.lights import has_light
from gridgov.cases.queries.seeing import seen
from gridgov.cases.types import Light
from gridgov.context import Context
from gridgov.grid.rules.codes import at_depth, depth_of
from gridgov.kernel.db import within

ON_TIME: Final = (
    "按期率 = 按期结案数 ÷（结案数 + 超期未结数）。结案数取统计期内结案的；"
    "按期指办结（或规则允许的到期答复）在办结时限之内；"
    "超期未结数取现在还没有办结、办结时限已过且没有挂起的。不予立案和并案的不计。"
)
LEVELS: Final = (
    "各级化解占比 = 在该级办结的结案数 ÷ 结案数。办结级别是最后办结时案件所在的级别："
    "当场办结的记为基层网格，部门办结的记为派遣它的那一级。"
)
LIGHTS: Final = "灯数是现在未结案件按最急的一个时限所亮的灯计数；挂起的单列。"
CATEGORIES: Final = "类别数是统计期内新上报的件数，按大类合计，含不予立案和并案的。"
TREND: Final = "走势是每天新上报和结案的件数，按本地日期。"
_SHOWN: Final = (Light.RED, Light.YELLOW, Light.GREEN, Light.PAUSED)


@dataclass(slots=True)
class OnTime:
    """What the on-time rate is made of. ``rate`` is None where there is nothing to judge."""

    closed: int = 0
    closed_on_time: int = 0
    overdue_open: int = 0

    @property
    def rate(self) -> float | None:
        """Closed on time, over closed and overdue open ones."""
        judged = self.closed + self.overdue_open
        return self.closed_on_time / judged if judged else None

    def add(self, other: "OnTime") -> None:
        """Count another place in."""
        self.closed += other.closed
        self.closed_on_time += other.closed_on_time
        self.overdue_open += other.overdue_open


@dataclass(frozen=True, slots=True)
class Area:
    """One unit below the one looked at: its open cases by light, and its on-time figures."""

    path: str
    lights: Mapping[Light, int]
    on_time: OnTime


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the overview of a place and a time."""

    since: datetime
    until: datetime
    lights: Mapping[Light, int]
    on_time: OnTime
    areas: tuple[Area, ...]
    levels: Mapping[str, int]
    categories: tuple[tuple[str, int], ...]
    trend: tuple[tuple[date, int, int], ...] = field(default=())

    @property
    def open(self) -> int:
        """All open cases."""
        return sum(self.lights.values())


async def overview(
    ctx: Context, *, since: datetime, until: datetime | None = None, path: str = "", depth: int = 3
) -> Overview:
    """The figures of what the actor sees under ``path``.

    ``depth`` is how deep in the tree the areas lie that lights and on-time are told for (towns: 3);
    under a deeper path it is its own units.
    """
    end = until or ctx.now
    mine = and_(seen(ctx.actor), within(Case.node_path, path))
    closed_then = and_(Case.ends == "closed", Case.closed_at >= since, Case.closed_at < end)
    depth = max(depth, depth_of(path) + 1 if path else depth)
    places = await _open_by_place(ctx, mine)
    for node_path, counted in (await _closed_by_place(ctx, and_(mine, closed_then))).items():
        places[node_path].on_time.add(counted)
    areas = _areas(places, depth)
    total = OnTime()
    for area in areas:
        total.add(area.on_time)
    opened_then = and_(mine, Case.opened_at >= since, Case.opened_at < end)
    days_closed, levels = await _closed_by_day(ctx, and_(mine, closed_then))
    return Overview(
        since=since,
        until=end,
        lights={light: sum(area.lights[light] for area in areas) for light in _SHOWN},
        on_time=total,
        areas=areas,
        levels=levels,
        categories=await _categories(ctx, opened_then),
        trend=_trend(await _opened_by_day(ctx, opened_then), days_closed),
    )


@dataclass(slots=True)
class _Place:
    lights: dict[Light, int] = field(default_factory=lambda: dict.fromkeys(_SHOWN, 0))
    on_time: OnTime = field(default_factory=OnTime)


async def _open_by_place(ctx: Context, mine: ColumnElement[bool]) -> defaultdict[str, _Place]:
    found = await ctx.session.execute(
        select(
            Case.node_path,
            *(func.count().filter(has_light(light, ctx.now)) for light in _SHOWN),
            func.count().filter(overdue(ctx.now)),
        )
        .where(mine, Case.ends == "")
        .group_by(Case.node_path)
    )
    places: defaultdict[str, _Place] = defaultdict(_Place)
    for row in found:
        place = places[row[0]]
        place.lights = dict(zip(_SHOWN, row[1:5], strict=True))
        place.on_time.overdue_open = row[5]
    return places


def overdue(now: datetime) -> ColumnElement[bool]:
    """Open, and the promise is already broken: for the on-time rate."""
    return and_(
        Case.ends == "",
        or_(
            Case.late.is_(True),
            and_(Case.late.is_(None), Case.paused_at.is_(None), Case.promise_at <= now),
        ),
    )


async def _closed_by_place(ctx: Context, which: ColumnElement[bool]) -> dict[str, OnTime]:
    found = await ctx.session.execute(
        select(Case.node_path, func.count(), func.count().filter(Case.late.is_not(True)))
        .where(which)
        .group_by(Case.node_path)
    )
    return {row[0]: OnTime(closed=row[1], closed_on_time=row[2]) for row in found}


async def _closed_by_day(
    ctx: Context, which: ColumnElement[bool]
) -> tuple[dict[date, int], dict[str, int]]:
    day = _day(ctx, Case.closed_at)
    found = await ctx.session.execute(
        select(day, Case.solved_level, func.count()).where(which).group_by(day, Case.solved_level)
    )
    days: defaultdict[date, int] = defaultdict(int)
    levels: dict[str, int] = dict.fromkeys(ctx.policy.levels, 0)
    for at, level, count in found:
        days[at] += count
        levels[level] = levels.get(level, 0) + count
    return days, {level: count for level, count in levels.items() if count}


async def _opened_by_day(ctx: Context, which: ColumnElement[bool]) -> dict[date, int]:
    day = _day(ctx, Case.opened_at)
    found = await ctx.session.execute(select(day, func.count()).where(which).group_by(day))
    return {row[0]: row[1] for row in found}


async def _categories(ctx: Context, which: ColumnElement[bool]) -> tuple[tuple[str, int], ...]:
    """The groups of categories with their counts, the largest first."""
    found = await ctx.session.execute(
        select(Case.category, func.count()).where(which).group_by(Case.category)
    )
    groups: defaultdict[str, int] = defaultdict(int)
    for code, count in found:
        declared = ctx.policy.categories.get(code)
        groups[(declared.parent if declared else "") or code] += count
    return tuple(sorted(groups.items(), key=lambda pair: (-pair[1], pair[0])))


def _day(ctx: Context, column: Any) -> ColumnElement[date]:
    zone = literal(ctx.tenant.zone, literal_execute=True)  # the same text in SELECT and GROUP BY
    return func.date(func.timezone(zone, column))


def _areas(places: Mapping[str, _Place], depth: int) -> tuple[Area, ...]:
    areas: defaultdict[str, _Place] = defaultdict(_Place)
    for path, place in places.items():
        area = areas[at_depth(path, min(depth, depth_of(path)))]
        area.on_time.add(place.on_time)
        for light, count in place.lights.items():
            area.lights[light] += count
    return tuple(Area(path, a.lights, a.on_time) for path, a in sorted(areas.items()))


def _trend(
    opened: Mapping[date, int], closed: Mapping[date, int]
) -> tuple[tuple[date, int, int], ...]:
    days: Iterable[date] = sorted({*opened, *closed})
    return tuple((day, opened.get(day, 0), closed.get(day, 0)) for day in days)
