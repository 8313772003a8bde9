"""How many cases stand beside each filter: by state and by light, in one statement."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import (
    ColumnElement,
    DateTime,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from gridgov.cases.models import Case, CaseCount
from gridgov.cases.queries.lights import has_light, light_column
from gridgov.cases.queries.seeing import (
    SIGHTS,
    Sight,
    cases_seen_by,
    in_sight,
    lies_in,
    sight_of,
)
from gridgov.cases.queries.worklist import CaseFilter, narrowed
from gridgov.cases.types import LIGHTS
from gridgov.context import Context
from gridgov.contract.actor import Scope
from gridgov.kernel.db import within
from gridgov.kernel.paging import Rows
from gridgov.kernel.ready import Ready

_NOW: Final = bindparam("now", type_=DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of everything that the actor sees under a place."""

    states: dict[str, int]
    lights: dict[str, int]

    @property
    def open(self) -> int:
        """What has not ended: every open case has a light."""
        return sum(self.lights.values())


async def tally(ctx: Context, path: str = "", *, then: bool = False) -> Tally:
    """States from the counters of the leaves where a whole subtree is seen, as it is now.

    Else they are counted, and only of what is open: all that ever ended would have to be read.
    """
    states: dict[str, int] = {}
    lights = dict.fromkeys((str(light) for light in LIGHTS), 0)
    tallied = _tallied(sight_of(ctx.actor), path, then=then)
    for what, code, count in await tallied.rows(ctx.session, now=ctx.now):
        into = lights if what == "light" else states
        into[code] = into.get(code, 0) + int(count)
    return Tally({code: count for code, count in states.items() if count}, lights)


@lru_cache(SIGHTS)
def _tallied(sight: Sight, path: str, *, then: bool) -> Ready:
    whole = [scope for scope in sight.scopes if _is_whole(scope) and not then]
    here = lies_in(path, then=then)
    parts = [_open_by_light(sight, here)]
    if whole and len(whole) == len(sight.scopes):
        parts += [_counters(path, whole), _states_outside(sight, here, whole)]
    else:
        parts.append(_grouped(select(Case).where(in_sight(sight), Case.ends == ""), here))
    return Ready(union_all(*parts))


async def lights_among(ctx: Context, wanted: CaseFilter) -> dict[str, int]:
    """Lights among the cases of one filter (not of its text)."""
    found = narrowed(ctx, cases_seen_by(ctx.actor), wanted)
    counts = (func.count().filter(has_light(light, ctx.now)) for light in LIGHTS)
    (row,) = await Ready(found.with_only_columns(*counts)).rows(ctx.session)
    return {str(light): count for light, count in zip(LIGHTS, row, strict=True)}


def _open_by_light(sight: Sight, here: ColumnElement[bool]) -> Rows:
    lit = (
        select(light_column(_NOW).label("light"))
        .where(Case.ends == "", in_sight(sight), here)
        .subquery()
    )
    return select(literal("light"), lit.c.light, func.count()).group_by(lit.c.light)


def _counters(path: str, scopes: list[Scope]) -> Rows:
    inside = or_(*(within(CaseCount.node_path, scope.path) for scope in scopes))
    return (
        select(literal("state"), CaseCount.state, func.coalesce(func.sum(CaseCount.count), 0))
        .where(within(CaseCount.node_path, path), inside)
        .group_by(CaseCount.state)
    )


def _states_outside(sight: Sight, here: ColumnElement[bool], scopes: list[Scope]) -> Rows:
    """What the actor reported outside their own places."""
    outside = and_(*(not_(within(Case.node_path, scope.path)) for scope in scopes))
    mine = select(Case).where(Case.reported_by == sight.own, outside)
    return _grouped(mine, here)


def _grouped(cases: Rows, here: ColumnElement[bool]) -> Rows:
    counted = cases.with_only_columns(literal("state"), Case.state, func.count())
    return counted.where(here).group_by(Case.state)


def _is_whole(scope: Scope) -> bool:
    return not scope.departments and not scope.categories
