"""Numbers of the hall at the counter, and the notices that stand beside them on the wall."""

from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.sentences import N_, Sentence
from gridgov.stations.actions import numbers
from gridgov.stations.queries.halls import notices_of, numbers_of
from gridgov.stations.queries.places import desk_name
from gridgov.stations.queries.queues import queues_of
from gridgov.stations.types import NumberState, StationRight
from gridgov.stations.web.hall import hall_seen
from gridgov.stations.web.showing import hall_tabs
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_NOTICE_DAYS: Final = 7


class Taking(msgspec.Struct):
    """A number is taken, or the next one called: ``window`` says where to."""

    zone: Annotated[str, msgspec.Meta(max_length=40)]
    window: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Moving(msgspec.Struct):
    """What becomes of a number."""

    to: NumberState


class Posting(msgspec.Struct):
    """A line for the screen."""

    text: Annotated[str, msgspec.Meta(max_length=200)]
    until: date


class Numbers(Controller):
    """Called numbers and notices."""

    path = "/{tenant:str}/stations/{node_id:uuid}"

    @get("/numbers", name="hall_numbers", permission=StationRight.HALL)
    async def desk(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The counter: take, call, call again, done; each day begins with 1."""
        return await _desk(ctx, request, node_id)

    @post("/numbers", name="hall_take", permission=StationRight.HALL)
    async def take(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Response[Any]:
        """The next number for whoever stands there."""
        if first := await once(ctx, request):
            return done(request, first)
        await hall_seen(ctx, node_id)
        given = await read(request, Taking)
        number = await numbers.take_number(ctx, node_id, given.zone)
        return await _after(ctx, request, node_id, Sentence("取到 {n} 号。", n=number))

    @post("/numbers/next", name="hall_next", permission=StationRight.HALL)
    async def call(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Response[Any]:
        """Call whoever waits longest."""
        if first := await once(ctx, request):
            return done(request, first)
        await hall_seen(ctx, node_id)
        try:
            given = await read(request, Taking)
            number = await numbers.call_next(ctx, node_id, given.zone, window=given.window)
        except (Invalid, Conflict) as fault:
            return await _desk(ctx, request, node_id, fault=fault, values=await typed(request))
        said = Sentence("请 {n} 号到{window}。", n=number, window=given.window)
        return await _after(ctx, request, node_id, said, window=given.window)

    @post("/numbers/{number_id:uuid}", name="hall_move", permission=StationRight.HALL)
    async def move(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], number_id: FromPath[UUID]
    ) -> Response[Any]:
        """Call it again, or say that it is done or that nobody came."""
        if first := await once(ctx, request):
            return done(request, first)
        await hall_seen(ctx, node_id)
        given = await read(request, Moving)
        number = await numbers.move_number(ctx, node_id, number_id, given.to)
        words = {
            NumberState.CALLED: Sentence("再叫一次 {n} 号。", n=number),
            NumberState.DONE: Sentence("{n} 号办完了。", n=number),
            NumberState.MISSED: Sentence("{n} 号过号了，人来了可以再叫。", n=number),
        }
        return await _after(ctx, request, node_id, words[given.to])

    @post("/notices", name="hall_post", permission=StationRight.HALL)
    async def post_line(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]
    ) -> Response[Any]:
        """Put a line on the screen."""
        if first := await once(ctx, request):
            return done(request, first)
        await hall_seen(ctx, node_id)
        try:
            given = await read(request, Posting)
            await numbers.post_notice(ctx, node_id, text=given.text, until=given.until)
        except Invalid as fault:
            return await _desk(ctx, request, node_id, fault=fault, values=await typed(request))
        return await _after(ctx, request, node_id, N_("已登上大屏。"))

    @post("/notices/{notice_id:uuid}", name="hall_unpost", permission=StationRight.HALL)
    async def remove_line(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], notice_id: FromPath[UUID]
    ) -> Response[Any]:
        """Take it down."""
        if first := await once(ctx, request):
            return done(request, first)
        await hall_seen(ctx, node_id)
        await numbers.remove_notice(ctx, node_id, notice_id)
        return await _after(ctx, request, node_id, N_("已撤下。"))


async def _desk(
    ctx: Context,
    request: AnyRequest,
    node_id: UUID,
    *,
    fault: Invalid | Conflict | None = None,
    values: dict[str, Any] | None = None,
) -> Page:
    row = await hall_seen(ctx, node_id, StationRight.HALL)
    errors = faults_of(fault, otherwise="window")
    found = await numbers_of(ctx, node_id)
    window = request.query_params.get("window", "")
    until = (ctx.today + timedelta(days=_NOTICE_DAYS)).isoformat()
    return page(
        ctx,
        "stations/numbers.html",
        status_code=fault.status if fault else 200,
        row=row,
        name=desk_name(ctx, row),
        tabs=hall_tabs(ctx, request, node_id, "hall_numbers"),
        zones=queues_of(ctx, row, found),
        notices=await notices_of(ctx, node_id),
        values={"window": window, "until": until} | (values or {}),
        errors=errors,
    )


async def _after(
    ctx: Context, request: AnyRequest, node_id: UUID, said: str, *, window: str = ""
) -> Response[Any]:
    """Back to the counter, whose window stays as it was."""
    kept = window or str((await typed(request)).get("window", ""))
    to = url_of(ctx, request, "hall_numbers", node_id=node_id, window=kept or None)
    return await done_once(ctx, request, to, said=said)
