"""Which buildings, what was counted, and what comes together below a place."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select

from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.contract.fieldwork import BuildingUse
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.paging import Cursor, Rows, after
from gridgov.registry.models import Building, BuildingCount
from gridgov.registry.types import BuildingRow, CountRow, RegistryRight, Sum

PAGE: Final = 60

COLUMNS: Final = (
    Building.id,
    Building.node_id,
    Building.node_path,
    Building.name,
    Building.use,
    Building.storeys,
    Building.dwellings,
    Building.households,
    Building.source,
    Building.counted_at,
    Building.gone_on,
    Building.synthetic,
)
"""What a :class:`BuildingRow` is made of."""


def buildings_seen_by(actor: Actor, right: RegistryRight = RegistryRight.READ) -> Rows:
    """The buildings on whose place the actor holds the right; those that are gone included."""
    places = [within(Building.node_path, scope.path) for scope in actor.scopes(right)]
    return select(*COLUMNS).where(or_(*places) if places else false())


def standing() -> ColumnElement[bool]:
    """Those that are there today."""
    return Building.gone_on.is_(None)


async def building_seen(
    ctx: Context, building_id: UUID, right: RegistryRight = RegistryRight.READ
) -> BuildingRow:
    """The building, if the actor may see it."""
    found = buildings_seen_by(ctx.actor, right).where(Building.id == building_id)
    row = (await ctx.session.execute(found)).one_or_none()
    if row is None:
        raise NotFound
    return BuildingRow(*row)


async def buildings_at(
    ctx: Context, path: str, *, cursor: Cursor | None = None
) -> list[BuildingRow]:
    """One page of the buildings below a place, and one row more if there is a next page."""
    found = buildings_seen_by(ctx.actor).where(within(Building.node_path, path), standing())
    order = (Building.node_path, Building.name, Building.id)
    page = after(found, order, cursor, descending=False).limit(PAGE + 1)
    return [BuildingRow(*row) for row in await ctx.session.execute(page)]


async def counts_of(ctx: Context, building_id: UUID, *, limit: int = 50) -> list[CountRow]:
    """The history of a building that the actor was found to see, the newest first."""
    rows = await ctx.session.execute(
        select(
            BuildingCount.id,
            BuildingCount.at,
            BuildingCount.use,
            BuildingCount.storeys,
            BuildingCount.dwellings,
            BuildingCount.households,
            BuildingCount.source,
            BuildingCount.changed,
            BuildingCount.who,
        )
        .where(BuildingCount.building_id == building_id)
        .order_by(BuildingCount.id.desc())
        .limit(limit)
    )
    return [CountRow(*row) for row in rows]


async def sums(ctx: Context, path: str) -> dict[str, Sum]:
    """What is recorded on each leaf below a place, by its path; without anything it is left out.

    Only dwellings and households of what is lived in count; the others have none.
    """
    lived = Building.use.in_(lived_in(ctx.policy.ever.building_uses))
    rows = await ctx.session.execute(
        select(
            Building.node_path,
            func.count(),
            func.count().filter(lived, Building.dwellings.is_(None)),
            func.sum(Building.dwellings).filter(lived),
            func.sum(Building.households).filter(lived),
            func.min(Building.counted_at),
            func.max(Building.counted_at),
        )
        .where(within(Building.node_path, path), standing())
        .group_by(Building.node_path)
    )
    return {row[0]: Sum(row[1], row[2], _whole(row[3]), _whole(row[4]), *row[5:]) for row in rows}


def _whole(number: Any) -> int | None:
    return None if number is None else int(number)


def lived_in(uses: Iterable[BuildingUse]) -> list[str]:
    """The codes of the uses whose dwellings are counted."""
    return [use.code for use in uses if use.dwells]
