"""Taking along what is done for residents and the visits of a week: never who, nor which door."""

from datetime import date, timedelta
from typing import Any, Final

from litestar import Controller, Response, get, post

from gridgov.cases.queries.exporting import MOST_EXPORTED
from gridgov.cases.queries.units import Units, units
from gridgov.cases.types import LIGHTS, Light
from gridgov.context import Context
from gridgov.kernel.sentences import N_, Sentence
from gridgov.services.queries.assisting import AssistRow, assists
from gridgov.services.queries.booking import visits_on
from gridgov.services.types import Booked, Half, ServiceRight, Visit
from gridgov.services.web.showing import BOOKED, HALVES, day_asked, light_in, state_in
from gridgov.web.exporting import Asking, Sheet, ask_purpose, deadline, minute, take_along
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page
from gridgov.web.urls import AnyRequest, url_of

_WEEK: Final = 7
_HALVES: Final = dict(HALVES)
_ASSISTS: Final = (
    (N_("编号"), 19),
    (N_("事项"), 36),
    (N_("网格"), 36),
    (N_("进展"), 12),
    (N_("灯"), 8),
    (N_("登记时间"), 17),
    (N_("事项时限"), 12),
    (N_("承诺期限"), 17),
    (N_("到期时间"), 17),
    (N_("结案时间"), 17),
    (N_("没交还的证件"), 12),
)
_VISITS: Final = (
    (N_("日期"), 12),
    (N_("时段"), 8),
    (N_("网格"), 36),
    (N_("楼栋"), 20),
    (N_("办什么"), 36),
    (N_("状态"), 10),
    (N_("改过时间"), 9),
    (N_("编号"), 19),
)


class ServiceExport(Controller):
    """The lists as spreadsheets."""

    path = "/{tenant:str}"

    @get("/assist/export", name="assists_export", permission=ServiceRight.EXPORT)
    async def ask_assists(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How many lines, and what for."""
        return await ask_purpose(ctx, request, _asking_assists)

    @post("/assist/export", name="assists_export_file", permission=ServiceRight.EXPORT)
    async def assists(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """What is under way, or what has ended."""
        return await take_along(ctx, request, _asking_assists, _assists_taken)

    @get("/bookings/export", name="bookings_export", permission=ServiceRight.EXPORT)
    async def ask_visits(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How many visits the week has, and what for."""
        return await ask_purpose(ctx, request, _asking_visits)

    @post("/bookings/export", name="bookings_export_file", permission=ServiceRight.EXPORT)
    async def visits(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The visits from a day on, for a week."""
        return await take_along(ctx, request, _asking_visits, _visits_taken)


def _ended(request: AnyRequest) -> bool:
    return request.query_params.get("view") == "ended"


async def _assists(ctx: Context, request: AnyRequest) -> tuple[list[AssistRow], bool]:
    rows, following = await assists(
        ctx, ended=_ended(request), right=ServiceRight.EXPORT, limit=MOST_EXPORTED
    )
    return rows, bool(following)


def _assist(ctx: Context, row: AssistRow) -> list[str]:
    promise = deadline(ctx, row.promise_at)
    return [
        row.code,
        row.item,
        row.place,
        state_in(ctx, row).name,
        "" if row.ends else LIGHTS[Light(light_in(ctx, row))],
        minute(ctx, row.begun_at),
        row.term,
        Sentence("{at}（暂定）", at=promise) if row.provisional and not row.ends else promise,
        "" if row.ends else deadline(ctx, row.due_at),
        minute(ctx, row.closed_at),
        str(row.held),
    ]


async def _visits(ctx: Context, request: AnyRequest) -> tuple[date, list[Visit]]:
    day = day_asked(ctx, request.query_params.get("day", ""))
    last = day + timedelta(days=_WEEK - 1)
    return day, await visits_on(
        ctx, day, until=last, right=ServiceRight.EXPORT, limit=MOST_EXPORTED + 1
    )


def _visit(visit: Visit, known: Units) -> list[str]:
    return [
        visit.day.isoformat(),
        _HALVES[Half(visit.half)],
        known.by_path[visit.node_path].name if visit.node_path in known.by_path else "",
        visit.building,
        visit.item,
        BOOKED[Booked(visit.state)],
        str(visit.moved),
        visit.code,
    ]


async def _assists_taken(ctx: Context, request: AnyRequest) -> Sheet:
    rows, more = await _assists(ctx, request)
    return Sheet(
        verb="service.assists_exported",
        subject="service",
        details={"view": "ended" if _ended(request) else "open"},
        name=N_("代办清单"),
        columns=_ASSISTS,
        lines=[_assist(ctx, row) for row in rows],
        more=more,
    )


async def _asking_assists(ctx: Context, request: AnyRequest) -> Asking:
    rows, more = await _assists(ctx, request)
    view = "ended" if _ended(request) else None
    return Asking(
        title=N_("导出代办清单"),
        list=N_("代办"),
        back=url_of(ctx, request, "assists", view=view),
        count=len(rows) + more,
        note=N_("清单里没有居民的任何信息。"),
        most=MOST_EXPORTED,
    )


async def _visits_taken(ctx: Context, request: AnyRequest) -> Sheet:
    day, visits = await _visits(ctx, request)
    capped = visits[:MOST_EXPORTED]
    known = await units(ctx, [visit.node_path for visit in capped])
    return Sheet(
        verb="service.visits_exported",
        subject="service",
        details={"day": day.isoformat()},
        name=N_("上门安排"),
        columns=_VISITS,
        lines=[_visit(visit, known) for visit in capped],
        more=len(visits) > MOST_EXPORTED,
    )


async def _asking_visits(ctx: Context, request: AnyRequest) -> Asking:
    day, visits = await _visits(ctx, request)
    return Asking(
        title=N_("导出上门安排"),
        list=N_("上门预约"),
        back=url_of(ctx, request, "bookings", day=day.isoformat()),
        count=len(visits),
        note=Sentence("从{day}起七天的上门安排，没有门牌、姓名和电话。", day=day),
        most=MOST_EXPORTED,
    )
