"""One window takes all: whatever a resident wants at the counter is taken and leads to a case."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.actions.reporting import Contact, report_case
from gridgov.cases.queries.choosing import categories
from gridgov.cases.queries.units import leaves_within
from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.contract.declarations import Origin
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.sentences import Sentence
from gridgov.stations.actions.numbers import serve_number
from gridgov.stations.queries.halls import numbers_of
from gridgov.stations.queries.places import desk_name
from gridgov.stations.queries.queues import zones_ever
from gridgov.stations.types import NumberState, StationRight, StationRow
from gridgov.stations.web.hall import hall_seen
from gridgov.stations.web.showing import hall_tabs
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Wanted(msgspec.Struct):
    """What somebody at the counter wants."""

    category: Annotated[str, msgspec.Meta(max_length=20)]
    description: Annotated[str, msgspec.Meta(max_length=2000)]
    node: UUID | None = None
    title: Annotated[str, msgspec.Meta(max_length=60)] = ""
    name: Annotated[str, msgspec.Meta(max_length=30)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=20)] = ""
    number: UUID | None = None


class Window(Controller):
    """The counter."""

    path = "/{tenant:str}/stations/{node_id:uuid}/window"

    @get("/", name="hall_window", permission=StationRight.HALL)
    async def form(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The form; from the counter of numbers it brings the number along."""
        row = await hall_seen(ctx, node_id, StationRight.HALL)
        return await _form(
            ctx, request, row, values={"number": request.query_params.get("number", "")}
        )

    @post("/", name="hall_receive", permission=StationRight.HALL)
    async def receive(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]
    ) -> Response[Any]:
        """Take it: a case with the desk as its origin, and the number is done."""
        if first := await once(ctx, request):
            return done(request, first)
        row = await hall_seen(ctx, node_id, StationRight.HALL)
        try:
            given = await read(request, Wanted)
            reported = await report_case(
                ctx,
                category=given.category,
                title=given.title,
                description=given.description,
                node_id=given.node or row.id,
                origin=Origin.DESK,
                contact=Contact(name=given.name, phone=given.phone),
            )
            if given.number is not None:
                await serve_number(ctx, node_id, given.number, reported.case_id)
        except (Invalid, Conflict) as fault:
            errors = faults_of(fault, otherwise="number")
            moved = {"place": "node"}  # what the engine says of the place belongs to the grid
            shown = {moved.get(name, name): sentence for name, sentence in errors.items()}
            return await _form(ctx, request, row, values=await typed(request), errors=shown)
        to = url_of(ctx, request, "case", case_id=reported.case_id)
        said = Sentence(
            "已受理，编号 {code}。请把编号告诉来人，凭编号和电话后四位可查。", code=reported.code
        )
        return await done_once(ctx, request, to, said=said)


async def _form(
    ctx: Context,
    request: AnyRequest,
    row: StationRow,
    *,
    values: dict[str, Any],
    errors: dict[str, str] | None = None,
) -> Page:
    scopes = [scope.path for scope in ctx.actor.scopes(CaseRight.REPORT)]
    zones = {zone.code: zone.name for zone in zones_ever(ctx, row)}
    called = [
        (str(one.id), Sentence("{zone} {n} 号", zone=zones.get(one.zone, one.zone), n=one.number))
        for one in await numbers_of(ctx, row.id)
        if one.state is NumberState.CALLED
    ]
    return page(
        ctx,
        "stations/window.html",
        status_code=422 if errors else 200,
        row=row,
        name=desk_name(ctx, row),
        tabs=hall_tabs(ctx, request, row.id, "hall_window"),
        categories=categories(ctx),
        leaves=await leaves_within(ctx, scopes),
        called=called,
        values=values,
        errors=errors or {},
    )
