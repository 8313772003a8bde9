"""The list of working places, and one with its people, hours, phone and open cases."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.queries.tallies import tally
from gridgov.cases.queries.units import Units, units
from gridgov.cases.queries.worklist import OPEN, CaseFilter, departments_of, worklist
from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of, node_seen
from gridgov.grid.types import GridRight
from gridgov.kernel import paging
from gridgov.kernel.errors import Invalid
from gridgov.kernel.sentences import N_
from gridgov.staff.queries import posts_at
from gridgov.stations.actions.places import save_station, workplace
from gridgov.stations.queries.places import (
    PAGE,
    at_desks,
    desk_name,
    station_seen,
    stations,
    stations_below,
    stations_on,
)
from gridgov.stations.queries.queues import zones_of
from gridgov.stations.types import StationRight, StationRow
from gridgov.stations.web.asking import Asked, asked_of, levels_with_desk
from gridgov.stations.web.showing import case_rows, name_for, now_in, openness
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS: Final = (Slot(page="node", route="station_of_node", title="工作阵地", order=15),)
_FIRST: Final = 5


class Office(msgspec.Struct):
    """The form of a working place."""

    address: Annotated[str, msgspec.Meta(max_length=200)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=60)] = ""
    hours: Annotated[str, msgspec.Meta(max_length=100)] = ""
    rest_hours: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Stations(Controller):
    """Working places."""

    path = "/{tenant:str}/stations"

    @get("/", name="stations", permission=GridRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Them by name, pinyin or code, by level and place; the address says it all."""
        asked = await asked_of(ctx, request)
        cursor = paging.decode(request.query_params.get("after"), "s")
        found = await found_of(ctx, asked, cursor)
        rows, after = paging.cut(found, PAGE, lambda last: (last.path,))
        now = await now_in(ctx)
        mine = [row.path for row in rows if ctx.actor.may(CaseRight.READ, path=row.path)]
        counts = await at_desks(ctx, mine)
        known = await units(ctx, [row.path for row in rows])
        older = url_of(ctx, request, "stations", **asked.but(), after=after) if after else ""
        return page(
            ctx,
            "stations/list.html",
            rows=[
                {
                    "row": row,
                    "name": desk_name(ctx, row),
                    "above": above_of(ctx, known, row),
                    "open": openness(row, now),
                    "hall": bool(zones_of(ctx, row)),
                    "cases": counts.get(row.path, 0),
                }
                for row in rows
            ],
            asked=asked,
            filters=asked.groups(ctx, request),
            older=older,
            first=url_of(ctx, request, "stations", **asked.but()) if cursor else "",
            export=url_of(ctx, request, "stations_export", **asked.but()),
        )

    @get("/{node_id:uuid}", name="station", permission=GridRight.READ)
    async def station(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """One place: who works there, how to reach it, what lies on its desk."""
        row = await station_seen(ctx, node_id)
        line = await line_of(ctx, row.path)
        filled = await posts_at(ctx, row.path, row.level)
        seen = ctx.actor.may(CaseRight.READ, path=row.path)
        return page(
            ctx,
            "stations/station.html",
            **_shown(ctx, row),
            line=[one for one in line if ctx.policy.levels[one.level].desk],
            open=openness(row, await now_in(ctx)),
            filled=[
                (post, [(name_for(ctx, one.name, row.path), one.acting) for one in held])
                for post, held in filled
            ],
            below=[
                (one, desk_name(ctx, one))
                for one in await stations_below(ctx, row.path, _levels_below(ctx, row))
            ],
            cases=await _cases(ctx, request, row) if seen else None,
            may_edit=ctx.actor.may(StationRight.EDIT, path=row.path),
        )

    @get("/{node_id:uuid}/edit", name="station_edit", permission=StationRight.EDIT)
    async def edit(self, ctx: Ctx, node_id: FromPath[UUID]) -> Page:
        """The form of its address, phone and hours."""
        return _edit(ctx, await workplace(ctx, node_id, StationRight.EDIT))

    @post("/{node_id:uuid}/edit", name="station_save", permission=StationRight.EDIT)
    async def save(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Response[Any]:
        """Write it down."""
        if first := await once(ctx, request):
            return done(request, first)
        row = await workplace(ctx, node_id, StationRight.EDIT)
        try:
            given = await read(request, Office)
            await save_station(
                ctx,
                node_id,
                address=given.address,
                phone=given.phone,
                hours=given.hours,
                rest_hours=given.rest_hours,
            )
        except Invalid as fault:
            return _edit(ctx, row, values=await typed(request), errors=fault.fields)
        to = url_of(ctx, request, "station", node_id=node_id)
        return await done_once(
            ctx, request, to, said=N_("已改好，马上生效；谁在什么时候改的记在审计里。")
        )

    @get("/at/{node_id:uuid}", name="station_of_node", permission=GridRight.READ)
    async def of_node(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The place of a node, or those above it that it belongs to: for the node's page."""
        node = await node_seen(ctx, node_id)
        found = await stations_on(ctx, node.path)
        now = await now_in(ctx)
        return part(
            ctx,
            request,
            "stations/_node.html",
            title=node.name,
            back=url_of(ctx, request, "node", node_id=node.id),
            rows=[(row, desk_name(ctx, row), openness(row, now)) for row in found[-1:]],
        )


async def found_of(
    ctx: Context, asked: Asked, cursor: paging.Cursor | None, *, limit: int = PAGE
) -> list[StationRow]:
    """One page of what the address asks for, and one row more if there is a next page."""
    return await stations(
        ctx,
        words=asked.get("q"),
        level=asked.get("level"),
        path=asked.get("town"),
        lacking=bool(asked.get("lacking")),
        cursor=cursor,
        limit=limit,
    )


def above_of(ctx: Context, known: Units, row: StationRow) -> str:
    """The working place above it, unless that is the county's own."""
    desks = [unit for unit in known.line(row.path)[:-1] if ctx.policy.levels[unit.level].desk]
    return desks[-1].name if len(desks) > 1 else ""


def _levels_below(ctx: Context, row: StationRow) -> list[str]:
    """The nearest level with a desk under this one."""
    codes = levels_with_desk(ctx)
    return codes[codes.index(row.level) + 1 :][:1]


async def _cases(ctx: Context, request: AnyRequest, row: StationRow) -> dict[str, Any]:
    """The open cases of the place by light, each with its way into the list."""
    numbers = await tally(ctx, row.path)
    found = await worklist(ctx, CaseFilter(path=row.path, ends=OPEN), limit=_FIRST)
    departments = await departments_of(ctx, [one.id for one in found.rows])
    return {
        "total": numbers.open,
        "lights": [
            (light, count, url_of(ctx, request, "cases", place=row.path, light=light))
            for light, count in numbers.lights.items()
            if count
        ],
        "rows": case_rows(ctx, request, found.rows, departments),
        "everything": url_of(ctx, request, "cases", place=row.path),
        "desk": (await at_desks(ctx, [row.path])).get(row.path, 0),
    }


def _shown(ctx: Context, row: StationRow) -> dict[str, Any]:
    return {
        "row": row,
        "name": desk_name(ctx, row),
        "level": ctx.policy.levels[row.level],
        "zones": zones_of(ctx, row),
    }


def _edit(
    ctx: Context,
    row: StationRow,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    known = {name: getattr(row, name) or "" for name in ("address", "phone", "hours", "rest_hours")}
    return page(
        ctx,
        "stations/edit.html",
        **_shown(ctx, row),
        status_code=422 if errors else 200,
        values=values or known,
        errors=errors or {},
    )
