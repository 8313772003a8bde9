"""A post passes on: opened, signed by both, and then all at once."""

from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.access.actions.admitting import close_account
from gridgov.access.actions.following import end_bindings_at
from gridgov.access.actions.passing import pass_roles
from gridgov.access.queries.bindings import accounts_with
from gridgov.access.types import AccessRight
from gridgov.audit.actions import record
from gridgov.cases.actions.handing_on import hand_on
from gridgov.context import Context
from gridgov.contract.actor import system_actor
from gridgov.handover.models import Handover
from gridgov.handover.queries.handovers import (
    accounts_of,
    handover_seen,
    handovers_due,
    holding_of,
    rights_of_post,
    serves_besides,
    things_of,
)
from gridgov.handover.queries.showing import titled
from gridgov.handover.queries.turnovers import ids_named
from gridgov.handover.types import HandoverRight, HandoverRow, Kind
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_, Sentence
from gridgov.notices.actions import notify
from gridgov.staff.actions import appoint_post, vacate_post
from gridgov.staff.models import StaffMember
from gridgov.staff.queries import career_of
from gridgov.staff.rules import check_duty
from gridgov.staff.types import Holder, Term
from gridgov.staffing.actions import pass_keys

ACTING: Final = N_("岗位交接")
"""Under this name what follows from two signatures is done."""

_LONGEST: Final = 500


async def open_handover(
    ctx: Context,
    holding_id: UUID,
    *,
    successor: str,
    kind: Kind,
    on: date,
    note: str = "",
    link: str = "",
) -> UUID:
    """Begin to hand a post over to the person with a number; both are asked to sign."""
    held = await holding_of(ctx, holding_id)
    if held.valid_to is not None and held.valid_to <= ctx.today:
        raise Conflict("这个岗位已于 {day} 卸任。", day=held.valid_to)
    if on < ctx.today:
        raise Invalid(fields={"on": "交接日不能早于今天。"})
    if len(note) > _LONGEST:
        raise Invalid(fields={"note": "写得太长了，最多 {n} 个字。"}, n=_LONGEST)
    successor_id = await ids_named(ctx, successor.strip())
    if successor_id is None:
        raise Invalid(fields={"successor": "没有这个工号，或者已经离职。"})
    if successor_id == held.staff_id:
        raise Invalid(fields={"successor": "接任人不能是本人。"})
    await _check_free(ctx, successor_id, held, on)
    open_one = await ctx.session.scalar(
        select(Handover.id).where(
            Handover.holding_id == holding_id,
            Handover.done_at.is_(None),
            Handover.cancelled_at.is_(None),
        )
    )
    if open_one is not None:
        raise Conflict("这个岗位已经在交接了。")
    handover_id = new_id()
    await ctx.session.execute(
        insert(Handover).values(
            tenant_id=ctx.tenant.id,
            id=handover_id,
            kind=kind,
            holding_id=holding_id,
            post=held.post,
            node_id=held.node_id,
            leaver_id=held.staff_id,
            successor_id=successor_id,
            on=on,
            note=note.strip(),
            opened_by=ctx.actor.account_id,
            opened_at=ctx.now,
        )
    )
    record(ctx, "handover.opened", "handover", handover_id, post=held.post, on=on)
    accounts = await accounts_of(ctx, (successor_id,))
    await notify(
        ctx,
        [held.account_id, accounts.get(successor_id)],
        about=f"handover.opened:{handover_id}",
        text=Sentence("请核对并签字：{place}的岗位交接", place=held.node_name),
        link=link.format(id=handover_id),
        urgent=True,
    )
    return handover_id


async def sign(ctx: Context, handover_id: UUID) -> bool:
    """The leaver's or the successor's own signature; whether the post passed on by it."""
    row = await _waiting(ctx, handover_id)
    if ctx.actor.staff_id is not None and ctx.actor.staff_id == row.leaver_id:
        if row.given_at is not None:
            raise Conflict("已经签过字了。")
        signed: dict[str, Any] = {"given_at": ctx.now, "given_by": ctx.actor.account_id}
    elif ctx.actor.staff_id is not None and ctx.actor.staff_id == row.successor_id:
        if row.taken_at is not None:
            raise Conflict("已经签过字了。")
        signed = {"taken_at": ctx.now}
    else:
        raise NotAllowed("只有交出的人和接任的人能签字。")
    return await _signed(ctx, row, signed, "handover.signed")


async def sign_for_leaver(ctx: Context, handover_id: UUID, *, reason: str) -> bool:
    """Somebody above signs for a leaver who is not there, and says why."""
    row = await _waiting(ctx, handover_id)
    if not ctx.actor.may(HandoverRight.SIGN, path=row.path):
        raise NotFound
    if ctx.actor.staff_id in {row.leaver_id, row.successor_id}:
        raise NotAllowed("代签的人不能是交出或接任的人。")
    if row.given_at is not None:
        raise Conflict("交出的人已经签过字了。")
    if not reason.strip() or len(reason) > _LONGEST:
        raise Invalid(fields={"reason": "请写明本人为什么不能签字。"})
    signed = {
        "given_at": ctx.now,
        "given_by": ctx.actor.account_id,
        "given_for": reason.strip(),
    }
    return await _signed(ctx, row, signed, "handover.signed_for")


async def cancel_handover(ctx: Context, handover_id: UUID) -> None:
    """Call it off before it is done; nothing has changed by it."""
    row = await _waiting(ctx, handover_id)
    if not ctx.actor.may(HandoverRight.OPEN, path=row.path):
        raise NotFound
    await ctx.session.execute(
        update(Handover).where(Handover.id == handover_id).values(cancelled_at=ctx.now)
    )
    record(ctx, "handover.cancelled", "handover", handover_id)


