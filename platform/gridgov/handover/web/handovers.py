"""A post that passes on: what hangs on it, and two signatures."""

import re
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.rules.lights import light_of
from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of
from gridgov.handover.actions import handovers as actions
from gridgov.handover.queries import handovers as queries
from gridgov.handover.queries.showing import things_shown
from gridgov.handover.types import HandoverRight, HandoverRow, Kind, Show, Thing
from gridgov.kernel import paging
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed
from gridgov.kernel.sentences import N_
from gridgov.staff.queries import duties_of, people
from gridgov.staff.rules import is_free
from gridgov.staff.types import StaffRight
from gridgov.web.forms import convert, faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import SIGNED_IN, AnyRequest, url_of

KINDS: Final = {
    Kind.TRANSFER: (N_("调动"), N_("本人去别的岗位")),
    Kind.TERM: (N_("换届"), N_("任期届满")),
    Kind.LEAVE: (N_("离职"), N_("所有岗位一并卸任，账号停用")),
}
WHATS: Final = {
    "case": (N_("未办结的事件"), N_("从交接起由接任人跟进，时限照走。")),
    "care": (N_("照看群众"), N_("正在代办的，和走访时约好再联系的。")),
    "document": (N_("代管的证件材料"), N_("在网格员或者工作站手里，当面点清。")),
    "appointment": (N_("约好的上门"), N_("由接任人上门。")),
    "key": (N_("钥匙"), N_("交接时直接转给接任人。")),
    "kit": (N_("装备"), N_("还给工作站，由工作站再发。")),
    "right": (N_("系统权限"), N_("交出的人当天没有，接任的人当天开始，范围不变。")),
}
"""What passes on, and what becomes of it."""
PASSED_FOR: Final = N_("交接完成，岗位已移交；权限由安全管理员另行授予。")
SHOWS: Final = {
    Show.ALL: N_("全部"),
    Show.MINE: N_("等您签字"),
    Show.WAITING: N_("没办完的"),
    Show.DONE: N_("已完成"),
    Show.CANCELLED: N_("已取消"),
}
_MOST_CHOICES: Final = 50
_LONGEST_WORDS: Final = 30
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Opening(msgspec.Struct):
    """To whom, why, and on which day."""

    kind: Kind
    on: date
    successor: Annotated[str, msgspec.Meta(max_length=30)] = ""
    other: Annotated[str, msgspec.Meta(max_length=30)] = ""
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Absent(msgspec.Struct):
    """Why somebody above signs for the leaver."""

    reason: Annotated[str, msgspec.Meta(max_length=500)]


class Handovers(Controller):
    """Hand-overs."""

    path = "/{tenant:str}/handovers"

    @get("/", name="handovers", permission=SIGNED_IN)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """One's own, and those that one answers for."""
        given = request.query_params
        cursor = paging.decode(given.get("after"), "du")
        show = Show(given.get("show", "")) if given.get("show") in set(Show) else Show.ALL
        words = given.get("q", "").strip()[:_LONGEST_WORDS]
        found = await queries.handovers(ctx, cursor, show=show, words=words)
        rows, older = paging.cut(found, queries.PAGE, lambda last: (last.opened_at, last.id))
        return page(
            ctx,
            "handover/handovers.html",
            rows=rows,
            posts=ctx.policy.posts_ever,
            kinds=KINDS,
            me=ctx.actor.staff_id,
            show=show,
            shows=SHOWS,
            words=words,
            older=older,
            first=cursor is None,
        )

    @get("/of/{holding_id:uuid}", name="handover_new", permission=HandoverRight.OPEN)
    async def ask(self, ctx: Ctx, request: AnyRequest, holding_id: FromPath[UUID]) -> Page:
        """The form that begins one; ``to`` is who shall take the post, for one taken back."""
        given = request.query_params.get("to", "")
        to = await queries.number_of(ctx, UUID(given)) if _UUID.fullmatch(given) else ""
        values = {"on": ctx.today.isoformat(), "kind": "transfer", "successor": to}
        return await _form(ctx, holding_id, values)

    @post("/of/{holding_id:uuid}", name="handover_open", permission=HandoverRight.OPEN)
    async def open(
        self, ctx: Ctx, request: AnyRequest, holding_id: FromPath[UUID]
    ) -> Response[Any]:
        """Begin it."""
        if first := await once(ctx, request):
            return done(request, first)
        values = await typed(request)
        try:
            asked = convert(values, Opening)
            if not (asked.successor or asked.other):
                raise Invalid(fields={"successor": "请选由谁接任，或者填工号。"})
            handover_id = await actions.open_handover(
                ctx,
                holding_id,
                successor=asked.other.strip() or asked.successor,
                kind=asked.kind,
                on=asked.on,
                note=asked.note,
                link=f"{url_of(ctx, request, 'handovers')}/{{id}}",
            )
        except (Invalid, Conflict) as fault:
            errors = faults_of(fault, otherwise="successor")
            if values.get("other") and "successor" in errors:
                errors["other"] = errors.pop("successor")
            return await _form(ctx, holding_id, values, errors)
        to = url_of(ctx, request, "handover", handover_id=handover_id)
        return await done_once(ctx, request, to, said="交接单开好了，已通知双方核对签字。")

    @get("/{handover_id:uuid}", name="handover", permission=SIGNED_IN)
    async def one(self, ctx: Ctx, handover_id: FromPath[UUID]) -> Page:
        """All that passes on, and who still has to sign."""
        return await _one(ctx, handover_id)

    @get("/{handover_id:uuid}/sheet", name="handover_sheet", permission=SIGNED_IN)
    async def sheet(self, ctx: Ctx, request: AnyRequest, handover_id: FromPath[UUID]) -> Page:
        """To print and sign on paper as well."""
        row = await queries.handover_seen(ctx, handover_id)
        return page(
            ctx,
            "handover/sheet.html",
            row=row,
            posts=ctx.policy.posts_ever,
            kinds=KINDS,
            shown=await things_shown(ctx, row),
            whats=WHATS,
            back=url_of(ctx, request, "handover", handover_id=handover_id),
        )

    @post("/{handover_id:uuid}/sign", name="handover_sign", permission=SIGNED_IN)
    async def sign(
        self, ctx: Ctx, request: AnyRequest, handover_id: FromPath[UUID]
    ) -> Response[Any]:
        """One's own signature, as the leaver or the successor."""
        row = await queries.handover_seen(ctx, handover_id)
        mine = ctx.actor.staff_id == row.leaver_id
        passed = await actions.sign(ctx, handover_id)
        to = url_of(ctx, request, "home" if passed and mine else "handovers")
        if not passed:
            said = "已签字。另一方签完，到交接日生效。"
        else:
            said = PASSED_FOR if row.given_for else "交接完成，岗位和权限已同时移交。"
        return done(request, to, said=said)

    @post("/{handover_id:uuid}/sign-for", name="handover_sign_for", permission=HandoverRight.SIGN)
    async def sign_for(
        self, ctx: Ctx, request: AnyRequest, handover_id: FromPath[UUID]
    ) -> Response[Any]:
        """For a leaver who is not there."""
        try:
            asked = await read(request, Absent)
            passed = await actions.sign_for_leaver(ctx, handover_id, reason=asked.reason)
        except (Invalid, Conflict, NotAllowed) as fault:
            errors = faults_of(fault, otherwise="reason")
            return await _one(ctx, handover_id, values=await typed(request), errors=errors)
        to = url_of(ctx, request, "handover", handover_id=handover_id)
        said = PASSED_FOR if passed else "已代签，理由记入交接单。"
        return done(request, to, said=said)

    @post("/{handover_id:uuid}/cancel", name="handover_cancel", permission=HandoverRight.OPEN)
    async def cancel(
        self, ctx: Ctx, request: AnyRequest, handover_id: FromPath[UUID]
    ) -> Response[Any]:
        """Call it off."""
        await actions.cancel_handover(ctx, handover_id)
        to = url_of(ctx, request, "handover", handover_id=handover_id)
        return done(request, to, said="已取消，岗位没有变动。")


