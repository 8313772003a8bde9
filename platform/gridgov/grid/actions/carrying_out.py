"""Carrying a plan out: the nodes, what they were, their boundaries, and whatever follows."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import case, func, insert, select, update

from gridgov.context import Context, tell_rooms
from gridgov.grid.actions.following import follow_paths, rewritten
from gridgov.grid.models import GridNode, GridPast, GridSuccession
from gridgov.grid.queries.history import since_when
from gridgov.grid.queries.nodes import COLUMNS, present, rows
from gridgov.grid.queries.places import places
from gridgov.grid.queries.shapes import boundary_of
from gridgov.grid.rules.codes import parent_path, prefixes
from gridgov.grid.rules.places import finder
from gridgov.grid.rules.shapes import inside, join, with_corners
from gridgov.grid.types import (
    REDIVIDED,
    ChangeKind,
    NodeRow,
    Placed,
    Plan,
    Redivision,
    Rewritten,
    Stated,
    Successor,
)
from gridgov.kernel.db import within
from gridgov.kernel.ids import new_id
from gridgov.kernel.pinyin import initials
from gridgov.tenants.actions import count_policy_up

_NEAR = 1e-6
"""Degrees around a new corner in which a neighbour's edge is looked for."""


async def carry_out(
    ctx: Context, plan: Plan, change_id: UUID, effective_on: date
) -> tuple[UUID, ...]:
    """Change the tree and everything that stands on it, in the caller's transaction.

    The version of the tree is not counted up here: that comes last of all.
    """
    await _share_corners(ctx, plan)
    await _end(ctx, plan.ended, effective_on)
    await _make(ctx, plan, change_id, effective_on)
    for moved in plan.moved:
        await _move(ctx, moved, change_id, effective_on)
    await _rename(ctx, plan, change_id, effective_on)
    if plan.kind is ChangeKind.MOVE:
        await _redraw_above(ctx, plan.moved)
    await follow_paths(ctx, plan.moved)
    if plan.renamed is None:
        told = await _redivision(ctx, plan, change_id, effective_on)
        await ctx.together.follow(ctx, REDIVIDED, told)
    await count_policy_up(ctx)  # scopes are paths
    nodes = _led_to(plan)
    await tell_rooms(
        ctx,
        REDIVIDED,
        change_id,
        change=plan.kind,
        before=[str(node.id) for node in plan.ended],
        after=[str(node_id) for node_id in nodes],
    )
    return nodes


def _led_to(plan: Plan) -> tuple[UUID, ...]:
    if plan.renamed is not None:
        return (plan.renamed[0].id,)
    return tuple(made.id for made in plan.made) or tuple(moved.id for moved in plan.moved)


async def _share_corners(ctx: Context, plan: Plan) -> None:
    """Put the corners of a cut into the edges of the neighbours, and of all above them."""
    if not plan.corners:
        return
    around = shapely.MultiPoint(list(plan.corners)).buffer(_NEAR)
    touched = (await places(ctx)).touching(around)
    paths = {prefix for leaf in touched for prefix in prefixes(leaf.path)}
    found = await ctx.session.execute(
        select(GridNode.id, GridNode.boundary).where(
            GridNode.path.in_(sorted(paths)),
            GridNode.valid_to.is_(None),
            GridNode.id.not_in([node.id for node in plan.ended]),
        )
    )
    for node_id, boundary in found.all():
        drawn = None if boundary is None else with_corners(boundary, plan.corners)
        if drawn is not None and str(drawn) != str(boundary):
            await _set(ctx, node_id, boundary=drawn)


async def _end(ctx: Context, nodes: Sequence[NodeRow], effective_on: date) -> None:
    for node in nodes:
        await _set(ctx, node.id, valid_to=effective_on, version=GridNode.version + 1)


async def _make(ctx: Context, plan: Plan, change_id: UUID, effective_on: date) -> None:
    if not plan.made:
        return
    await ctx.session.execute(
        insert(GridNode), [_new_row(ctx, made, effective_on) for made in plan.made]
    )
    await ctx.session.execute(
        insert(GridSuccession),
        [
            {
                "tenant_id": ctx.tenant.id,
                "id": new_id(),
                "change_id": change_id,
                "before_id": before.id,
                "after_id": after.id,
            }
            for before in plan.ended
            for after in plan.made
        ],
    )


def _new_row(ctx: Context, made: Stated, effective_on: date) -> dict[str, Any]:
    lon, lat = (None, None) if made.boundary is None else inside(made.boundary)
    return {
        "tenant_id": ctx.tenant.id,
        "id": made.id,
        "parent_id": made.parent_id,
        "path": made.path,
        "code": made.code,
        "level": made.level,
        "name": made.name,
        "initials": initials(made.name),
        "area_type": made.area_type,
        "households": made.households,
        "population": made.population,
        "synthetic": made.synthetic,
        "boundary": made.boundary,
        "lon": lon,
        "lat": lat,
        "valid_from": effective_on,
    }