async def complete_due(ctx: Context) -> None:
    """What both signed and whose day has come. For the schedule."""
    for row in await handovers_due(ctx, ctx.today):
        await _complete(ctx, row)


async def _check_free(ctx: Context, successor_id: UUID, held: Holder, on: date) -> None:
    """Who works full time elsewhere cannot take the post as well."""
    employment = await ctx.session.scalar(
        select(StaffMember.employment).where(StaffMember.id == successor_id)
    )
    try:
        check_duty(
            employment or "",
            Term(on),
            acting=False,
            held=await career_of(ctx, successor_id),
            node_name=held.node_name,
        )
    except Conflict as fault:
        raise Invalid(fields={"successor": str(fault)}) from fault


async def _waiting(ctx: Context, handover_id: UUID) -> HandoverRow:
    await ctx.session.execute(
        select(Handover.id).where(Handover.id == handover_id).with_for_update()
    )
    row = await handover_seen(ctx, handover_id)
    if row.done_at is not None:
        raise Conflict("已经交接完了。")
    if row.cancelled_at is not None:
        raise Conflict("这次交接已经取消了。")
    return row


async def _signed(ctx: Context, row: HandoverRow, signed: dict[str, Any], verb: str) -> bool:
    await ctx.session.execute(update(Handover).where(Handover.id == row.id).values(**signed))
    record(ctx, verb, "handover", row.id, reason=signed.get("given_for"))
    both = replace(row, **{name: at for name, at in signed.items() if name != "given_by"})
    if both.signed and both.on <= ctx.today:
        await _complete(ctx, both)
        return True
    return False


async def _complete(ctx: Context, row: HandoverRow) -> None:
    """The post, what hangs on it and the access that goes with it, in one transaction.

    Only the leaver's own signature gives what they hold. Where somebody signed for them, or the
    successor may not have it, it ends all the same and the security admin decides.
    """
    things = await things_of(ctx, row)
    own = replace(ctx, actor=system_actor(ACTING))
    accounts = await accounts_of(ctx, (row.leaver_id, row.successor_id))
    giver, taker = accounts.get(row.leaver_id), accounts.get(row.successor_id)
    rights = await rights_of_post(ctx, row)
    besides = await serves_besides(ctx, row)
    await _pass_post(own, row)
    if giver is not None and taker is not None:
        words = Sentence("岗位交接：后续由{place}的接任人跟进。", place=row.node_name)
        await hand_on(own, row.path, giver=giver, taker=taker, note=str(words))
    await pass_keys(own, row.leaver_id, row.successor_id, row.node_id, note=ACTING)
    if giver is not None and not besides:
        await end_bindings_at(own, giver, row.node_id)
    passed = [] if row.given_for else [one for one in rights if not one.refused]
    await pass_roles(own, passed, on=ctx.today)
    if row.kind == Kind.LEAVE:
        await _let_go(own, row, has_account=giver is not None)
    kept = [
        {
            "what": one.what,
            "words": "" if titled(one) else one.words,
            "code": one.code,
            "note": one.note,
        }
        for one in things
    ]
    await ctx.session.execute(
        update(Handover).where(Handover.id == row.id).values(done_at=ctx.now, things=kept)
    )
    record(ctx, "handover.done", "handover", row.id, post=row.post, count=len(things))
    await _tell_done(ctx, row, taker, waiting=len(rights) - len(passed))


async def _tell_done(ctx: Context, row: HandoverRow, taker: UUID | None, *, waiting: int) -> None:
    """Those whose business it was; who gives roles hears of it too, and can take them back."""
    opener = await ctx.session.scalar(select(Handover.opened_by).where(Handover.id == row.id))
    words = Sentence("{place}的岗位交接完成，权限已随岗位移交。", place=row.node_name)
    if waiting:
        words = Sentence(
            "{place}的岗位交接完成，还有 {n} 项权限要由安全管理员授予。",
            place=row.node_name,
            n=waiting,
        )
    about = f"handover.done:{row.id}"
    link = f"/{ctx.tenant.slug}/handovers/{row.id}"
    await notify(ctx, [taker, opener], about=about, text=words, link=link)
    givers = await accounts_with(ctx, AccessRight.GRANT, row.path)
    link = f"/{ctx.tenant.slug}/access/bindings?{urlencode({'q': row.node_name})}"
    await notify(ctx, givers, about=about, text=words, link=link, urgent=waiting > 0)


async def _pass_post(ctx: Context, row: HandoverRow) -> None:
    career = await career_of(ctx, row.leaver_id)
    held = next((one for one in career if one.id == row.holding_id), None)
    if held is not None and (held.valid_to is None or held.valid_to > ctx.today):
        await vacate_post(ctx, held.id, on=max(ctx.today, held.valid_from))
    there = [
        one
        for one in await career_of(ctx, row.successor_id)
        if (one.node_id, one.post) == (row.node_id, row.post)
        and one.term.overlaps(Term(ctx.today))
        and not one.acting
    ]
    if not there:
        await appoint_post(
            ctx, row.successor_id, node_id=row.node_id, post=row.post, valid_from=ctx.today
        )


async def _let_go(ctx: Context, row: HandoverRow, *, has_account: bool) -> None:
    """Who leaves altogether: every other post, the account, and the day in the staff list."""
    for held in await career_of(ctx, row.leaver_id):
        if held.valid_to is None or held.valid_to > ctx.today:
            await vacate_post(ctx, held.id, on=max(ctx.today, held.valid_from))
    if has_account:
        await close_account(ctx, row.leaver_id)
    await ctx.session.execute(
        update(StaffMember).where(StaffMember.id == row.leaver_id).values(left_on=ctx.today)
    )
    record(ctx, "staff.left", "staff", row.leaver_id, on=ctx.today)
