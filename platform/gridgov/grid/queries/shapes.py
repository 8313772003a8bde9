"""Shapes for a map: the boundaries of some nodes, thinned together and written once a version."""

from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select

from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.grid.queries.kept import Kept
from gridgov.grid.queries.nodes import nodes_seen_by, present, rows
from gridgov.grid.rules.shapes import thin
from gridgov.grid.types import Geometry, NodeRow
from gridgov.kernel.db import within
from gridgov.kernel.ready import one_of

_drawn: Final = Kept[dict[UUID, msgspec.Raw]](most=256)


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
    drawn = await _drawn.of(ctx, partial(_read_set, ctx, path, level), about=(path, level))
    seen = present(nodes_seen_by(ctx.actor)).where(one_of(GridNode.id, drawn))
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
