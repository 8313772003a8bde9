"""Which leaf holds a point? Answered from memory; the version tells whether it is fresh."""

from functools import partial
from typing import Final

from sqlalchemy import select

from gridgov.context import Context
from gridgov.grid.models import GridNode, GridVersion
from gridgov.grid.queries.kept import Kept
from gridgov.grid.queries.nodes import node_by_path
from gridgov.grid.rules.codes import at_depth, depth_of
from gridgov.grid.rules.places import PlaceIndex, read
from gridgov.grid.types import Geometry, NodeRow
from gridgov.kernel.ready import Ready

_HOLDING: Final = Ready(select(GridVersion.version).with_for_update(read=True))
_indexes: Final = Kept[PlaceIndex](most=64)


async def hold_still(ctx: Context) -> None:
    """Keep the tree as it is until this transaction ends.

    Ask it before reading a node whose path will be written: many may hold at once, but a
    re-division waits for them, and they for it, so that no path is stale when it is committed.
    """
    await _HOLDING.rows(ctx.session)


async def places(ctx: Context) -> PlaceIndex:
    """The index of the tenant's leaves as they are now."""
    return await _indexes.of(ctx, partial(_read_places, ctx))


async def leaf_at(ctx: Context, lon: float, lat: float) -> NodeRow | None:
    """The leaf that holds the point; None outside the county and where no boundary is drawn."""
    found = (await places(ctx)).at((lon, lat))
    return None if found is None else await node_by_path(ctx, found.path)


async def neighbour_paths(ctx: Context, node: NodeRow, boundary: Geometry | None) -> list[str]:
    """The paths of those as deep in the tree as the node that it touches."""
    if boundary is None:
        return []
    depth = depth_of(node.path)
    touched = (await places(ctx)).touching(read(boundary))
    return sorted({at_depth(leaf.path, depth) for leaf in touched} - {node.path})


async def _read_places(ctx: Context) -> PlaceIndex:
    base = [level.code for level in ctx.policy.county.levels if level.base]
    drawn = await ctx.session.execute(
        select(GridNode.id, GridNode.path, GridNode.boundary).where(
            GridNode.level.in_(base), GridNode.valid_to.is_(None)
        )
    )
    return PlaceIndex.of(
        (node_id, path, boundary) for node_id, path, boundary in drawn if boundary is not None
    )
