"""Handing kit out, taking it back, and saying that it is gone."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.contract.staffing import KitItem
from gridgov.grid.queries.nodes import node_of
from gridgov.grid.types import ChangeKind, NodeRow, Redivision
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.staff.queries import career_of
from gridgov.staffing.models import KitPiece
from gridgov.staffing.queries.kit import piece_seen, still_held
from gridgov.staffing.rules import handed_to_people, handed_to_units, whole_set
from gridgov.staffing.types import KitState, StaffingRight

_LONGEST: Final = 60


async def issue_set(ctx: Context, staff_id: UUID, node_id: UUID, *, on: date) -> int:
    """Hand a person all that their posts on the unit ask for and they lack; how many."""
    node = await _unit(ctx, node_id)
    due = await _due(ctx, staff_id, node)
    out = await _out(ctx, KitPiece.staff_id == staff_id)
    lacking = [item for item in whole_set(due) if item.code not in out]
    if not lacking:
        raise Conflict("这个人已经领齐了。")
    for item in lacking:
        await _issue(ctx, item.code, node.id, staff_id, mark="", on=on)
    return len(lacking)


async def issue_piece(
    ctx: Context, code: str, node_id: UUID, *, staff_id: UUID | None, mark: str, on: date
) -> None:
    """Hand out one thing: to a person with a post on the unit, or to the unit."""
    node = await _unit(ctx, node_id)
    mine: ColumnElement[bool]
    if staff_id is None:
        due = handed_to_units(ctx.policy.county.kit, node.level, node.area_type)
        mine = (KitPiece.node_id == node.id) & KitPiece.staff_id.is_(None)
    else:
        due = await _due(ctx, staff_id, node)
        mine = KitPiece.staff_id == staff_id
    item = next((item for item in due if item.code == code), None)
    if item is None:
        raise Invalid(fields={"item": "这里不配这一样。"})
    if len(mark) > _LONGEST:
        raise Invalid(fields={"mark": "编号太长了。"})
    if item.key and not mark.strip():
        raise Invalid(fields={"mark": "请写明是哪里的钥匙。"})
    if not item.key and code in await _out(ctx, mine):
        raise Conflict("“{item}”已经领了，还没有归还。", item=item.name)
    await _issue(ctx, code, node.id, staff_id, mark=mark.strip(), on=on)


async def end_piece(
    ctx: Context, piece_id: UUID, state: KitState, *, on: date, note: str = ""
) -> None:
    """It was given back, or is gone. What was gone may be given back after all."""
    piece = await piece_seen(ctx, piece_id, StaffingRight.KIT)
    ended = {state, KitState.RETURNED, KitState.STRUCK_OFF}
    if state not in {KitState.RETURNED, KitState.MISSING} or piece.state in ended:
        raise Conflict("这一样已经登记过了。")
    if on < piece.issued_on:
        raise Invalid(fields={"on": "不能早于领用的日子 {day}。"}, day=piece.issued_on)
    if len(note) > _LONGEST:
        raise Invalid(fields={"note": "写得太长了，最多 {n} 个字。"}, n=_LONGEST)
    await ctx.session.execute(
        update(KitPiece)
        .where(KitPiece.id == piece_id)
        .values(state=state, ended_on=on, note=note.strip())
    )
    record(ctx, f"kit.{state}", "kit", piece_id, item=piece.item, on=on)


async def strike_off(ctx: Context, piece_id: UUID, *, reason: str) -> None:
    """What is missing is looked for no more, and why; when it was missed stays."""
    piece = await piece_seen(ctx, piece_id, StaffingRight.KIT)
    if piece.state != KitState.MISSING:
        raise Conflict("只有登记了遗失的才能核销。")
    if not reason.strip() or len(reason) > _LONGEST:
        raise Invalid(fields={"reason": "请写明为什么核销，六十字以内。"})
    await ctx.session.execute(
        update(KitPiece)
        .where(KitPiece.id == piece_id)
        .values(state=KitState.STRUCK_OFF, struck_off_for=reason.strip())
    )
    record(ctx, "kit.struck_off", "kit", piece_id, item=piece.item, reason=reason.strip())


async def pass_keys(ctx: Context, giver: UUID, taker: UUID, node_id: UUID, *, note: str) -> None:
    """The keys that somebody holds at a unit go straight to who takes over; for a hand-over."""
    keys = {item.code for item in ctx.policy.county.kit if item.key}
    for piece in await still_held(ctx, giver):
        if piece.item not in keys or piece.node_id != node_id:
            continue
        await ctx.session.execute(
            update(KitPiece)
            .where(KitPiece.id == piece.id)
            .values(state=KitState.RETURNED, ended_on=ctx.today, note=note)
        )
        record(ctx, "kit.returned", "kit", piece.id, item=piece.item, on=ctx.today)
        await _issue(ctx, piece.item, node_id, taker, mark=piece.mark, on=ctx.today)


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """What is out on a unit that ended is out on the one that keeps its code."""
    if change.kind is ChangeKind.MOVE:
        return
    await ctx.session.execute(
        update(KitPiece)
        .where(
            KitPiece.node_id.in_([node.id for node in change.before]),
            KitPiece.state == KitState.OUT,
        )
        .values(node_id=change.after[0].id)
        .execution_options(synchronize_session=False)
    )


async def _issue(
    ctx: Context, item: str, node_id: UUID, staff_id: UUID | None, *, mark: str, on: date
) -> None:
    piece_id = new_id()
    await ctx.session.execute(
        insert(KitPiece).values(
            tenant_id=ctx.tenant.id,
            id=piece_id,
            item=item,
            node_id=node_id,
            staff_id=staff_id,
            state=KitState.OUT,
            mark=mark,
            issued_on=on,
        )
    )
    record(ctx, "kit.issued", "kit", piece_id, item=item, on=on)


async def _unit(ctx: Context, node_id: UUID) -> NodeRow:
    node = await node_of(ctx, node_id)
    if node is None or not ctx.actor.may(StaffingRight.KIT, path=node.path):
        raise NotFound
    return node


async def _due(ctx: Context, staff_id: UUID, node: NodeRow) -> list[KitItem]:
    """What the person's posts on the unit ask for; NotFound for who has none there."""
    today = ctx.today
    posts = [
        held.post
        for held in await career_of(ctx, staff_id)
        if held.node_id == node.id
        and held.valid_from <= today
        and (held.valid_to is None or held.valid_to > today)
    ]
    if not posts:
        raise NotFound
    return handed_to_people(ctx.policy.county.kit, posts, node.area_type)


async def _out(ctx: Context, mine: ColumnElement[bool]) -> set[str]:
    found = select(KitPiece.item).where(mine, KitPiece.state == KitState.OUT)
    return set(await ctx.session.scalars(found))
