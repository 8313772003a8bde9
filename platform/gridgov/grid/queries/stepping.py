"""From a place down to the next units that people work at: town, village, grid."""

from uuid import UUID

from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import (
    node_by_code,
    node_seen,
    nodes_seen_by,
    present,
    rows,
    tops_seen,
)
from gridgov.grid.types import NodeRow
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound


async def place_of(ctx: Context, code: str, right: str) -> NodeRow:
    """The unit with the code if the right reaches it; without one, where the view begins."""
    return _reached(ctx, await node_by_code(ctx, code) if code else await _begin(ctx, right), right)


async def place_asked(ctx: Context, given: str, right: str) -> NodeRow:
    """The same for an id as an address has it."""
    try:
        node = await node_seen(ctx, UUID(given)) if given else await _begin(ctx, right)
    except ValueError as error:
        raise NotFound from error
    return _reached(ctx, node, right)


async def _begin(ctx: Context, right: str) -> NodeRow | None:
    reached = (top for top in await tops_seen(ctx) if ctx.actor.may(right, path=top.path))
    return next(reached, None)


def _reached(ctx: Context, node: NodeRow | None, right: str) -> NodeRow:
    if node is None or not ctx.actor.may(right, path=node.path):
        raise NotFound
    return node


async def step_down(ctx: Context, node: NodeRow) -> list[NodeRow]:
    """The units below of the next level that has a desk or is the base; none below the base."""
    levels = [level.code for level in ctx.policy.county.levels if level.desk or level.base]
    order = [level.code for level in ctx.policy.county.levels]
    here = order.index(node.level) if node.level in order else len(order)
    following = [code for code in levels if order.index(code) > here]
    if not following:
        return []
    seen = present(nodes_seen_by(ctx.actor)).where(
        GridNode.level == following[0], within(GridNode.path, node.path)
    )
    return await rows(ctx, seen.order_by(GridNode.path))
