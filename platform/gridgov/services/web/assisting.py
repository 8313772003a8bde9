"""Doing an item for a resident: on the phone at the door, and at the station's desk."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.actions.reporting import Contact
from gridgov.context import Context
from gridgov.contract.services import ASSIST
from gridgov.kernel.errors import Invalid, TooLarge
from gridgov.kernel.ids import id_in
from gridgov.kernel.sentences import N_
from gridgov.services.actions import assisting, custody
from gridgov.services.queries import assisting as found
from gridgov.services.queries.catalogue import guide_of, items_to_choose
from gridgov.services.types import ServiceRight
from gridgov.services.web.assist_page import (
    assist_form,
    assist_page,
    authority_of_form,
    shown_of,
)
from gridgov.services.web.showing import light_in, state_in
from gridgov.web.forms import convert, faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once, remember
from gridgov.web.pages import Page, done, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS = (Slot(page=f"case:{ASSIST}", route="assist_card", title="委托和材料", order=10),)


class Beginning(msgspec.Struct):
    """The form at the door."""

    item: UUID
    node: UUID | None = None
    name: Annotated[str, msgspec.Meta(max_length=30)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=20)] = ""
    address: Annotated[str, msgspec.Meta(max_length=100)] = ""
    handed: list[str] = []


class Document(msgspec.Struct):
    """What is handed over."""

    name: Annotated[str, msgspec.Meta(max_length=60)]
    copies: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1


class Passing(msgspec.Struct):
    """Into whose hands."""

    to: Annotated[str, msgspec.Meta(max_length=40)]


class Reason(msgspec.Struct):
    """Why somebody's contact is looked at."""

    words: Annotated[str, msgspec.Meta(min_length=2, max_length=150)]


