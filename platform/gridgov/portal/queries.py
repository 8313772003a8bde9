"""What a resident may read: their own case, without anything about other people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from gridgov.cases.models import Case, CaseReporter, CaseStep
from gridgov.context import Context
from gridgov.contract.actor import system_actor
from gridgov.grid.models import GridNode
from gridgov.grid.queries.kept import Kept
from gridgov.grid.queries.nodes import node_by_code
from gridgov.grid.queries.shapes import Shape, shapes_below
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.pinyin import initials
from gridgov.kernel.ready import Ready
from gridgov.stations.queries.halls import hall_behind
from gridgov.stations.queries.places import station_seen, stations_on
from gridgov.stations.types import StationRow

_MOST_OUTLINES: Final = 60


_REPORTERS: Final = Ready(
    select(CaseReporter.id, CaseReporter.case_id, CaseReporter.phone_tail, CaseReporter.pin)
    .join(Case, tied(Case.id, CaseReporter.case_id))
    .where(Case.code == bindparam("code"))
)


async def reporters_of(ctx: Context, code: str) -> Sequence[Any]:
    """Who reported the case with this code, with what opens their page. Nobody for no such code."""
    return await _REPORTERS.rows(ctx.session, code=code)


async def followed_case(ctx: Context, case_id: UUID) -> Any:
    """The case as its reporter sees it; after a merge, the one that it was merged into."""
    found = await _case(ctx, case_id)
    if found is not None and found.merged_into is not None:
        return await _case(ctx, found.merged_into)
    return found


async def _case(ctx: Context, case_id: UUID) -> Any:
    statement = select(
        Case.id,
        Case.code,
        Case.kind,
        Case.kind_version,
        Case.title,
        Case.description,
        Case.category,
        Case.place,
        Case.state,
        Case.ends,
        Case.opened_at,
        Case.closed_at,
        Case.promise_at,
        Case.due_at,
        Case.yellow_at,
        Case.paused_at,
        Case.provisional,
        Case.answer,
        Case.merged_into,
    ).where(Case.id == case_id)
    return (await ctx.session.execute(statement)).one_or_none()


async def public_steps(ctx: Context, case_id: UUID) -> Sequence[Any]:
    """The lines of the timeline that the reporter is shown, oldest first."""
    found = await ctx.session.execute(
        select(CaseStep.at, CaseStep.action, CaseStep.note)
        .where(CaseStep.case_id == case_id, CaseStep.public.is_(True))
        .order_by(CaseStep.id)
    )
    return found.all()


@dataclass(frozen=True, slots=True)
class Nearby:
    """A unit that residents know by name, the one above it, and what its name is found by."""

    code: str
    name: str
    above: str
    keys: str


_neighbourhoods: Final = Kept[list[Nearby]](most=64)


async def neighbourhoods(ctx: Context) -> list[Nearby]:
    """The villages and communities: the finest level where a desk takes cases."""
    return await _neighbourhoods.of(ctx, partial(_read_neighbourhoods, ctx))


async def _read_neighbourhoods(ctx: Context) -> list[Nearby]:
    desks = [level.code for level in ctx.policy.county.levels if level.desk]
    above = aliased(GridNode)
    found = await ctx.session.execute(
        select(GridNode.code, GridNode.name, above.name)
        .join(above, tied(above.id, GridNode.parent_id))
        .where(GridNode.valid_to.is_(None), GridNode.level.in_(desks[-1:]))
        .order_by(GridNode.path)
    )
    return [Nearby(code, name, town, initials(name)) for code, name, town in found]


async def outline(ctx: Context) -> list[Shape]:
    """The county on a map: the finest level that still is a few dozen pieces."""
    counted = await ctx.session.execute(
        select(GridNode.level, func.count(), func.min(GridNode.path))
        .where(GridNode.valid_to.is_(None))
        .group_by(GridNode.level)
    )
    counts = {level: (count, path) for level, count, path in counted}
    fitting = [
        level.code
        for level in ctx.policy.county.levels
        if 0 < counts.get(level.code, (0, ""))[0] <= _MOST_OUTLINES
    ]
    root = min((path for _, path in counts.values()), key=len, default="")
    return await shapes_below(_everybody(ctx), root, fitting[-1] if fitting else "")


async def inside(ctx: Context, code: str) -> list[Shape]:
    """What lies directly below one unit; the unit itself where nothing does."""
    node = await node_by_code(ctx, code)
    if node is None:
        raise NotFound
    return await shapes_below(_everybody(ctx), node.path)


async def office_of(ctx: Context, path: str) -> StationRow | None:
    """The nearest office above a place that can be rung up: its number hangs at its door."""
    above = await stations_on(_everybody(ctx), path)
    return next((one for one in reversed(above) if one.phone), None)


async def hall_on_the_wall(ctx: Context, token: str) -> StationRow | None:
    """The hall whose numbers a screen shows; nothing for an address that was revoked."""
    node_id = await hall_behind(ctx, token)
    return None if node_id is None else await station_seen(_everybody(ctx), node_id)


_EVERYBODY: Final = system_actor("portal")


def _everybody(ctx: Context) -> Context:
    """Where a county's units lie is no secret."""
    return replace(ctx, actor=_EVERYBODY)
