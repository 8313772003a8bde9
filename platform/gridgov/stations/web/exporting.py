"""Working places, and a week of duty, as spreadsheets to take along."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.queries.units import units
from gridgov.context import Context
from gridgov.grid.types import GridRight
from gridgov.kernel.errors import Invalid
from gridgov.kernel.sentences import N_
from gridgov.stations.actions.places import workplace
from gridgov.stations.queries.places import desk_name
from gridgov.stations.types import StationRight, StationRow
from gridgov.stations.web.asking import asked_of
from gridgov.stations.web.browsing import above_of, found_of
from gridgov.stations.web.duty import week_shown
from gridgov.stations.web.hall import hall_seen
from gridgov.web.exporting import Asking, Purpose, Sheet, ask_purpose, count_export, hand_over
from gridgov.web.forms import read, typed
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
        return await _stations_form(ctx, request)

    @post("/export", name="stations_export_file", permission=GridRight.READ)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The spreadsheet: places, addresses, office phones, hours; nobody's name."""
        try:
            given = await read(request, Purpose)
        except Invalid as fault:
            return await _stations_form(
                ctx, request, values=await typed(request), errors=fault.fields
            )
        await count_export(ctx, request)
        asked = await asked_of(ctx, request)
        found = await found_of(ctx, asked, None, limit=_MOST)
        rows = found[:_MOST]
        known = await units(ctx, [row.path for row in rows])
        sheet = Sheet(
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
        return await hand_over(
            ctx,
            request,
            sheet,
            purpose=given.purpose,
            verb="station.exported",
            subject="station_list",
            filter=asked.but(),
        )

    @get("/{node_id:uuid}/duty/export", name="duty_export", permission=StationRight.ROSTER)
    async def ask_duty(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """What would be taken along, and for what."""
        return await _duty_form(ctx, request, await hall_seen(ctx, node_id))

    @post("/{node_id:uuid}/duty/export", name="duty_export_file", permission=StationRight.ROSTER)
    async def duty_file(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]
    ) -> Response[Any]:
        """The spreadsheet of the week."""
        row = await workplace(ctx, node_id, StationRight.ROSTER)
        try:
            given = await read(request, Purpose)
        except Invalid as fault:
            return await _duty_form(
                ctx, request, row, values=await typed(request), errors=fault.fields
            )
        await count_export(ctx, request)
        shown = await week_shown(ctx, request, row)
        sheet = Sheet(
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
                    *(
                        "—" if cell["none"] else cell["name"] or N_("空缺")
                        for cell in line["cells"]
                    ),
                ]
                for seat in shown["seats"]
                for line in seat["lines"]
            ],
        )
        return await hand_over(
            ctx,
            request,
            sheet,
            purpose=given.purpose,
            verb="duty.exported",
            subject="duty_roster",
            week=shown["week"],
        )


async def _stations_form(
    ctx: Context,
    request: AnyRequest,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    asked = await asked_of(ctx, request)
    found = len(await found_of(ctx, asked, None, limit=_MOST))
    asking = Asking(
        title=N_("导出工作阵地"),
        list=N_("工作阵地"),
        back=url_of(ctx, request, "stations", **asked.but()),
        action=url_of(ctx, request, "stations_export_file", **asked.but()),
        count=min(found, _MOST),
        note=N_("清单里没有人的姓名。"),
        most=_MOST,
        more=found > _MOST,
    )
    return ask_purpose(ctx, asking, values=values, errors=errors)


async def _duty_form(
    ctx: Context,
    request: AnyRequest,
    row: StationRow,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    shown = await week_shown(ctx, request, row)
    asking = Asking(
        title=N_("导出值班表"),
        list=N_("值班表"),
        back=url_of(ctx, request, "duty", node_id=row.id, week=shown["week"]),
        action=url_of(ctx, request, "duty_export_file", node_id=row.id, week=shown["week"]),
        count=sum(len(seat["lines"]) for seat in shown["seats"]),
    )
    return ask_purpose(ctx, asking, values=values, errors=errors)
