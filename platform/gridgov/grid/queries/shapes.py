"""Shapes for a map: the boundaries of some nodes, thinned together and written once a version."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select

from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import nodes_seen_by, present, rows
from gridgov.grid.queries.places import grid_version
from gridgov.grid.rules.shapes import thin
from gridgov.grid.types import Geometry, NodeRow
from gridgov.kernel.db import within

_MOST_SETS: Final = 256
_Key = tuple[UUID, str, str]
_sets: OrderedDict[_Key, tuple[int, dict[UUID, msgspec.Raw]]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Shape:
    """A node and its boundary as JSON, ready to be sent."""

    node: NodeRow
    geometry: msgspec.Raw


async def boundary_of(ctx: Context, node_id: UUID) -> Geometry | None:
    """The exact boundary of one node."""
    boundary: Geometry | None = await ctx.session.scalar(
        select(GridNode.boundary).where(GridNode.id == node_id)
    )
    return boundary


async def shapes_below(ctx: Context, path: str, level: str = "") -> list[Shape]:
    """What the actor may see of a level below a node; no level: of its direct sub-units.

    A node without sub-units is its own shape. Those without a boundary are left out.
    """
    version = await grid_version(ctx)
    key = (ctx.tenant.id, path, level)
    kept = _sets.get(key)
    if kept is None or kept[0] != version:
        kept = version, await _read_set(ctx, path, level)
        _sets[key] = kept
    _sets.move_to_end(key)
    while len(_sets) > _MOST_SETS:
        _sets.popitem(last=False)
    drawn = kept[1]
    seen = present(nodes_seen_by(ctx.actor)).where(GridNode.id.in_(list(drawn)))
    return [Shape(node, drawn[node.id]) for node in await rows(ctx, seen.order_by(GridNode.path))]


async def _read_set(ctx: Context, path: str, level: str) -> dict[UUID, msgspec.Raw]:
    below = select(GridNode.id, GridNode.boundary).where(
        within(GridNode.path, path), GridNode.valid_to.is_(None), GridNode.boundary.is_not(None)
    )
    top = below.where(GridNode.path == path)
    if level:
        chosen = below.where(GridNode.level == level)
    else:
        parent = select(GridNode.id).where(GridNode.path == path, GridNode.valid_to.is_(None))
        chosen = below.where(GridNode.parent_id == parent.scalar_subquery())
    found = (await ctx.session.execute(chosen)).all() or (await ctx.session.execute(top)).all()
    geometries = thin([row.boundary for row in found]) if found else []
    return {
        row.id: msgspec.Raw(msgspec.json.encode(geometry))
        for row, geometry in zip(found, geometries, strict=True)
    }