class Assists(Controller):
    """What is done for residents."""

    path = "/{tenant:str}/assist"

    @get("/", name="assists", permission=ServiceRight.ASSIST)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What is under way, or what has ended; with the papers that are still out."""
        params = request.query_params
        ended = params.get("view") == "ended"
        rows, following = await found.assists(ctx, params.get("after", ""), ended=ended)
        view = "ended" if ended else None
        return page(
            ctx,
            "services/assists.html",
            rows=[(row, state_in(ctx, row), light_in(ctx, row)) for row in rows],
            ended=ended,
            first=url_of(ctx, request, "assists", view=view) if params.get("after") else "",
            older=url_of(ctx, request, "assists", view=view, after=following) if following else "",
        )

    @get("/new", name="assist_new", permission=ServiceRight.ASSIST)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """First which item, then the form of it with its list of materials."""
        item = request.query_params.get("item", "")
        if not item:
            chosen = await items_to_choose(ctx)
            return page(ctx, "services/assist_item.html", items=chosen, values={}, errors={})
        return await assist_form(ctx, await guide_of(ctx, id_in(item)), {})

    @post("/new", name="assist_begin", permission=ServiceRight.ASSIST)
    async def begin(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Take it on: the resident, their word, their papers."""
        if first := await once(ctx, request):
            return done(request, first)
        values = await typed(request)
        try:
            given = convert(values, Beginning)
            begun = await assisting.begin_assist(
                ctx,
                given.item,
                node_id=given.node,
                resident=Contact(name=given.name, phone=given.phone, address=given.address),
                authority=await authority_of_form(ctx, request),
                handed=given.handed,
            )
        except (Invalid, TooLarge) as fault:
            guide = await guide_of(ctx, id_in(str(values.get("item", ""))))
            fields = faults_of(fault, otherwise="paper")
            return await assist_form(ctx, guide, values, fields)
        to = url_of(ctx, request, "assist", case_id=begun.case_id)
        return await done_once(
            ctx, request, to, said=N_("已登记。居民可以用编号和电话后四位查进度。")
        )

    @get("/{case_id:uuid}", name="assist", permission=ServiceRight.ASSIST)
    async def assist(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Page:
        """One of them: the word, the list, the papers."""
        return await assist_page(ctx, request, case_id)

    @get("/{case_id:uuid}/card", name="assist_card", permission=ServiceRight.READ)
    async def card(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Page:
        """The piece for the page of the case."""
        shown = await shown_of(ctx, case_id, ServiceRight.READ)
        back = url_of(ctx, request, "case", case_id=case_id)
        title = shown["assist"].item
        return part(ctx, request, "services/_assist.html", title=title, back=back, **shown)

    @get("/{case_id:uuid}/receipt", name="assist_receipt", permission=ServiceRight.ASSIST)
    async def receipt(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Page:
        """To print and to sign: what was handed over, what came back, and when."""
        shown = await shown_of(ctx, case_id, ServiceRight.ASSIST)
        back = url_of(ctx, request, "assist", case_id=case_id)
        return page(ctx, "services/receipt.html", back=back, **shown)

    @post("/{case_id:uuid}/materials", name="assist_materials", permission=ServiceRight.ASSIST)
    async def materials(
        self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]
    ) -> Response[Any]:
        """What was seen of the list."""
        seen = (await typed(request)).get("seen", [])
        await custody.check_materials(ctx, case_id, [seen] if isinstance(seen, str) else seen)
        return _back(ctx, request, case_id, N_("清单已更新。"))

    @post("/{case_id:uuid}/documents", name="assist_take", permission=ServiceRight.ASSIST)
    async def take(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Response[Any]:
        """The resident hands a document over."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Document)
            await custody.take_document(ctx, case_id, given.name, copies=given.copies)
        except Invalid as fault:
            return await assist_page(
                ctx, request, case_id, values=await typed(request), errors=fault.fields
            )
        await remember(ctx, request, url_of(ctx, request, "assist", case_id=case_id))
        return _back(ctx, request, case_id, N_("已签收，记在您名下。"))

    @post(
        "/{case_id:uuid}/documents/{document_id:uuid}",
        name="assist_pass",
        permission=ServiceRight.ASSIST,
    )
    async def hand_on(
        self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID], document_id: FromPath[UUID]
    ) -> Response[Any]:
        """Into other hands, or back to the resident."""
        given = await read(request, Passing)
        await custody.pass_document(ctx, case_id, document_id, to=given.to)
        return _back(ctx, request, case_id, N_("已记下交到了哪里。"))

    @post("/{case_id:uuid}/authority", name="assist_authority", permission=ServiceRight.ASSIST)
    async def authority(
        self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]
    ) -> Response[Any]:
        """A new word of the resident."""
        try:
            await assisting.renew_authority(ctx, case_id, await authority_of_form(ctx, request))
        except (Invalid, TooLarge) as fault:
            fields = faults_of(fault, otherwise="paper")
            return await assist_page(
                ctx, request, case_id, values=await typed(request), errors=fields
            )
        return _back(ctx, request, case_id, N_("新的委托已登记。"))

    @post("/{case_id:uuid}/authority/end", name="assist_end", permission=ServiceRight.ASSIST)
    async def end(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Response[Any]:
        """The resident takes their word back."""
        await assisting.end_authority(ctx, case_id)
        return _back(ctx, request, case_id, N_("委托已收回；材料请尽快交还居民。"))

    @post("/{case_id:uuid}/resident", name="assist_reveal", permission=ServiceRight.ASSIST)
    async def reveal(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Page:
        """Who it is for, in this answer only, for a reason that is written down."""
        try:
            given = await read(request, Reason)
            contact = await assisting.reveal_resident(ctx, case_id, purpose=given.words.strip())
        except Invalid as fault:
            return await assist_page(
                ctx, request, case_id, values=await typed(request), errors=fault.fields
            )
        return await assist_page(ctx, request, case_id, contact=contact)


def _back(ctx: Context, request: AnyRequest, case_id: UUID, said: str) -> Response[Any]:
    return done(request, url_of(ctx, request, "assist", case_id=case_id), said=said)
