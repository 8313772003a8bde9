"""Working places, and a week of duty, as spreadsheets to take along."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.queries.units import units
from gridgov.context import Context
from gridgov.grid.types import GridRight
from gridgov.kernel.sentences import N_
from gridgov.stations.actions.places import workplace
from gridgov.stations.queries.places import desk_name
from gridgov.stations.types import StationRight, StationRow
from gridgov.stations.web.asking import asked_of
from gridgov.stations.web.browsing import above_of, found_of
from gridgov.stations.web.duty import week_shown
from gridgov.stations.web.hall import hall_seen
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page
from gridgov.web.urls import AnyRequest, url_of

_MOST: Final = 2000


class StationExport(Controller):
    """Lists that an office circulates."""

    path = "/{tenant:str}/stations"

    @get("/export", name="stations_export", permission=GridRight.READ)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What would be taken along, and for what."""
        return await ask_purpose(ctx, request, _asking_stations)

    @post("/export", name="stations_export_file", permission=GridRight.READ)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The spreadsheet: places, addresses, office phones, hours; nobody's name."""
        return await take_along(ctx, request, _asking_stations, _stations_taken)

    @get("/{node_id:uuid}/duty/export", name="duty_export", permission=StationRight.ROSTER)
    async def ask_duty(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """What would be taken along, and for what."""
        return await ask_purpose(ctx, request, _asking_duty, await hall_seen(ctx, node_id))

    @post("/{node_id:uuid}/duty/export", name="duty_export_file", permission=StationRight.ROSTER)
    async def duty_file(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]
    ) -> Response[Any]:
        """The spreadsheet of the week."""
        row = await workplace(ctx, node_id, StationRight.ROSTER)
        return await take_along(ctx, request, _asking_duty, _duty_taken, row)


async def _stations_taken(ctx: Context, request: AnyRequest) -> Sheet:
    asked = await asked_of(ctx, request)
    found = await found_of(ctx, asked, None, limit=_MOST)
    rows = found[:_MOST]
    known = await units(ctx, [row.path for row in rows])
    return Sheet(
        verb="station.exported",
        subject="station_list",
        details={"filter": asked.but()},
        name=N_("工作阵地"),
        columns=(
            (N_("地方"), 26),
            (N_("所属"), 20),
            (N_("编码"), 16),
            (N_("地址"), 36),
            (N_("电话"), 16),
            (N_("工作日开门时间"), 26),
            (N_("休息日开门时间"), 20),
        ),
        lines=[
            [
                desk_name(ctx, row),
                above_of(ctx, known, row),
                row.code,
                row.address or "",
                row.phone or "",
                row.hours or "",
                row.rest_hours or "",
            ]
            for row in rows
        ],
        more=len(found) > _MOST,
    )


async def _asking_stations(ctx: Context, request: AnyRequest) -> Asking:
    asked = await asked_of(ctx, request)
    found = len(await found_of(ctx, asked, None, limit=_MOST))
    return Asking(
        title=N_("导出工作阵地"),
        list=N_("工作阵地"),
        back=url_of(ctx, request, "stations", **asked.but()),
        count=found,
        note=N_("清单里没有人的姓名。"),
        most=_MOST,
    )


async def _duty_taken(ctx: Context, request: AnyRequest, row: StationRow) -> Sheet:
    shown = await week_shown(ctx, request, row)
    return Sheet(
        verb="duty.exported",
        subject="duty_roster",
        details={"week": shown["week"]},
        name=N_("值班表"),
        columns=(
            (N_("席位"), 14),
            (N_("班次"), 18),
            *((str(day["day"]), 14) for day in shown["days"]),
        ),
        lines=[
            [
                seat["seat"].name,
                line["shift"].name,
                *("—" if cell["none"] else cell["name"] or N_("空缺") for cell in line["cells"]),
            ]
            for seat in shown["seats"]
            for line in seat["lines"]
        ],
    )


async def _asking_duty(ctx: Context, request: AnyRequest, row: StationRow) -> Asking:
    shown = await week_shown(ctx, request, row)
    return Asking(
        title=N_("导出值班表"),
        list=N_("值班表"),
        back=url_of(ctx, request, "duty", node_id=row.id, week=shown["week"]),
        count=sum(len(seat["lines"]) for seat in shown["seats"]),
    )
