"""Booking a visit at home without an account, moving and cancelling it by its code."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post

from gridgov.context import Context
from gridgov.grid.queries.nodes import node_by_code
from gridgov.grid.types import NodeRow
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.sentences import N_
from gridgov.portal import actions, queries
from gridgov.portal.types import VisitReceipt, VisitTicket
from gridgov.portal.web.counting import count, uncount
from gridgov.services.actions.booking import book_visit, end_visit, move_visit
from gridgov.services.queries.booking import last_day, own_visit
from gridgov.services.queries.catalogue import check_item, guide, items_to_choose
from gridgov.services.types import Booked, Half
from gridgov.web.csrf import cookie, cookie_name
from gridgov.web.forms import convert, faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import PUBLIC, AnyRequest, url_of

TICKET: Final = "visit"
HALVES: Final = ((Half.MORNING, N_("上午")), (Half.AFTERNOON, N_("下午")))
_GUESSES: Final = 10
_NEEDED: Final = {
    "day": N_("请选哪一天方便。"),
    "building": N_("请写明哪一栋、哪个组，好安排上门的路线。"),
    "phone": N_("请留一个能打通的电话，上门前要联系您。"),
}
_TEXTS: Final = ("building", "door", "name", "phone", "note")


class Booking(msgspec.Struct):
    """What a resident writes. ``grid`` comes with a code at the door, ``near`` is chosen."""

    day: date
    building: Annotated[str, msgspec.Meta(max_length=40)]
    phone: Annotated[str, msgspec.Meta(max_length=20)]
    half: Half = Half.MORNING
    grid: Annotated[str, msgspec.Meta(max_length=20)] = ""
    near: Annotated[str, msgspec.Meta(max_length=20)] = ""
    item: UUID | None = None
    door: Annotated[str, msgspec.Meta(max_length=30)] = ""
    name: Annotated[str, msgspec.Meta(max_length=30)] = ""
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Key(msgspec.Struct):
    """What opens one's own visit."""

    code: Annotated[str, msgspec.Meta(max_length=30)]
    key: Annotated[str, msgspec.Meta(max_length=8)]


class Change(msgspec.Struct):
    """Another time, or none."""

    do: str
    day: date | None = None
    half: Half = Half.MORNING


