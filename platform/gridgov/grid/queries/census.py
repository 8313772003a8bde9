"""What lies below each node, from memory as long as the tree does not change."""

from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import select

from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.grid.queries.kept import Kept
from gridgov.grid.rules.census import Census
from gridgov.grid.types import NodeRow, Tally

_NOTHING: Final = Tally(0, 0, 0, 0)
_counted: Final = Kept[Census](most=64)


async def tallies(ctx: Context, nodes: Sequence[NodeRow]) -> dict[UUID, Tally]:
    """For each node what lies below it today, summed over the leaves; of an ended one nothing."""
    census = await _counted.of(ctx, partial(_count, ctx))
    return {
        node.id: census.below(node.path) if node.valid_to is None else _NOTHING for node in nodes
    }


async def _count(ctx: Context) -> Census:
    base = {level.code for level in ctx.policy.county.levels if level.base}
    found = await ctx.session.execute(
        select(GridNode.path, GridNode.level, GridNode.households, GridNode.population).where(
            GridNode.valid_to.is_(None)
        )
    )
    return Census.of((row[0], row[1] in base, row[2], row[3]) for row in found)
