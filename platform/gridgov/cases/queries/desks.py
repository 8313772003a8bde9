"""Which desks stand above a place."""

from gridgov.cases.rules.places import Desk, desks_among
from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of


async def desks_above(ctx: Context, path: str) -> list[Desk]:
    """The desks on the way from the root down to the place, itself included."""
    line = await line_of(ctx, path)
    return desks_among([(node.path, node.level) for node in line], ctx.policy.levels)
