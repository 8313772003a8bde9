"""Confirming what places show, and the way to a case of what they lack."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.queries.units import units
from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.sentences import Sentence
from gridgov.standards import actions, queries
from gridgov.standards.rules import confirms, item_of
from gridgov.standards.types import CASE_ABOUT, StandardRight
from gridgov.standards.web.held import Fault, Typed, errors_of, held_of, standard_asked
from gridgov.standards.web.sites import item_page
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_AT_ONCE: Final = 100


class Decision(msgspec.Struct):
    """What is confirmed or sent back: ``answer`` is the button that was pressed."""

    answer: str
    ids: list[UUID] = []
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""

    @property
    def confirms(self) -> bool:
        """Whether it was the one that confirms."""
        return self.answer == "confirm"


class Deciding(Controller):
    """What others have shown."""

    path = "/{tenant:str}/standards"

    @get("/waiting", name="standards_waiting", permission=StandardRight.CONFIRM)
    async def waiting(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What waits for my confirmation, the oldest first."""
        return await _waiting(ctx, request)

    @post("/waiting", name="standards_decide", permission=StandardRight.CONFIRM)
    async def decide_many(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Confirm what was ticked, or send all of it back for one reason."""
        if first := await once(ctx, request):
            return done(request, first)
        standard = standard_asked(ctx, request)
        try:
            given = await read(request, Decision)
            count = await actions.decide_items(
                ctx, standard, given.ids, confirm=given.confirms, reason=given.reason
            )
        except (Invalid, Conflict) as fault:
            return await _waiting(ctx, request, fault, await typed(request))
        to = url_of(ctx, request, "standards_waiting", standard=standard.code)
        return await done_once(ctx, request, to, said=_said(given, count))

    @post(
        "/{node_id:uuid}/{item:str}/decide",
        name="standard_item_decide",
        permission=StandardRight.CONFIRM,
    )
    async def decide(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], item: FromPath[str]
    ) -> Response[Any]:
        """Confirm one item, or send it back."""
        if first := await once(ctx, request):
            return done(request, first)
        held = await held_of(ctx, request, node_id)
        mark = held.marks[item_of(held.standard, item).code]
        try:
            given = await read(request, Decision)
            count = await actions.decide_items(
                ctx,
                held.standard,
                [mark.id] if mark.id else [],
                confirm=given.confirms,
                reason=given.reason,
            )
        except (Invalid, Conflict) as fault:
            return await item_page(held, item, fault, await typed(request))
        to = held.url("standard_item", item=item)
        return await done_once(ctx, request, to, said=_said(given, count))

    @post(
        "/{node_id:uuid}/{item:str}/missing",
        name="standard_missing",
        permission=CaseRight.REPORT,
    )
    async def missing(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], item: FromPath[str]
    ) -> Response[Any]:
        """The report of what is missing, filled in as far as it is known."""
        held = await held_of(ctx, request, node_id)
        declared = item_of(held.standard, item)
        mark_id = await actions.note_missing(ctx, held.standard, node_id, item)
        wanting = Sentence("{place}缺：{item}", place=held.site.name, item=declared.name)
        to = url_of(
            ctx,
            request,
            "case_report",
            node=node_id,
            category=declared.category or None,
            title=str(wanting),
            place=held.site.name,
            about=f"{CASE_ABOUT}:{mark_id}",
        )
        return done(request, to)


async def _waiting(
    ctx: Context, request: AnyRequest, fault: Fault | None = None, values: Typed | None = None
) -> Page:
    standard = standard_asked(ctx, request)
    found = await queries.claimed(ctx, standard)
    known = await units(ctx, [site.path for site, _ in found])
    mine = [
        {
            "site": site,
            "mark": mark,
            "item": item_of(standard, mark.item),
            "url": url_of(
                ctx,
                request,
                "standard_item",
                node_id=site.id,
                item=mark.item,
                standard=standard.code,
            ),
        }
        for site, mark in found
        if mark.claimed_by != ctx.actor.account_id
        and actions.may_confirm(ctx, confirms(standard, site.level), known, site.path)
    ]
    return page(
        ctx,
        "standards/waiting.html",
        status_code=fault.status if fault else 200,
        standard=standard,
        rows=mine[:_AT_ONCE],
        more=len(mine) - _AT_ONCE,
        action=url_of(ctx, request, "standards_decide", standard=standard.code),
        back=url_of(ctx, request, "standards", standard=standard.code),
        values=values or {},
        errors=errors_of(fault, "reason"),
    )


def _said(given: Decision, count: int) -> str:
    if given.confirms:
        return Sentence("已认定 {n} 项。", n=count)
    return Sentence("已退回 {n} 项，申报的人会收到通知。", n=count)
