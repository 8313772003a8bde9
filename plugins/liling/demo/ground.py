"""Where the invented history happens: the grids that have a point."""

from dataclasses import dataclass

from sqlalchemy import select

from gridgov.context import Context
from gridgov.grid.models import GridNode


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where something can happen: a grid with a point inside it."""

    path: str
    code: str
    lon: float
    lat: float
    urban: bool


async def leaves_of(ctx: Context) -> list[Leaf]:
    """All the grids, in the order of the tree."""
    base = [level.code for level in ctx.policy.county.levels if level.base]
    found = await ctx.session.execute(
        select(GridNode.path, GridNode.code, GridNode.lon, GridNode.lat, GridNode.area_type)
        .where(GridNode.level.in_(base), GridNode.valid_to.is_(None), GridNode.lon.is_not(None))
        .order_by(GridNode.path)
    )
    return [
        Leaf(path, code, lon, lat, urban=area == "urban")
        for path, code, lon, lat, area in found
        if lon is not None and lat is not None
    ]
