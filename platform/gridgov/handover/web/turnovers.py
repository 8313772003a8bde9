"""A sheet of posts: read, looked at line by line, carried out, taken back."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.access.types import AccessRight, Passed
from gridgov.context import Context
from gridgov.grid.queries.stepping import place_of
from gridgov.handover.actions import turnovers as actions
from gridgov.handover.queries import turnovers as queries
from gridgov.handover.rules.sheets import HEADS
from gridgov.handover.types import Fault, HandoverRight, TurnoverRow, TurnoverState
from gridgov.kernel import paging
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed
from gridgov.kernel.sentences import N_, Sentence, joined
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.forms import read, typed, uploads
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

STATES: Final = {
    TurnoverState.DRAFT: N_("待确认"),
    TurnoverState.PLANNED: N_("到日子生效"),
    TurnoverState.APPLIED: N_("已生效"),
    TurnoverState.WITHDRAWN: N_("已撤回"),
    TurnoverState.REFUSED: N_("没有生效"),
}


class Reading(msgspec.Struct):
    """The day and the document of a sheet."""

    on: date
    document: Annotated[str, msgspec.Meta(max_length=100)]


class Turnovers(Controller):
    """Many posts at once."""

    path = "/{tenant:str}/turnovers"

    @get("/", name="turnovers", permission=HandoverRight.TURNOVER)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The sheets so far, and the form for a new one."""
        return await _list(ctx, request)

    @post("/", name="turnover_read", permission=HandoverRight.TURNOVER)
    async def send(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Read a sheet; every fault comes back by its row, and then nothing is kept."""
        try:
            asked = await read(request, Reading)
            sent = await uploads(request, "file")
            if not sent:
                raise Invalid(fields={"file": "请选一个文件。"})
            turnover_id, faults = await actions.read_sheet(
                ctx, sent[0], on=asked.on, document=asked.document
            )
        except Invalid as fault:
            return await _list(ctx, request, values=await typed(request), errors=fault.fields)
        if turnover_id is None:
            errors = {"file": "表里有要改的行，一行都没有保存。改好再传。"}
            return await _list(
                ctx, request, values=await typed(request), errors=errors, faults=faults
            )
        to = url_of(ctx, request, "turnover", turnover_id=turnover_id)
        return done(request, to, said="读好了，还没有生效。请逐行看过再确认。")

    @get("/sheet", name="turnover_sheet", permission=HandoverRight.TURNOVER)
    async def ask_sheet(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Who holds what now, to begin a sheet with."""
        return await ask_purpose(ctx, request, _asking)

    @post("/sheet", name="turnover_sheet_file", permission=HandoverRight.TURNOVER)
    async def sheet(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The file: fill in who comes, delete what stays."""
        return await take_along(ctx, request, _asking, _taken)

    @get("/{turnover_id:uuid}", name="turnover", permission=HandoverRight.TURNOVER)
    async def one(self, ctx: Ctx, turnover_id: FromPath[UUID]) -> Page:
        """Every line of a sheet."""
        return await _one(ctx, turnover_id)

    @post("/{turnover_id:uuid}/confirm", name="turnover_confirm", permission=HandoverRight.TURNOVER)
    async def confirm(
        self, ctx: Ctx, request: AnyRequest, turnover_id: FromPath[UUID]
    ) -> Response[Any]:
        """Carry it out, today or on its day."""
        try:
            state = await actions.confirm_turnover(ctx, turnover_id)
        except Conflict as fault:
            return await _one(ctx, turnover_id, errors={"confirm": str(fault)})
        to = url_of(ctx, request, "turnover", turnover_id=turnover_id)
        if state is TurnoverState.PLANNED:
            return done(request, to, said="定好了。生效日之前可以撤回。")
        return done(request, to, said="已生效，卸任人随岗位的权限同时收回。")

    @get("/{turnover_id:uuid}/rights", name="turnover_rights", permission=AccessRight.GRANT)
    async def rights(self, ctx: Ctx, turnover_id: FromPath[UUID]) -> Page:
        """Which roles would go over with the posts, for who gives roles."""
        return await _rights(ctx, turnover_id)

    @post("/{turnover_id:uuid}/rights", name="turnover_agree", permission=AccessRight.GRANT)
    async def agree(
        self, ctx: Ctx, request: AnyRequest, turnover_id: FromPath[UUID]
    ) -> Response[Any]:
        """Let them go over."""
        try:
            count = await actions.agree_rights(ctx, turnover_id)
        except (Conflict, NotAllowed) as fault:
            return await _rights(ctx, turnover_id, fault=fault)
        to = url_of(ctx, request, "turnover_rights", turnover_id=turnover_id)
        return done(request, to, said=Sentence("已同意，{n} 项权限到生效日随岗位移交。", n=count))

    @post(
        "/{turnover_id:uuid}/withdraw", name="turnover_withdraw", permission=HandoverRight.TURNOVER
    )
    async def withdraw(
        self, ctx: Ctx, request: AnyRequest, turnover_id: FromPath[UUID]
    ) -> Response[Any]:
        """Take it back before its day."""
        await actions.withdraw_turnover(ctx, turnover_id)
        to = url_of(ctx, request, "turnover", turnover_id=turnover_id)
        return done(request, to, said="已撤回，岗位没有变动。")

    @post("/{turnover_id:uuid}/counter", name="turnover_counter", permission=HandoverRight.TURNOVER)
    async def counter(
        self, ctx: Ctx, request: AnyRequest, turnover_id: FromPath[UUID]
    ) -> Response[Any]:
        """Draw up the sheet the other way round, to be looked at."""
        try:
            asked = await read(request, Reading)
            counter_id, faults = await actions.counter_turnover(
                ctx, turnover_id, on=asked.on, document=asked.document
            )
        except Invalid as fault:
            values = await typed(request)
            return await _one(ctx, turnover_id, values=values, errors=fault.fields)
        if counter_id is None:
            return await _one(ctx, turnover_id, values=await typed(request), faults=faults)
        to = url_of(ctx, request, "turnover", turnover_id=counter_id)
        return done(request, to, said="反向名单列好了，还没有生效。请逐行看过再确认。")


async def _list(
    ctx: Context,
    request: AnyRequest,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    faults: list[Fault] | None = None,
) -> Page:
    cursor = paging.decode(request.query_params.get("after"), "du")
    found = await queries.turnovers(ctx, cursor)
    rows, older = paging.cut(found, queries.PAGE, lambda last: (last.made_at, last.id))
    return page(
        ctx,
        "handover/turnovers.html",
        status_code=422 if errors else 200,
        rows=rows,
        states=STATES,
        heads=joined(HEADS),
        faults=faults or [],
        older=older,
        first=cursor is None,
        values={"on": ctx.today.isoformat()} | (values or {}),
        errors=errors or {},
    )


async def _one(
    ctx: Context,
    turnover_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    faults: list[Fault] | None = None,
) -> Page:
    row = await queries.turnover_of(ctx, turnover_id)
    first = max(ctx.today, row.effective_on + timedelta(days=1))  # nobody leaves on their first day
    return page(
        ctx,
        "handover/turnover.html",
        status_code=422 if errors or faults else 200,
        row=row,
        states=STATES,
        posts=ctx.policy.posts_ever,
        rights=await _count(ctx, row),
        faults=faults or [],
        values={"on": first.isoformat()} | (values or {}),
        first=first,
        errors=errors or {},
    )


async def _count(ctx: Context, row: TurnoverRow) -> tuple[int, int] | None:
    """Of what lies ahead: how many roles would go over, and how many would not."""
    if row.state not in {TurnoverState.DRAFT, TurnoverState.PLANNED}:
        return None
    passed = await queries.rights_of_sheet(ctx, row)
    refused = sum(bool(one.refused) for one in passed)
    return len(passed) - refused, refused


async def _rights(
    ctx: Context, turnover_id: UUID, *, fault: Conflict | NotAllowed | None = None
) -> Page:
    row = await queries.turnover_of(ctx, turnover_id, AccessRight.GRANT)
    ahead = row.state in {TurnoverState.DRAFT, TurnoverState.PLANNED}
    passed = await queries.rights_of_sheet(ctx, row) if ahead else []
    return page(
        ctx,
        "handover/turnover_rights.html",
        status_code=fault.status if fault else 200,
        row=row,
        states=STATES,
        roles=ctx.policy.roles,
        lines=await _named(ctx, row, passed),
        going=sum(not one.refused for one in passed),
        may_agree=ahead and row.agreed_at is None,
        errors={"agree": str(fault)} if fault else {},
    )


async def _named(
    ctx: Context, row: TurnoverRow, passed: Sequence[Passed]
) -> list[tuple[str, str, Passed]]:
    """With the names, as the sheet has them."""
    accounts = await queries.names_of(ctx, row)
    return [
        (accounts.get(one.giver, ""), accounts.get(one.taker, "") if one.taker else "", one)
        for one in passed
    ]


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    place = await place_of(ctx, request.query_params.get("node", ""), HandoverRight.TURNOVER)
    rows = await queries.sheet_lines(ctx, place.path)
    posts = ctx.policy.posts_ever
    code, name, out, into = (str(head) for head in HEADS)
    return Sheet(
        verb="turnover.exported",
        subject="staff",
        name=N_("现任名单"),
        columns=((code, 18), (name, 14), (out, 14), (into, 14), ("网格", 24), ("现任", 14)),
        lines=[
            (
                row[0],
                posts[row[2]].name if row[2] in posts else row[2],
                row[3],
                "",
                row[1],
                row[4],
            )
            for row in rows[: queries.MOST_EXPORTED]
        ],
        more=len(rows) > queries.MOST_EXPORTED,
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    code = request.query_params.get("node", "")
    place = await place_of(ctx, code, HandoverRight.TURNOVER)
    count = len(await queries.sheet_lines(ctx, place.path))
    return Asking(
        title=N_("导出现任名单"),
        list=N_("批量调整岗位"),
        back=url_of(ctx, request, "turnovers"),
        count=count,
        most=queries.MOST_EXPORTED,
        note=N_("填上接任人工号，删掉不变的行，再传回来。"),
    )
