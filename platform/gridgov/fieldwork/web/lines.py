"""One line of a ledger: read, ended, answered, revealed, made into a case."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.contract.fieldwork import LedgerKind
from gridgov.fieldwork.actions.answering import answer_line, reveal_line
from gridgov.fieldwork.actions.writing import end_line, unseal
from gridgov.fieldwork.queries import lines as queries
from gridgov.fieldwork.rules import ledger_of, may_become_case
from gridgov.fieldwork.types import LINE, FieldRight, LineRow
from gridgov.fieldwork.web.showing import device_time, said_of, shown, title_of
from gridgov.grid.queries.nodes import names_at, node_of
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.sentences import N_
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

REASONS: Final = (
    ("help", N_("安排帮助")),
    ("follow", N_("跟进答应的事")),
    ("handover", N_("接手这个网格")),
    ("other", N_("其他")),
)


class Answer(msgspec.Struct):
    """The form of an answer."""

    answer: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Reason(msgspec.Struct):
    """Why sealed words are looked at."""

    reason: Annotated[str, msgspec.Meta(max_length=20)]
    words: Annotated[str, msgspec.Meta(min_length=2, max_length=150)]


class Lines(Controller):
    """One line."""

    path = "/{tenant:str}/field/lines"

    @get("/{line_id:uuid}", name="line", permission=FieldRight.READ)
    async def line(self, ctx: Ctx, request: AnyRequest, line_id: FromPath[UUID]) -> Page:
        """One line: its author reads all of it, others what is not sealed."""
        return await _line(ctx, request, await queries.line_seen(ctx, line_id))

    @post("/{line_id:uuid}/end", name="line_end", permission=FieldRight.RECORD)
    async def end(self, ctx: Ctx, request: AnyRequest, line_id: FromPath[UUID]) -> Response[Any]:
        """End what one began."""
        if first := await once(ctx, request):
            return done(request, first)
        values = await typed(request)
        try:
            await end_line(ctx, line_id, values, device_at=device_time(values))
        except (Invalid, Conflict) as fault:
            found = await queries.own_line(ctx, line_id)
            return await _line(ctx, request, found, values=values, fault=fault)
        to = url_of(ctx, request, "line", line_id=line_id)
        return await done_once(ctx, request, to, said="已记下。发现的问题可以在这里一键变成事件。")

    @post("/{line_id:uuid}/answer", name="line_answer", permission=FieldRight.ANSWER)
    async def answer(self, ctx: Ctx, request: AnyRequest, line_id: FromPath[UUID]) -> Response[Any]:
        """Answer an opinion."""
        if first := await once(ctx, request):
            return done(request, first)
        to = url_of(ctx, request, "line", line_id=line_id)
        try:
            given = await read(request, Answer)
            await answer_line(ctx, line_id, answer=given.answer, link=to)
        except (Invalid, Conflict) as fault:
            found = await queries.line_seen(ctx, line_id)
            return await _line(ctx, request, found, values=await typed(request), fault=fault)
        return await done_once(
            ctx, request, to, said="已答复，报来的网格员会收到通知，带回去告诉群众。"
        )

    @post("/{line_id:uuid}/reveal", name="line_reveal", permission=FieldRight.REVEAL)
    async def reveal(self, ctx: Ctx, request: AnyRequest, line_id: FromPath[UUID]) -> Page:
        """What is sealed, in this answer only, for a reason that is written down."""
        found = await queries.line_seen(ctx, line_id, FieldRight.REVEAL)
        try:
            given = await read(request, Reason)
            why = dict(REASONS).get(given.reason)
            if why is None:
                raise Invalid(fields={"reason": "请选一个原因。"})
            words = await reveal_line(ctx, line_id, purpose=f"{why}：{given.words.strip()}")
        except Invalid as fault:
            return await _line(ctx, request, found, values=await typed(request), fault=fault)
        return await _line(ctx, request, found, sealed=words)


async def _line(
    ctx: Context,
    request: AnyRequest,
    line: LineRow,
    *,
    sealed: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
    fault: Invalid | Conflict | None = None,
) -> Page:
    ledger = ledger_of(ctx.policy.ever.ledgers, line.ledger)
    mine = line.account_id is not None and line.account_id == ctx.actor.account_id
    known = unseal(ctx, line) if mine else sealed
    names = await names_at(ctx, [line.node_path])
    errors = faults_of(fault, otherwise="answer")
    return page(
        ctx,
        "fieldwork/line.html",
        status_code=fault.status if fault else 200,
        line=line,
        ledger=ledger,
        title=title_of(ledger, line),
        told=said_of(ledger, line, known),
        node=await node_of(ctx, line.node_id),
        place=names.get(line.node_path, ""),
        mine=mine,
        shown=known is not None and not mine,
        cases=(await queries.cases_of_lines(ctx, [line.id]))[line.id],
        made=await shown(ctx, request, await queries.made_of(ctx, line.id)),
        report=_report(ctx, ledger, line, known) if mine else None,
        becomes=[one for one in ctx.policy.county.ledgers if one.code in ledger.becomes],
        may_reveal=not mine
        and line.sealed is not None
        and ctx.actor.may(FieldRight.REVEAL, path=line.node_path),
        may_answer=ledger.answered
        and line.answered_at is None
        and ctx.actor.may(FieldRight.ANSWER, path=line.node_path),
        reasons=REASONS,
        values=values or {},
        errors=errors,
    )


def _report(
    ctx: Context, ledger: LedgerKind, line: LineRow, sealed: Mapping[str, str] | None
) -> dict[str, str] | None:
    """What the form of a case is filled in with; posted, for no address may hold the words."""
    if line.running or not may_become_case(ledger) or not ctx.actor.may(CaseRight.REPORT):
        return None
    words = {**line.said, **(sealed or {})}
    long = [words[one.code] for one in ledger.fields
            if one.kind == "long_text" and words.get(one.code)]  # fmt: skip
    return {
        "about": f"{LINE}:{line.id}",
        "node": str(line.node_id),
        "description": "\n".join(long),
    }