class Visits(Controller):
    """Visits at home."""

    path = "/{tenant:str}/book"

    @get("/", name="booking", permission=PUBLIC)
    async def form(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The form; a code at the door brings its grid along, a guide its item."""
        params = request.query_params
        code = params.get("item", "")[:40]
        item = str((await guide(ctx, code)).id) if code else ""
        return await _form(ctx, {"grid": params.get("grid", ""), "item": item})

    @post("/", name="booking_send", permission=PUBLIC)
    async def send(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Book it. What cannot be read is not counted against the hour's limit."""
        values = await typed(request)
        try:
            _require(values)
            given = convert(values, Booking)
            node = await _where(ctx, given)
            await check_item(ctx, given.item)
            uses = await count(ctx, request, "book", int(ctx.setting("resident_reports_hourly")))
            if first := await once(ctx, request):
                await uncount(ctx, uses)
                return done(request, first)
            receipt = await _take(ctx, given, node)
        except Invalid as refusal:
            return await _form(ctx, values, faults_of(refusal, otherwise="day"))
        to = url_of(ctx, request, "booked", receipt=actions.seal(ctx, receipt))
        return await done_once(ctx, request, to)

    @get("/done", name="booked", permission=PUBLIC)
    async def booked(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The code, to be kept."""
        word = request.query_params.get("receipt", "")
        return page(
            ctx,
            "portal/booked.html",
            receipt=actions.unseal(ctx, word, VisitReceipt),
            halves=dict(HALVES),
            address=f"{str(request.base_url).rstrip('/')}{url_of(ctx, request, 'my_booking')}",
        )

    @get("/mine", name="my_booking", permission=PUBLIC)
    async def mine(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """One's own visit, or the way to it."""
        try:
            return await _own(ctx, _ticket(ctx, request))
        except NotFound:
            values = {"code": request.query_params.get("code", "")}
            return page(ctx, "portal/my_booking.html", visit=None, values=values, errors={})

    @post("/mine", name="my_booking_open", permission=PUBLIC)
    async def open(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Open it for half an hour, to who knows the code and the key."""
        values = await typed(request)
        try:
            given = await read(request, Key)
            await count(ctx, request, "visit", _GUESSES, also=given.code)
            ticket = await actions.open_visit(ctx, given.code.strip(), given.key.strip())
        except Invalid as fault:
            shown = {"code": values.get("code", "")}
            return page(
                ctx, "portal/my_booking.html", status_code=422, visit=None, values=shown,
                errors=fault.fields,
            )  # fmt: skip
        carried = cookie(
            request.app.state.settings,
            TICKET,
            actions.seal(ctx, ticket),
            max_age=int(actions.OPEN_FOR.total_seconds()),
        )
        return done(request, url_of(ctx, request, "my_booking"), cookies=[carried])

    @post("/mine/change", name="my_booking_change", permission=PUBLIC)
    async def change(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Move it, or cancel it."""
        ticket = _ticket(ctx, request)
        try:
            given = await read(request, Change)
            if given.do == "cancel":
                await end_visit(ctx, ticket.visit_id, Booked.CANCELLED, own=True)
                said = N_("已取消，网格员会收到通知。")
            elif given.day is None:
                raise Invalid(fields={"day": "请选改到哪一天。"})
            else:
                await move_visit(ctx, ticket.visit_id, day=given.day, half=given.half, own=True)
                said = N_("已改好时间，网格员会收到通知。")
        except Invalid as fault:
            return await _own(ctx, ticket, values=await typed(request), errors=fault.fields)
        return done(request, url_of(ctx, request, "my_booking"), said=said)


def _require(values: dict[str, Any]) -> None:
    """All that is missing at once: nobody mends a form twice."""
    missing: dict[str, str] = {name: said for name, said in _NEEDED.items() if not values.get(name)}
    if not (values.get("grid") or values.get("near")):
        missing["near"] = "请选在哪个村、社区。"
    if missing:
        raise Invalid(fields=missing)


async def _where(ctx: Context, given: Booking) -> NodeRow:
    node = await node_by_code(ctx, given.grid or given.near)
    if node is None:
        field = "grid" if given.grid else "near"
        raise Invalid(fields={field: "请选在哪个村、社区。"})
    return node


async def _take(ctx: Context, given: Booking, node: NodeRow) -> VisitReceipt:
    made = await book_visit(
        ctx,
        node_id=node.id,
        day=given.day,
        half=given.half,
        item_id=given.item,
        texts={name: getattr(given, name) for name in _TEXTS},
        by_resident=True,
    )
    return VisitReceipt(made.code, node.name, given.day, given.half)


def _ticket(ctx: Context, request: AnyRequest) -> VisitTicket:
    word = request.cookies.get(cookie_name(request.app.state.settings, TICKET), "")
    return actions.valid(ctx, actions.unseal(ctx, word, VisitTicket))


async def _own(
    ctx: Context,
    ticket: VisitTicket,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    visit = await own_visit(ctx, ticket.visit_id)
    if visit is None:
        raise NotFound
    return page(
        ctx,
        "portal/my_booking.html",
        status_code=422 if errors else 200,
        visit=visit,
        halves=dict(HALVES),
        choices=HALVES,
        last=last_day(ctx),
        values=values or {"half": visit.half, "day": visit.day.isoformat()},
        errors=errors or {},
    )


async def _form(ctx: Context, values: dict[str, Any], errors: dict[str, str] | None = None) -> Page:
    grid = str(values.get("grid", ""))
    return page(
        ctx,
        "portal/booking.html",
        status_code=422 if errors else 200,
        node=await node_by_code(ctx, grid) if grid else None,
        near=[
            (one.code, one.name, one.above, one.keys) for one in await queries.neighbourhoods(ctx)
        ],
        items=await items_to_choose(ctx),
        halves=HALVES,
        last=last_day(ctx),
        kept=ctx.setting("contact_days"),
        values={"half": Half.MORNING} | values,
        errors=errors or {},
    )
