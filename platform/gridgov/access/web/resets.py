"""A forgotten password: asked for at the station, approved by another, printed once."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from msgspec import Meta, Struct

from gridgov.access.actions.resetting import (
    ask_reset,
    decide_reset,
    issue_slip,
    people_to_vouch_for,
    resets_seen,
)
from gridgov.access.web.people import slip_page
from gridgov.accounts.signed import sentence
from gridgov.accounts.types import AccountRight
from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Asked(Struct):
    """For whom, and how it was made sure that it is them."""

    staff_id: UUID
    reason: Annotated[str, Meta(max_length=100)]
    factor: str = ""


class Decided(Struct):
    """Yes or no, with a word."""

    answer: str
    note: Annotated[str, Meta(max_length=100)] = ""


class Resets(Controller):
    """Two people and a slip of paper."""

    path = "/{tenant:str}/resets"

    @get("/", permission=AccountRight.RESET, name="resets")
    async def resets(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What is under way within one's reach, and the form to ask for somebody."""
        return await _page(ctx, request.query_params.get("q", ""))

    @get("/to-approve", permission=AccountRight.APPROVE_RESET, name="resets_to_approve")
    async def to_approve(self, ctx: Ctx) -> Page:
        """The same for those who only approve."""
        return await _page(ctx, "")

    @post("/", permission=AccountRight.RESET, name="reset_ask")
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Vouch for somebody."""
        try:
            given = await read(request, Asked)
            lost = bool(given.factor)
            await ask_reset(ctx, given.staff_id, reason=given.reason, factor=lost)
        except (Invalid, Conflict, NotAllowed) as fault:
            values = await typed(request)
            stop = "" if isinstance(fault, Invalid) else sentence(request, ctx, fault)
            return await _page(
                ctx,
                str(values.get("q", "")),
                status_code=fault.status,
                values=values,
                errors=faults_of(fault),
                stop=stop,
            )
        said = "已提出。另一位同事核准后，回到这里打印凭条。"
        return done(request, url_of(ctx, request, "resets"), said=said)

    @post("/{reset_id:uuid}", permission=AccountRight.APPROVE_RESET, name="reset_decide")
    async def decide(
        self, ctx: Ctx, request: AnyRequest, reset_id: FromPath[UUID]
    ) -> Response[Any]:
        """Approve or decline."""
        try:
            given = await read(request, Decided)
            approve = given.answer == "approve"
            await decide_reset(ctx, reset_id, approve=approve, note=given.note)
        except Invalid as fault:
            values = {**await typed(request), "reset_id": str(reset_id)}
            return await _page(
                ctx, "", status_code=fault.status, values=values, errors=fault.fields
            )
        said = "已核准，提出的同事现在可以打印凭条。" if approve else "已退回，没有任何改动。"
        return done(request, url_of(ctx, request, "resets_to_approve"), said=said)

    @post("/{reset_id:uuid}/slip", permission=AccountRight.RESET, name="reset_issue")
    async def issue(self, ctx: Ctx, request: AnyRequest, reset_id: FromPath[UUID]) -> Page:
        """The slip, once."""
        slip = await issue_slip(ctx, reset_id)
        return slip_page(ctx, request, slip, back=url_of(ctx, request, "resets"))


async def _page(
    ctx: Context,
    words: str,
    *,
    status_code: int = 200,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    stop: str = "",
) -> Page:
    words = words.strip()[:60]
    return page(
        ctx,
        "access/resets.html",
        status_code=status_code,
        rows=await resets_seen(ctx),
        words=words,
        people=await people_to_vouch_for(ctx, words) if words else [],
        may_ask=ctx.actor.may(AccountRight.RESET),
        values=values or {},
        errors=errors or {},
        stop=stop,
    )
