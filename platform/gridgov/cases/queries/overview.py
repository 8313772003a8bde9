"""The figures of the overview, each with its definition. Six statements, whatever the place.

Open cases are counted over an index of what is open, all else over a window of days that an index
begins with; the scope is that of ``case.overview``, so nothing but indexes is read for a place.
Each statement is kept for what is looked at; only the time and the days travel.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from statistics import mean
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, and_, bindparam, func, or_, select, true, tuple_

from gridgov.cases.models import Case, CaseReporter, CaseStep
from gridgov.cases.queries.lights import Moment, has_light
from gridgov.cases.queries.seeing import SIGHTS, Sight, in_sight, lies_in, sight_of
from gridgov.cases.types import REPORTER, CaseRight, Light
from gridgov.context import Context
from gridgov.grid.rules.codes import at_depth, depth_of
from gridgov.kernel.ready import Ready, one_of

SHOWN: Final = (Light.RED, Light.YELLOW, Light.GREEN, Light.PAUSED)
CLOSED: Final = "closed"
_DAY: Final = timedelta(days=1)
_ROOT: Final = 1
"""How many segments the path of the whole county has."""

_NOW: Final = bindparam("now", type_=DateTime(timezone=True))
_SINCE: Final = bindparam("since", type_=DateTime(timezone=True))


class _Looked(NamedTuple):
    """What is looked at: as far as somebody sees, below a path, by which boundaries."""

    sight: Sight
    path: str
    then: bool

    def cases(self) -> ColumnElement[bool]:
        """The condition on ``Case``."""
        mine = in_sight(self.sight)
        below = depth_of(self.path) > _ROOT
        return and_(mine, lies_in(self.path, then=self.then)) if below else mine

    def closed(self) -> ColumnElement[bool]:
        """Those of them that were closed in the window."""
        return and_(self.cases(), Case.ends == CLOSED, Case.closed_at >= _SINCE)

    @property
    def place(self) -> Any:
        """Where a case is counted."""
        return Case.opened_path if self.then else Case.node_path


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
    lights: dict[Light, int] = field(default_factory=lambda: dict.fromkeys(SHOWN, 0))
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
    since = datetime.combine(first, datetime.min.time(), ZoneInfo(ctx.tenant.zone))
    looked = _Looked(sight_of(ctx.actor, CaseRight.OVERVIEW), path, then)
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
        lights={light: sum(area.lights[light] for area in areas.values()) for light in SHOWN},
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


@lru_cache(SIGHTS)
def _open_in(looked: _Looked) -> Ready:
    return Ready(
        select(
            looked.place,
            func.count().filter(overdue(_NOW)),
            *(func.count().filter(has_light(light, _NOW)) for light in SHOWN),
        )
        .where(looked.cases(), Case.ends == "")
        .group_by(looked.place)
    )


async def _open_by_area(ctx: Context, looked: _Looked, depth: int) -> _Areas:
    areas = _Areas()
    for path, late, *lights in await _open_in(looked).rows(ctx.session, now=ctx.now):
        area = areas[at_depth(path, depth)]
        area.on_time.overdue_open += late
        for light, count in zip(SHOWN, lights, strict=True):
            area.lights[light] += count
    return areas


def overdue(now: Moment) -> ColumnElement[bool]:
    """Open, and the promise is already broken: for the on-time rate.

    A promise that was kept before the case is closed (handled in time, being checked) is no fault.
    """
    running = and_(Case.late.is_(None), Case.paused_at.is_(None), Case.promise_at <= now)
    return and_(Case.ends == "", or_(Case.late.is_(True), running))


@lru_cache(SIGHTS)
def _closed_in(looked: _Looked) -> Ready:
    on_time = func.count().filter(Case.late.is_not(True))
    unanswered = func.count().filter(Case.turn == REPORTER)
    found = select(looked.place, func.count(), on_time, unanswered).where(looked.closed())
    return Ready(found.group_by(looked.place))


async def _closed_by_area(
    ctx: Context, looked: _Looked, since: datetime, depth: int
) -> dict[str, OnTime]:
    areas: defaultdict[str, OnTime] = defaultdict(OnTime)
    found = await _closed_in(looked).rows(ctx.session, since=since)
    for path, closed, good, silent in found:
        areas[at_depth(path, depth)].add(OnTime(closed, good, unanswered=silent))
    return areas


def _day(column: Any) -> ColumnElement[datetime]:
    """The local midnight before: ``since`` is one, and no clock in China is ever put forward.

    A third of the time that conversion to the local date takes.
    """
    return func.date_bin(_DAY, column, _SINCE)


def _by_day_and(column: Any, at: ColumnElement[datetime], which: ColumnElement[bool]) -> Ready:
    """Counted by day and, beside, by the column: the rows of one have no value in the other."""
    sets = func.grouping_sets(tuple_(at), tuple_(column))
    return Ready(select(at, column, func.count()).where(which).group_by(sets))


@lru_cache(SIGHTS)
def _closing_days(looked: _Looked) -> Ready:
    return _by_day_and(Case.solved_level, _day(Case.closed_at), looked.closed())


async def _closed_by_day(
    ctx: Context, looked: _Looked, since: datetime
) -> tuple[Counter[timedelta], dict[str, int]]:
    days: Counter[timedelta] = Counter()
    levels: dict[str, int] = dict.fromkeys(ctx.policy.levels, 0)
    for begun, level, count in await _closing_days(looked).rows(ctx.session, since=since):
        if begun is None:
            levels[level] = count
        else:
            days[begun - since] = count
    return days, levels


@lru_cache(SIGHTS)
def _opening_days(looked: _Looked) -> Ready:
    opened = and_(looked.cases(), Case.opened_at >= _SINCE)
    return _by_day_and(Case.category, _day(Case.opened_at), opened)


async def _opened_by_day(
    ctx: Context, looked: _Looked, since: datetime
) -> tuple[Counter[timedelta], tuple[tuple[str, int], ...]]:
    """By day, and by the group of the category, the largest first."""
    days: Counter[timedelta] = Counter()
    groups: Counter[str] = Counter()
    for begun, code, count in await _opening_days(looked).rows(ctx.session, since=since):
        if begun is None:
            declared = ctx.policy.categories_ever.get(code)
            groups[(declared.parent if declared else "") or code] += count
        else:
            days[begun - since] = count
    return days, tuple(sorted(groups.items(), key=lambda pair: (-pair[1], pair[0])))


@lru_cache(SIGHTS)
def _rated_in(looked: _Looked, codes: tuple[str, ...]) -> Ready:
    """Who oversees everything needs no look at the cases themselves."""
    means = (func.avg(CaseReporter.stars[code].as_integer()) for code in codes)
    given = select(func.count(), *means).where(CaseReporter.rated_at >= _SINCE)
    mine = looked.cases()
    if not mine.compare(true()):
        of_case = and_(Case.tenant_id == CaseReporter.tenant_id, Case.id == CaseReporter.case_id)
        given = given.join_from(CaseReporter, Case, of_case).where(mine)
    return Ready(given)


async def _ratings(ctx: Context, looked: _Looked, since: datetime, unanswered: int) -> Ratings:
    """Given in the window."""
    codes = tuple(ctx.policy.ratings)
    (row,) = await _rated_in(looked, codes).rows(ctx.session, since=since)
    given_to = {code: float(of) for code, of in zip(codes, row[1:], strict=True) if of is not None}
    return Ratings(row[0], given_to, unanswered)


@lru_cache(SIGHTS)
def _steps_in(looked: _Looked, actions: tuple[str, ...]) -> Ready:
    return Ready(
        select(CaseStep.action, func.count())
        .join(Case, and_(Case.tenant_id == CaseStep.tenant_id, Case.id == CaseStep.case_id))
        .where(one_of(CaseStep.action, actions), CaseStep.at >= _SINCE, looked.cases())
        .group_by(CaseStep.action)
    )


async def _steps(
    ctx: Context, looked: _Looked, since: datetime, actions: tuple[str, ...]
) -> dict[str, int]:
    return dict(await _steps_in(looked, actions).rows(ctx.session, since=since))
