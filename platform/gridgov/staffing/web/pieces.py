"""What one person or one unit has: handed out, given back, gone."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.grid.queries.nodes import node_seen
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.sentences import N_
from gridgov.staff.queries import duties_of
from gridgov.staffing import actions
from gridgov.staffing.queries import kit as queries
from gridgov.staffing.rules import handed_to_units, whole_set
from gridgov.staffing.types import KitState, Piece, StaffingRight
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

STATES: Final = {
    KitState.OUT: N_("在用"),
    KitState.RETURNED: N_("已归还"),
    KitState.MISSING: N_("遗失"),
    KitState.STRUCK_OFF: N_("已核销"),
}


class WholeSet(msgspec.Struct):
    """One tap: the unit whose post the person holds."""

    node: UUID


class Issue(msgspec.Struct):
    """One thing handed out."""

    item: Annotated[str, msgspec.Meta(max_length=40)]
    node: UUID
    on: date
    mark: Annotated[str, msgspec.Meta(max_length=60)] = ""


class Ending(msgspec.Struct):
    """One thing given back, or gone."""

    state: KitState
    on: date
    note: Annotated[str, msgspec.Meta(max_length=60)] = ""


class StrikingOff(msgspec.Struct):
    """Why one that is missing is looked for no more."""

    reason: Annotated[str, msgspec.Meta(max_length=60)]


class KitPieces(Controller):
    """One person's or unit's kit."""

    path = "/{tenant:str}/kit"

    @get("/people/{staff_id:uuid}", name="kit_person", permission=StaffingRight.READ)
    async def person(self, ctx: Ctx, staff_id: FromPath[UUID]) -> Page:
        """What one person has and had."""
        return await _person(ctx, staff_id)

    @post("/people/{staff_id:uuid}/set", name="kit_set", permission=StaffingRight.KIT)
    async def whole(self, ctx: Ctx, request: AnyRequest, staff_id: FromPath[UUID]) -> Response[Any]:
        """Hand out all that is lacking, in one tap."""
        if first := await once(ctx, request):
            return done(request, first)
        asked = await read(request, WholeSet)
        await actions.issue_set(ctx, staff_id, asked.node, on=ctx.today)
        to = url_of(ctx, request, "kit_person", staff_id=staff_id)
        return await done_once(ctx, request, to, said="已登记领用整套。请打印领用单，当面签字。")

    @post("/people/{staff_id:uuid}", name="kit_issue", permission=StaffingRight.KIT)
    async def issue(self, ctx: Ctx, request: AnyRequest, staff_id: FromPath[UUID]) -> Response[Any]:
        """Hand out one thing."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            asked = await read(request, Issue)
            await actions.issue_piece(
                ctx, asked.item, asked.node, staff_id=staff_id, mark=asked.mark, on=asked.on
            )
        except (Invalid, Conflict) as fault:
            return await _person(ctx, staff_id, values=await typed(request), fault=fault)
        to = url_of(ctx, request, "kit_person", staff_id=staff_id)
        return await done_once(ctx, request, to, said="已登记领用。")

    @get("/people/{staff_id:uuid}/receipt", name="kit_receipt", permission=StaffingRight.READ)
    async def receipt(self, ctx: Ctx, request: AnyRequest, staff_id: FromPath[UUID]) -> Page:
        """To print and sign: what the person has now."""
        found = await queries.pieces_of(ctx, staff_id)
        if not found:
            raise NotFound
        return page(
            ctx,
            "staffing/kit_receipt.html",
            person=found[0].person,
            duties=(await duties_of(ctx, [staff_id]))[staff_id],
            posts=ctx.policy.posts,
            pieces=[one for one in found if one.state in {KitState.OUT, KitState.MISSING}],
            names=names_of(ctx),
            states=STATES,
            back=url_of(ctx, request, "kit_person", staff_id=staff_id),
        )

    @get("/at/{node_id:uuid}", name="kit_unit", permission=StaffingRight.READ)
    async def unit(self, ctx: Ctx, node_id: FromPath[UUID]) -> Page:
        """What a unit itself has and had."""
        return await _unit(ctx, node_id)

    @post("/at/{node_id:uuid}", name="kit_unit_issue", permission=StaffingRight.KIT)
    async def issue_to_unit(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]
    ) -> Response[Any]:
        """Hand one thing out to the unit."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            asked = await read(request, Issue)
            await actions.issue_piece(
                ctx, asked.item, node_id, staff_id=None, mark=asked.mark, on=asked.on
            )
        except (Invalid, Conflict) as fault:
            return await _unit(ctx, node_id, values=await typed(request), fault=fault)
        to = url_of(ctx, request, "kit_unit", node_id=node_id)
        return await done_once(ctx, request, to, said="已登记配备。")

    @post("/pieces/{piece_id:uuid}", name="kit_end", permission=StaffingRight.KIT)
    async def end(self, ctx: Ctx, request: AnyRequest, piece_id: FromPath[UUID]) -> Response[Any]:
        """Given back, or gone."""
        if first := await once(ctx, request):
            return done(request, first)
        piece = await queries.piece_seen(ctx, piece_id, StaffingRight.KIT)
        try:
            asked = await read(request, Ending)
            await actions.end_piece(ctx, piece_id, asked.state, on=asked.on, note=asked.note)
        except (Invalid, Conflict) as fault:
            values = {**await typed(request), "ending": str(piece_id)}
            return await _again(ctx, piece, values, fault)
        to = _whose(ctx, request, piece)
        return await done_once(ctx, request, to, said="已登记。")

    @post("/pieces/{piece_id:uuid}/strike-off", name="kit_strike_off", permission=StaffingRight.KIT)
    async def strike_off(
        self, ctx: Ctx, request: AnyRequest, piece_id: FromPath[UUID]
    ) -> Response[Any]:
        """It is looked for no more."""
        piece = await queries.piece_seen(ctx, piece_id, StaffingRight.KIT)
        try:
            asked = await read(request, StrikingOff)
            await actions.strike_off(ctx, piece_id, reason=asked.reason)
        except (Invalid, Conflict) as fault:
            values = {**await typed(request), "ending": str(piece_id)}
            return await _again(ctx, piece, values, fault)
        return done(request, _whose(ctx, request, piece), said="已核销，理由记入审计。")


def _whose(ctx: Context, request: AnyRequest, piece: Piece) -> str:
    if piece.staff_id is None:
        return url_of(ctx, request, "kit_unit", node_id=piece.node_id)
    return url_of(ctx, request, "kit_person", staff_id=piece.staff_id)


async def _again(
    ctx: Context, piece: Piece, values: dict[str, Any], fault: Invalid | Conflict
) -> Page:
    if piece.staff_id is None:
        return await _unit(ctx, piece.node_id, values=values, fault=fault)
    return await _person(ctx, piece.staff_id, values=values, fault=fault)


def names_of(ctx: Context) -> dict[str, str]:
    return {item.code: item.name for item in ctx.policy.ever.kit}


async def _person(
    ctx: Context,
    staff_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    fault: Invalid | Conflict | None = None,
) -> Page:
    found = await queries.pieces_of(ctx, staff_id)
    serves = [
        held
        for held in (await duties_of(ctx, [staff_id]))[staff_id]
        if ctx.actor.may(StaffingRight.READ, path=held.path)
    ]
    if not found and not serves:
        raise NotFound
    kit = ctx.policy.county.kit
    due = [item for item in kit if {held.post for held in serves} & set(item.posts)]
    out = {piece.item for piece in found if piece.state == KitState.OUT}
    return page(
        ctx,
        "staffing/kit_person.html",
        status_code=fault.status if fault else 200,
        staff_id=staff_id,
        person=serves[0].name if serves else found[0].person,
        serves=serves,
        posts=ctx.policy.posts,
        home=next((h for h in serves if any(h.post in item.posts for item in kit)), None),
        held=[piece for piece in found if piece.state == KitState.OUT],
        past=[piece for piece in found if piece.state != KitState.OUT],
        lacking=[item for item in whole_set(due) if item.code not in out],
        keys=[item for item in due if item.key],
        names=names_of(ctx),
        states=STATES,
        today=ctx.today,
        may_issue=ctx.actor.may(StaffingRight.KIT),
        values={"on": ctx.today.isoformat()} | (values or {}),
        errors=faults_of(fault, otherwise="item"),
    )


async def _unit(
    ctx: Context,
    node_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    fault: Invalid | Conflict | None = None,
) -> Page:
    node = await node_seen(ctx, node_id)
    if not ctx.actor.may(StaffingRight.READ, path=node.path):
        raise NotFound
    found = await queries.pieces_at(ctx, node_id)
    out = {piece.item for piece in found if piece.state == KitState.OUT}
    due = handed_to_units(ctx.policy.county.kit, node.level, node.area_type)
    return page(
        ctx,
        "staffing/kit_unit.html",
        status_code=fault.status if fault else 200,
        node=node,
        held=[piece for piece in found if piece.state == KitState.OUT],
        past=[piece for piece in found if piece.state != KitState.OUT],
        lacking=[item for item in due if item.code not in out],
        due=due,
        names=names_of(ctx),
        states=STATES,
        today=ctx.today,
        may_issue=ctx.actor.may(StaffingRight.KIT, path=node.path),
        values={"on": ctx.today.isoformat()} | (values or {}),
        errors=faults_of(fault, otherwise="item"),
    )
