"""The switchboard on a page."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.compliance import actions, queries
from gridgov.compliance.rules import lines_of
from gridgov.compliance.types import ABOUT, ComplianceRight
from gridgov.context import Context
from gridgov.contract.compliance import ABSENT, BLOCKED, SOURCE, Switch
from gridgov.kernel.errors import Conflict, Invalid, Refusal
from gridgov.kernel.sentences import Sentence
from gridgov.web.forms import faults_of, read, typed, unplaced
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import SIGNED_IN, AnyRequest, url_of

_SHORT = msgspec.Meta(min_length=2, max_length=100)


class Asking(msgspec.Struct):
    """The form that asks for a switch."""

    switch: Switch
    document: Annotated[str, _SHORT]
    article: Annotated[str, _SHORT]
    reason: Annotated[str, msgspec.Meta(min_length=4, max_length=300)]
    expires_on: date


class Deciding(msgspec.Struct):
    """The form that confirms or declines."""

    answer: Annotated[str, msgspec.Meta(pattern="^(confirm|decline)$")]
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Switchboard(Controller):
    """What is off by rule, and on what basis something is on."""

    path = "/{tenant:str}/compliance"

    @get("/", name="compliance", permission=SIGNED_IN)
    async def show(self, ctx: Ctx) -> Page:
        """Every switch, whatever it stands at; for everybody who works here."""
        return await _show(ctx)

    @post("/", permission=ComplianceRight.ASK)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Record a basis; a second person confirms it."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            asked = await read(request, Asking)
            await actions.ask_switch(
                ctx,
                asked.switch,
                document=asked.document,
                article=asked.article,
                reason=asked.reason,
                expires_on=asked.expires_on,
            )
        except (Invalid, Conflict) as fault:
            return await _show(ctx, values=await typed(request), fault=fault)
        to = url_of(ctx, request, "compliance")
        return await done_once(
            ctx, request, to, said="已登记依据。另一个人确认以后才开启，现在仍是关着的。"
        )

    @post("/{grant_id:uuid}", name="switch_decide", permission=ComplianceRight.CONFIRM)
    async def decide(
        self, ctx: Ctx, request: AnyRequest, grant_id: FromPath[UUID]
    ) -> Response[Any]:
        """Confirm or decline what somebody else asked."""
        try:
            given = await read(request, Deciding)
            confirm = given.answer == "confirm"
            await actions.decide_switch(ctx, grant_id, confirm=confirm, note=given.note)
        except Invalid as fault:
            values = {**await typed(request), "grant_id": str(grant_id)}
            return await _show(ctx, values=values, fault=fault)
        said = "已开启，到期自动关闭。" if confirm else "已退回，开关仍是关着的。"
        return done(request, url_of(ctx, request, "compliance"), said=said)

    @post("/{grant_id:uuid}/end", name="switch_end", permission=ComplianceRight.ASK)
    async def end(self, ctx: Ctx, request: AnyRequest, grant_id: FromPath[UUID]) -> Response[Any]:
        """Off at once."""
        await actions.end_switch(ctx, grant_id)
        return done(request, url_of(ctx, request, "compliance"), said="已关闭，从现在起不再使用。")


async def _show(
    ctx: Context, *, values: dict[str, Any] | None = None, fault: Refusal | None = None
) -> Page:
    return page(
        ctx,
        "compliance/switches.html",
        status_code=fault.status if fault else 200,
        lines=lines_of(await queries.grants(ctx), ctx.today),
        absent=[about for switch, about in ABOUT.items() if switch in ABSENT],
        blocked=[about for switch, about in ABOUT.items() if switch in BLOCKED],
        names={switch: about.name for switch, about in ABOUT.items()},
        source=Sentence(SOURCE),
        may_ask=ctx.actor.may(ComplianceRight.ASK),
        may_confirm=ctx.actor.may(ComplianceRight.CONFIRM),
        today=ctx.today,
        values=values or {},
        errors=faults_of(fault),
        refused=unplaced(fault),
    )