async def _move(ctx: Context, moved: Rewritten, change_id: UUID, effective_on: date) -> None:
    """Give a subtree its new place; each node of it remembers the old one."""
    if moved.old_path != moved.path:
        subtree = await rows(
            ctx, present(select(*COLUMNS)).where(within(GridNode.path, moved.old_path))
        )
        await _remember(ctx, subtree, change_id, effective_on)
        await ctx.session.execute(
            update(GridNode)
            .where(within(GridNode.path, moved.old_path), GridNode.valid_to.is_(None))
            .values(
                path=rewritten(GridNode.path, moved.old_path, moved.path),
                code=_recoded(moved),
                version=GridNode.version + 1,
            )
            .execution_options(synchronize_session=False)
        )
    await _set(ctx, moved.id, parent_id=moved.parent_id)


def _recoded(moved: Rewritten) -> Any:
    """Codes that build upon the moved one's change with it; short codes of our own do not."""
    begins = func.left(GridNode.code, len(moved.old_code)) == moved.old_code
    return case((begins, rewritten(GridNode.code, moved.old_code, moved.code)), else_=GridNode.code)


async def _rename(ctx: Context, plan: Plan, change_id: UUID, effective_on: date) -> None:
    if plan.renamed is None:
        return
    node, name = plan.renamed
    await _remember(ctx, [node], change_id, effective_on)
    await _set(ctx, node.id, name=name, initials=initials(name), version=GridNode.version + 1)


async def _remember(
    ctx: Context, nodes: Sequence[NodeRow], change_id: UUID, effective_on: date
) -> None:
    since = await since_when(ctx, [node.id for node in nodes])
    await ctx.session.execute(
        insert(GridPast),
        [
            {
                "tenant_id": ctx.tenant.id,
                "id": new_id(),
                "node_id": node.id,
                "change_id": change_id,
                "name": node.name,
                "code": node.code,
                "path": node.path,
                "valid_from": since.get(node.id, node.valid_from),
                "valid_to": effective_on,
            }
            for node in nodes
        ],
    )


async def _redraw_above(ctx: Context, moved: Iterable[Rewritten]) -> None:
    """Those who gave and those who took: their boundaries, and the people in them."""
    for one in moved:
        gave, took = prefixes(parent_path(one.old_path)), prefixes(parent_path(one.path))
        (node,) = await rows(ctx, select(*COLUMNS).where(GridNode.id == one.id))
        for path in sorted(set(gave) ^ set(took), key=len, reverse=True):
            sign = 1 if path in took else -1
            await ctx.session.execute(
                update(GridNode)
                .where(GridNode.path == path, GridNode.valid_to.is_(None))
                .values(
                    households=func.greatest(GridNode.households + sign * node.households, 0),
                    population=func.greatest(GridNode.population + sign * node.population, 0),
                )
                .execution_options(synchronize_session=False)
            )
            await _redraw(ctx, path)


async def _redraw(ctx: Context, path: str) -> None:
    """The boundary of an inner node is the union of its leaves; where none is drawn it stays."""
    base = [level.code for level in ctx.policy.county.levels if level.base]
    leaves = await ctx.session.scalars(
        select(GridNode.boundary).where(
            within(GridNode.path, path), GridNode.level.in_(base), GridNode.valid_to.is_(None)
        )
    )
    below = leaves.all()
    boundary = join(below)
    if boundary is None and below:
        return
    lon, lat = (None, None) if boundary is None else inside(boundary)
    await ctx.session.execute(
        update(GridNode)
        .where(GridNode.path == path, GridNode.valid_to.is_(None))
        .values(boundary=boundary, lon=lon, lat=lat)
        .execution_options(synchronize_session=False)
    )


async def _redivision(ctx: Context, plan: Plan, change_id: UUID, effective_on: date) -> Redivision:
    if plan.kind is ChangeKind.MOVE:
        (moved,) = plan.moved
        before = [Placed(moved.id, moved.old_path)]
        after = [Successor(moved.id, moved.path, await boundary_of(ctx, moved.id))]
    else:
        before = [Placed(node.id, node.path) for node in plan.ended]
        after = [Successor(made.id, made.path, made.boundary) for made in plan.made]
    return Redivision(
        kind=plan.kind,
        change_id=change_id,
        effective_on=effective_on,
        before=tuple(before),
        after=tuple(after),
        find=finder(after),
    )


async def _set(ctx: Context, node_id: UUID, **values: Any) -> None:
    await ctx.session.execute(
        update(GridNode)
        .where(GridNode.id == node_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
