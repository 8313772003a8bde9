"""What the rules of re-division need to know of the tree around a command."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from gridgov.context import Context
from gridgov.grid.models import GridNode, GridPast
from gridgov.grid.queries.nodes import (
    below,
    line_of,
    names_at,
    node_seen,
    nodes_seen_by,
    present,
    rows,
)
from gridgov.grid.queries.places import neighbour_paths
from gridgov.grid.queries.shapes import boundary_of
from gridgov.grid.rules.codes import parent_path
from gridgov.grid.rules.redividing import Drawn, Ground, check_present
from gridgov.grid.types import Command, Geometry, GridRight, Merge, Move, NodeRow
from gridgov.kernel.ids import new_id
from gridgov.kernel.ready import one_of


async def ground_of(ctx: Context, command: Command) -> Ground:
    """The nodes that the command names, checked for right and presence, with all around them."""
    node_ids = command.node_ids if isinstance(command, Merge) else (command.node_id,)
    nodes = [await _changeable(ctx, node_id) for node_id in dict.fromkeys(node_ids)]
    parent = await _changeable(ctx, command.parent_id) if isinstance(command, Move) else None
    drawn = [await _drawn(ctx, node, with_children=True) for node in nodes]
    beside = parent.id if parent else nodes[0].parent_id
    concerned = {node.id for node in nodes}
    siblings = await ctx.session.execute(
        select(GridNode.id, GridNode.name).where(
            GridNode.parent_id == beside, GridNode.valid_to.is_(None)
        )
    )
    return Ground(
        levels=ctx.policy.levels,
        nodes=tuple(drawn),
        taken=await _taken(ctx),
        names=frozenset(name for node_id, name in siblings if node_id not in concerned),
        new_id=new_id,
        parent=None if parent is None else await _drawn(ctx, parent, with_children=False),
    )


async def brothers_of(ctx: Context, node: NodeRow) -> list[tuple[NodeRow, bool]]:
    """Who could be merged with the node, each with whether it touches it; those that do first."""
    touching = set(await neighbour_paths(ctx, node, await boundary_of(ctx, node.id)))
    seen = present(nodes_seen_by(ctx.actor, GridRight.REDIVIDE)).where(
        GridNode.parent_id == node.parent_id, GridNode.level == node.level, GridNode.id != node.id
    )
    brothers = await rows(ctx, seen.order_by(GridNode.path))
    return sorted(((one, one.path in touching) for one in brothers), key=lambda one: not one[1])


async def parents_for(ctx: Context, node: NodeRow) -> list[tuple[NodeRow, str]]:
    """Where the node could be moved, each with the name of what that lies in."""
    seen = present(nodes_seen_by(ctx.actor, GridRight.REDIVIDE)).where(
        one_of(GridNode.level, ctx.policy.levels[node.level].under), GridNode.id != node.parent_id
    )
    found = await rows(ctx, seen.order_by(GridNode.path))
    names = await names_at(ctx, [parent_path(one.path) for one in found])
    return [(one, names.get(parent_path(one.path), "")) for one in found]


async def _changeable(ctx: Context, node_id: UUID) -> NodeRow:
    node = await node_seen(ctx, node_id, GridRight.REDIVIDE)
    check_present(node)
    return node


async def _drawn(ctx: Context, node: NodeRow, *, with_children: bool) -> Drawn:
    line = tuple(above.code for above in await line_of(ctx, node.path))
    children: Sequence[NodeRow] = ()
    if with_children:
        children = await below(ctx, node.id)
    boundaries = await _boundaries(ctx, [node.id, *(child.id for child in children)])
    return Drawn(
        node,
        boundaries[node.id],
        line,
        tuple(Drawn(child, boundaries[child.id], (*line, child.code)) for child in children),
    )


async def _boundaries(ctx: Context, node_ids: Sequence[UUID]) -> dict[UUID, Geometry | None]:
    found = await ctx.session.execute(
        select(GridNode.id, GridNode.boundary).where(GridNode.id.in_(node_ids))
    )
    return {row[0]: row[1] for row in found}


async def _taken(ctx: Context) -> frozenset[str]:
    """Every code that was ever given: none is given again to another place."""
    now = await ctx.session.scalars(select(GridNode.code))
    once = await ctx.session.scalars(select(GridPast.code))
    return frozenset([*now, *once])
