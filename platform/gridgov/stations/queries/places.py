"""Which working places? Whatever a page shows of them begins with ``stations_seen_by``."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, any_, bindparam, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.cases.models import Case
from gridgov.context import Context
from gridgov.contract.actor import Scope
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import Nodes, nodes_seen_by, nodes_within, present
from gridgov.grid.rules.codes import prefixes
from gridgov.grid.types import GridRight
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, after
from gridgov.kernel.ready import Ready, one_of
from gridgov.kernel.sentences import Sentence
from gridgov.stations.models import Station
from gridgov.stations.types import StationRow

PAGE: Final = 50
_LINES: Final = 256
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
    return _at_desks(nodes_seen_by(ctx.actor), _desks(ctx))


def _desks(ctx: Context) -> tuple[str, ...]:
    return tuple(level.code for level in ctx.policy.county.levels if level.desk)


def _at_desks(nodes: Nodes, desks: tuple[str, ...]) -> Rows:
    return (
        present(nodes)
        .with_only_columns(*_COLUMNS)
        .select_from(GridNode)
        .outerjoin(Station, tied(Station.node_id, GridNode.id))
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


@lru_cache(_LINES)
def _on_line(scopes: tuple[Scope, ...], desks: tuple[str, ...]) -> Ready:
    on_line = GridNode.path == any_(bindparam("paths", type_=ARRAY(Text)))
    found = _at_desks(nodes_within(scopes), desks)
    return Ready(found.where(on_line).order_by(GridNode.path))


async def stations_on(ctx: Context, path: str) -> list[StationRow]:
    """Those on the line down to a path, as far as the actor sees them."""
    found = _on_line(ctx.actor.scopes(GridRight.READ), _desks(ctx))
    return [StationRow(*row) for row in await found.rows(ctx.session, paths=list(prefixes(path)))]


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
