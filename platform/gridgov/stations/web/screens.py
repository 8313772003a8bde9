"""The screens of a hall: where each hangs, its address, and revoking it."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.sentences import N_
from gridgov.stations.actions.screens import open_screen, revoke_screen
from gridgov.stations.queries.halls import screens_of
from gridgov.stations.queries.places import desk_name
from gridgov.stations.types import StationRight
from gridgov.stations.web.hall import hall_seen
from gridgov.stations.web.showing import hall_tabs
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Hanging(msgspec.Struct):
    """Where the screen hangs."""

    name: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Screens(Controller):
    """Screens on the wall."""

    path = "/{tenant:str}/stations/{node_id:uuid}/screens"

    @get("/", name="hall_screens", permission=StationRight.HALL)
    async def list(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """Each with the address to open on it."""
        return await _list(ctx, request, node_id)

    @post("/", name="hall_screen_open", permission=StationRight.HALL)
    async def open(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Response[Any]:
        """An address for one more screen."""
        if first := await once(ctx, request):
            return done(request, first)
        await hall_seen(ctx, node_id)
        try:
            await open_screen(ctx, node_id, name=(await read(request, Hanging)).name)
        except (Invalid, Conflict) as fault:
            errors = faults_of(fault, otherwise="name")
            return await _list(ctx, request, node_id, values=await typed(request), errors=errors)
        to = url_of(ctx, request, "hall_screens", node_id=node_id)
        return await done_once(ctx, request, to, said=N_("地址做好了，在那块屏上打开它。"))

    @post("/{screen_id:uuid}", name="hall_screen_revoke", permission=StationRight.HALL)
    async def revoke(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], screen_id: FromPath[UUID]
    ) -> Response[Any]:
        """Its address shows nothing any more."""
        if first := await once(ctx, request):
            return done(request, first)
        await hall_seen(ctx, node_id)
        await revoke_screen(ctx, node_id, screen_id)
        to = url_of(ctx, request, "hall_screens", node_id=node_id)
        return await done_once(ctx, request, to, said=N_("已作废，那个地址什么也打不开了。"))


async def _list(
    ctx: Context,
    request: AnyRequest,
    node_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    row = await hall_seen(ctx, node_id, StationRight.HALL)
    root = str(request.base_url).rstrip("/")
    return page(
        ctx,
        "stations/screens.html",
        status_code=422 if errors else 200,
        row=row,
        name=desk_name(ctx, row),
        tabs=hall_tabs(ctx, request, node_id, "hall_screens"),
        screens=[
            (one, f"{root}{url_of(ctx, request, 'wall', token=one.token)}")
            for one in await screens_of(ctx, node_id)
        ],
        values=values or {},
        errors=errors or {},
    )