async def _one(
    ctx: Context,
    handover_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    row = await queries.handover_seen(ctx, handover_id)
    shown = await things_shown(ctx, row)
    me = ctx.actor.staff_id
    return page(
        ctx,
        "handover/handover.html",
        status_code=422 if errors else 200,
        row=row,
        line=await line_of(ctx, row.path),
        posts=ctx.policy.posts_ever,
        kinds=KINDS,
        whats=WHATS,
        shown=shown,
        most_cases=queries.MOST_THINGS,
        lights={one.id: _light(ctx, one) for one in shown.things if one.due_at is not None},
        may_sign=row.open
        and (
            (me == row.leaver_id and row.given_at is None)
            or (me == row.successor_id and row.taken_at is None)
        ),
        giving=me == row.leaver_id,
        may_sign_for=row.open
        and row.given_at is None
        and me not in {row.leaver_id, row.successor_id}
        and ctx.actor.may(HandoverRight.SIGN, path=row.path),
        back=await _way_back(ctx, row),
        may_cancel=row.open and ctx.actor.may(HandoverRight.OPEN, path=row.path),
        values=values or {},
        errors=errors or {},
    )


async def _way_back(ctx: Context, row: HandoverRow) -> UUID | None:
    """The post as the successor holds it now, if the actor may let it pass on again."""
    if row.done_at is None or row.kind == Kind.LEAVE:
        return None
    if not ctx.actor.may(HandoverRight.OPEN, path=row.path):
        return None
    held = await queries.held_now(ctx, row.successor_id, row.node_id, row.post)
    return held.id if held else None


def _light(ctx: Context, one: Thing) -> str:
    if one.due_at is None or one.yellow_at is None:
        return "none"
    return str(light_of(one.due_at, one.yellow_at, paused=one.paused, ended=False, now=ctx.now))


async def _form(
    ctx: Context,
    holding_id: UUID,
    values: dict[str, Any],
    errors: dict[str, str] | None = None,
) -> Page:
    held = await queries.holding_of(ctx, holding_id)
    line = await line_of(ctx, held.path)
    near = []
    if ctx.actor.may(StaffRight.READ, path=held.path):
        near = await people(ctx, path=line[-2].path if len(line) > 1 else held.path)
    duties = await duties_of(ctx, [one.id for one in near])
    choices = [
        (one.number, one.name, one.title)
        for one in near
        if one.id != held.staff_id and is_free(one.employment, duties.get(one.id, []))
    ][:_MOST_CHOICES]
    listed = values.get("successor", "") in {"", *(one[0] for one in choices)}
    return page(
        ctx,
        "handover/new.html",
        status_code=422 if errors else 200,
        held=held,
        post=ctx.policy.posts_ever.get(held.post),
        kinds=[(code, name, about) for code, (name, about) in KINDS.items()],
        near=choices if listed or values.get("other") else [],
        values=values,
        errors=errors or {},
    )
