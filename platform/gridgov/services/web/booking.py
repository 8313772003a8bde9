"""Visits by the day: five households of one stairway on one morning are one card."""

from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.queries.units import leaves_within, units
from gridgov.context import Context
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.sentences import N_, Sentence
from gridgov.services.actions.booking import book_visit, end_visit, move_visit, reveal_visits
from gridgov.services.queries.booking import last_day, visits_of_day, walks_on
from gridgov.services.queries.catalogue import items_to_choose
from gridgov.services.rules.booking import walks
from gridgov.services.types import Booked, Doorstep, Half, ServiceRight
from gridgov.services.web.showing import BOOKED, HALVES, day_asked
from gridgov.web.forms import convert, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS: Final = (Slot(page="my_day", route="visits_today", title=N_("今天上门"), order=5),)
_WALKS: Final = 6
_SAID: Final = {
    Booked.DONE: N_("已记为办完。"),
    Booked.MISSED: N_("已记为没有见到人，可以另约。"),
    Booked.CANCELLED: N_("已取消。"),
}


class Visiting(msgspec.Struct):
    """A visit as staff book it for a resident."""

    node: UUID
    day: date
    half: Half = Half.MORNING
    item: UUID | None = None
    building: Annotated[str, msgspec.Meta(max_length=40)] = ""
    door: Annotated[str, msgspec.Meta(max_length=30)] = ""
    name: Annotated[str, msgspec.Meta(max_length=30)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=20)] = ""
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Doing(msgspec.Struct):
    """What became of a visit, or another time for it."""

    do: str
    day: date | None = None
    half: Half = Half.MORNING


class Looking(msgspec.Struct):
    """Why doors and phones are looked at."""

    ids: list[UUID]
    words: Annotated[str, msgspec.Meta(min_length=2, max_length=150)]


class Bookings(Controller):
    """Visits that are booked."""

    path = "/{tenant:str}/bookings"

    @get("/", name="bookings", permission=ServiceRight.BOOK)
    async def day(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The visits of a day by building, in the order of walking."""
        return await _day(ctx, request, day_asked(ctx, request.query_params.get("day", "")))

    @get("/today", name="visits_today", permission=ServiceRight.BOOK)
    async def today(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The walks that are still to be made today, for the day's page."""
        visits, following = await walks_on(ctx, ctx.today)
        groups = [walk for walk in walks(visits) if walk.open]
        known = await units(ctx, [group.node_path for group in groups[:_WALKS]])
        return part(
            ctx,
            request,
            "services/_today.html",
            title=N_("今天上门"),
            back=url_of(ctx, request, "my_day"),
            groups=groups[:_WALKS],
            more=max(0, len(groups) - _WALKS),
            beyond=bool(following),
            doors=await visits_of_day(ctx, ctx.today, Booked.BOOKED),
            places={path: unit.name for path, unit in known.by_path.items()},
            halves=dict(HALVES),
        )

    @post("/", name="booking_reveal", permission=ServiceRight.BOOK)
    async def reveal(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The doors of one walk, in this answer only."""
        values = await typed(request)
        day = day_asked(ctx, str(values.get("day", "")))
        try:
            given = await read(request, Looking)
            opened = await reveal_visits(ctx, given.ids, purpose=given.words.strip())
        except Invalid as fault:
            return await _day(ctx, request, day, values=values, errors=fault.fields)
        return await _day(ctx, request, day, opened=opened)

    @get("/new", name="booking_new", permission=ServiceRight.BOOK)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The form, for a resident who calls or stands at the desk."""
        day = request.query_params.get("day", "")
        return await _form(ctx, {"day": day} if day else {})

    @post("/new", name="booking_take", permission=ServiceRight.BOOK)
    async def take(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Book it."""
        if first := await once(ctx, request):
            return done(request, first)
        values = await typed(request)
        try:
            given = convert(values, Visiting)
            made = await book_visit(
                ctx,
                node_id=given.node,
                day=given.day,
                half=given.half,
                item_id=given.item,
                texts={
                    name: getattr(given, name)
                    for name in ("building", "door", "name", "phone", "note")
                },
            )
        except Invalid as fault:
            return await _form(ctx, values, fault.fields)
        to = url_of(ctx, request, "bookings", day=given.day.isoformat())
        said = Sentence("约好了，编号 {code}，请告诉居民。", code=made.code)
        if made.pin:
            said = Sentence(
                "约好了，编号 {code}，查询码 {pin}，请告诉居民，只显示这一次。",
                code=made.code,
                pin=made.pin,
            )
        return await done_once(ctx, request, to, said=said)

    @post("/{visit_id:uuid}", name="booking_act", permission=ServiceRight.BOOK)
    async def act(self, ctx: Ctx, request: AnyRequest, visit_id: FromPath[UUID]) -> Response[Any]:
        """Made, nobody met, cancelled, or moved."""
        day = day_asked(ctx, request.query_params.get("day", ""))
        said = N_("已改好时间。")
        try:
            given = await read(request, Doing)
            if given.do == "move":
                if given.day is None:
                    raise Invalid(fields={"day": "请选改到哪一天。"})
                await move_visit(ctx, visit_id, day=given.day, half=given.half)
                day = given.day
            elif given.do in _SAID:
                await end_visit(ctx, visit_id, Booked(given.do))
                said = _SAID[Booked(given.do)]
            else:
                raise NotFound
        except Invalid as fault:
            values = await typed(request) | {"visit": str(visit_id)}
            return await _day(ctx, request, day, values=values, errors=fault.fields)
        return done(request, url_of(ctx, request, "bookings", day=day.isoformat()), said=said)


async def _day(
    ctx: Context,
    request: AnyRequest,
    day: date,
    *,
    opened: dict[UUID, Doorstep] | None = None,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    cursor = request.query_params.get("after", "")
    visits, following = await walks_on(ctx, day, cursor)
    groups = walks(visits)
    known = await units(ctx, [group.node_path for group in groups])

    def other(days: int) -> str:
        return url_of(ctx, request, "bookings", day=(day + timedelta(days=days)).isoformat())

    return page(
        ctx,
        "services/bookings.html",
        status_code=422 if errors else 200,
        day=day,
        groups=groups,
        places={path: unit.name for path, unit in known.by_path.items()},
        count=await visits_of_day(ctx, day, *BOOKED),
        first=other(0) if cursor else "",
        older=url_of(ctx, request, "bookings", day=day.isoformat(), after=following)
        if following
        else "",
        halves=dict(HALVES),
        states=BOOKED,
        choices=HALVES,
        before=other(-1),
        after=other(1),
        opened=opened or {},
        values=values or {},
        errors=errors or {},
    )


async def _form(ctx: Context, values: dict[str, Any], errors: dict[str, str] | None = None) -> Page:
    scopes = [scope.path for scope in ctx.actor.scopes(ServiceRight.BOOK)]
    leaves = await leaves_within(ctx, scopes)
    own = {"node": str(leaves[0].id)} if len(leaves) == 1 else {}
    return page(
        ctx,
        "services/booking_new.html",
        status_code=422 if errors else 200,
        leaves=leaves,
        items=await items_to_choose(ctx),
        halves=HALVES,
        last=last_day(ctx),
        values={"day": ctx.today.isoformat(), "half": Half.MORNING} | own | values,
        errors=errors or {},
    )
