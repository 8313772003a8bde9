"""Which working places? Whatever a page shows of them begins with ``stations_seen_by``."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.cases.models import Case
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import nodes_seen_by, present
from gridgov.grid.rules.codes import prefixes
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.paging import Cursor, after
from gridgov.kernel.ready import Ready, one_of
from gridgov.kernel.sentences import Sentence
from gridgov.stations.models import Station
from gridgov.stations.types import StationRow

PAGE: Final = 50
_COLUMNS: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    GridNode.id,
    GridNode.parent_id,
    GridNode.path,
    GridNode.code,
    GridNode.name,
    GridNode.level,
    Station.id,
    Station.address,
    Station.phone,
    Station.hours,
    Station.rest_hours,
    Station.synthetic,
    Station.changed_at,
)

Rows = Select[*tuple[Any, ...]]


def stations_seen_by(ctx: Context) -> Rows:
    """The present nodes with a desk that the actor may see; rows are :class:`StationRow`."""
    desks = [level.code for level in ctx.policy.county.levels if level.desk]
    return (
        present(nodes_seen_by(ctx.actor))
        .with_only_columns(*_COLUMNS)
        .select_from(GridNode)
        .outerjoin(
            Station,
            and_(Station.tenant_id == GridNode.tenant_id, Station.node_id == GridNode.id),
        )
        .where(one_of(GridNode.level, desks))
    )


async def stations(
    ctx: Context,
    *,
    words: str = "",
    level: str = "",
    path: str = "",
    lacking: bool = False,
    cursor: Cursor | None = None,
    limit: int = PAGE,
) -> list[StationRow]:
    """One page in the order of the tree, and one row more if there is a next page."""
    found = stations_seen_by(ctx).where(within(GridNode.path, path))
    if level:
        found = found.where(GridNode.level == level)
    if lacking:
        parts = (Station.address, Station.phone, Station.hours)
        found = found.where(or_(*(func.coalesce(part, "") == "" for part in parts)))
    if q := words.strip():
        found = found.where(
            or_(
                func.strpos(GridNode.code, q) == 1,
                func.strpos(GridNode.name, q) > 0,
                func.strpos(GridNode.initials, q.lower()) > 0,
                func.strpos(Station.address, q) > 0,
            )
        )
    page = after(found, (GridNode.path,), cursor, descending=False).limit(limit + 1)
    return [StationRow(*row) for row in await Ready(page).rows(ctx.session)]


async def station_seen(ctx: Context, node_id: UUID) -> StationRow:
    """The working place, if the actor may see it."""
    row = await Ready(stations_seen_by(ctx).where(GridNode.id == node_id)).row(ctx.session)
    if row is None:
        raise NotFound
    return StationRow(*row)


async def stations_below(ctx: Context, path: str, levels: Sequence[str]) -> list[StationRow]:
    """Those of the nearest levels below a path, in the order of the tree."""
    found = stations_seen_by(ctx).where(
        within(GridNode.path, path), GridNode.path != path, one_of(GridNode.level, levels)
    )
    return [
        StationRow(*row) for row in await Ready(found.order_by(GridNode.path)).rows(ctx.session)
    ]


async def stations_on(ctx: Context, path: str) -> list[StationRow]:
    """Those on the line down to a path, as far as the actor sees them."""
    found = stations_seen_by(ctx).where(one_of(GridNode.path, prefixes(path)))
    rows = await Ready(found.order_by(GridNode.path)).rows(ctx.session)
    return [StationRow(*row) for row in rows]


async def at_desks(ctx: Context, paths: Sequence[str]) -> dict[str, int]:
    """How many open cases each of these desks has now."""
    found = (
        select(Case.desk_path, func.count())
        .where(Case.ends == "", one_of(Case.desk_path, paths) if paths else false())
        .group_by(Case.desk_path)
    )
    return dict(await Ready(found).rows(ctx.session))


def desk_name(ctx: Context, row: StationRow) -> str:
    """The place with what its desk is called, as one name."""
    level = ctx.policy.levels.get(row.level)
    return Sentence("{place}{desk}", place=row.name, desk=level.desk if level else "")
