"""扫码找格、扫码找人: who serves here, what they do for residents, and how to reach them."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.contract.services import on_behalf
from gridgov.grid.queries.nodes import node_by_code
from gridgov.grid.queries.places import leaf_at
from gridgov.kernel.errors import Invalid
from gridgov.portal import queries
from gridgov.portal.web.counting import GUESSES, count
from gridgov.services.queries.catalogue import items_on_behalf
from gridgov.services.queries.codes import Behind, behind, on_duty
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import PUBLIC, AnyRequest

_ITEMS: Final = 8


class Somewhere(msgspec.Struct):
    """Where somebody is: by the phone's own word, once, or by name."""

    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    near: Annotated[str, msgspec.Meta(max_length=20)] = ""


class Places(Controller):
    """The page behind a code at a door."""

    path = "/{tenant:str}/q"

    @get("/", name="find_place", permission=PUBLIC)
    async def form(self, ctx: Ctx) -> Page:
        """For who has no code at hand."""
        return await _form(ctx, {})

    @post("/", name="find_place_send", permission=PUBLIC)
    async def find(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Which grid that is. The place is used for this answer and kept nowhere."""
        values = await typed(request)
        try:
            given = await read(request, Somewhere)
            await count(ctx, request, "place", int(ctx.setting("resident_reports_hourly")))
            if given.lon is not None and given.lat is not None:
                node = await leaf_at(ctx, given.lon, given.lat)
            else:
                node = await node_by_code(ctx, given.near) if given.near else None
            if node is None:
                raise Invalid(fields={"near": "没有找到这个地方，请选在哪个村、社区。"})
        except Invalid as fault:
            return await _form(ctx, values, fault.fields)
        found = Behind(node.id, node.path, node.code, node.name, "")
        return await _place(ctx, found, scanned=False)

    @get("/{token:str}", name="place", permission=PUBLIC)
    async def place(self, ctx: Ctx, request: AnyRequest, token: FromPath[str]) -> Page:
        """Grid, worker, work phone, services. Only who guesses is counted: four statements."""
        found = await behind(ctx, token)
        if found is None:
            await count(ctx, request, "token", GUESSES)
            return page(ctx, "portal/revoked.html", status_code=404)
        return await _place(ctx, found, scanned=True)


async def _place(ctx: Context, found: Behind, *, scanned: bool) -> Page:
    """Who only asks for a place is told the office's number, and nobody's own."""
    people = await on_duty(ctx, found.path, scanned=scanned)
    reached = any(one.phone for one in people)
    return page(
        ctx,
        "portal/place.html",
        found=found,
        people=people,
        station=None if reached else await queries.office_of(ctx, found.path),
        rows=await items_on_behalf(ctx, _ITEMS),
        flag=on_behalf(ctx.policy.county.service_flags),
    )


async def _form(ctx: Context, values: dict[str, Any], errors: dict[str, str] | None = None) -> Page:
    near = [(one.code, one.name, one.above, one.keys) for one in await queries.neighbourhoods(ctx)]
    return page(
        ctx,
        "portal/find_place.html",
        status_code=422 if errors else 200,
        near=near,
        values=values,
        errors=errors or {},
    )
