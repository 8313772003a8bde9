"""Cases by where they lie: points of the map, and what may be the same matter."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.cases.queries.worklist import CaseFilter, filtered
from gridgov.cases.rules.lights import light_of
from gridgov.cases.rules.places import box_around, metres_between
from gridgov.cases.types import Light
from gridgov.context import Context
from gridgov.kernel.errors import NotFound

MOST_POINTS: Final = 2000
_MOST_NEAR: Final = 20
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Spot:
    """A case as a point on the map."""

    id: UUID
    code: str
    title: str
    category: str
    state: str
    lon: float
    lat: float
    light: Light


@dataclass(frozen=True, slots=True)
class Near:
    """A case that may be the same matter as another."""

    id: UUID
    code: str
    title: str
    state: str
    place: str
    opened_at: datetime
    metres: int
    light: Light


_LIGHT = (Case.due_at, Case.yellow_at, Case.paused_at, Case.ends)


async def points(
    ctx: Context,
    wanted: CaseFilter,
    *,
    box: tuple[float, float, float, float] | None = None,
    limit: int = MOST_POINTS,
) -> list[Spot]:
    """The newest cases of the filter that have a point, in the box (west, south, east, north)."""
    found = (await filtered(ctx, wanted)).where(Case.lon.is_not(None), Case.lat.is_not(None))
    if box is not None:
        west, south, east, north = box
        found = found.where(Case.lon.between(west, east), Case.lat.between(south, north))
    columns = (Case.id, Case.code, Case.title, Case.category, Case.state, Case.lon, Case.lat)
    page = found.with_only_columns(*columns, *_LIGHT).order_by(Case.id.desc()).limit(limit)
    rows = (await ctx.session.execute(page)).all()
    return [Spot(**_plain(row, Spot), light=_light(row, ctx.now)) for row in rows]


async def near(
    ctx: Context,
    *,
    category: str,
    lon: float | None,
    lat: float | None,
    at: datetime | None = None,
    but: UUID | None = None,
) -> list[Near]:
    """Open cases of the same minor class, near in place and time by the tenant's settings.

    Offered as the same matter, never merged by themselves. The nearest first.
    """
    if lon is None or lat is None:
        return []
    metres = int(ctx.setting("merge_metres"))
    span = int(ctx.setting("merge_hours")) * _HOUR
    moment = at or ctx.now
    west, south, east, north = box_around((lon, lat), metres)
    found = cases_seen_by(ctx.actor).where(
        Case.ends == "",
        Case.category == category,
        Case.opened_at.between(moment - span, moment + span),
        Case.lon.between(west, east),
        Case.lat.between(south, north),
    )
    columns = (Case.id, Case.code, Case.title, Case.state, Case.place, Case.opened_at)
    rows = await ctx.session.execute(found.with_only_columns(*columns, Case.lon, Case.lat, *_LIGHT))
    close = [(row, metres_between((lon, lat), (row.lon, row.lat))) for row in rows if row.id != but]
    ranked = sorted((pair for pair in close if pair[1] <= metres), key=lambda pair: pair[1])
    return [
        Near(**_plain(row, Near), metres=round(away), light=_light(row, ctx.now))
        for row, away in ranked[:_MOST_NEAR]
    ]


async def near_case(ctx: Context, case_id: UUID) -> list[Near]:
    """What may be the same matter as a case that the actor sees."""
    found = cases_seen_by(ctx.actor).with_only_columns(
        Case.category, Case.lon, Case.lat, Case.opened_at, Case.ends
    )
    row = (await ctx.session.execute(found.where(Case.id == case_id))).one_or_none()
    if row is None:
        raise NotFound
    if row.ends:
        return []
    return await near(
        ctx, category=row.category, lon=row.lon, lat=row.lat, at=row.opened_at, but=case_id
    )


def _plain(row: Any, shape: type[Spot] | type[Near]) -> dict[str, Any]:
    """The columns that go into the value as they are."""
    names = [field.name for field in fields(shape) if field.name not in {"light", "metres"}]
    return {name: getattr(row, name) for name in names}


def _light(row: Any, now: datetime) -> Light:
    return light_of(
        row.due_at, row.yellow_at, paused=row.paused_at is not None, ended=bool(row.ends), now=now
    )
