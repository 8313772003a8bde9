"""What the rules of re-division need to know of the tree around a command."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from gridgov.context import Context
from gridgov.grid.models import GridNode, GridPast
from gridgov.grid.queries.nodes import COLUMNS, line_of, node_seen, present, rows
from gridgov.grid.rules.redividing import Drawn, Ground, check_present
from gridgov.grid.types import Command, Geometry, GridRight, Merge, Move, NodeRow
from gridgov.kernel.ids import new_id


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


async def _changeable(ctx: Context, node_id: UUID) -> NodeRow:
    node = await node_seen(ctx, node_id, GridRight.REDIVIDE)
    check_present(node)
    return node


async def _drawn(ctx: Context, node: NodeRow, *, with_children: bool) -> Drawn:
    line = tuple(above.code for above in await line_of(ctx, node.path))
    children: Sequence[NodeRow] = ()
    if with_children:
        below = present(select(*COLUMNS)).where(GridNode.parent_id == node.id)
        children = await rows(ctx, below.order_by(GridNode.path))
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
