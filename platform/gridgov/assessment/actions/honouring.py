"""Nominating somebody with a story; nothing is published that they did not agree to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, insert, select, update

from gridgov.access.queries.bindings import accounts_with
from gridgov.accounts.models import Membership
from gridgov.assessment.models import Nomination
from gridgov.assessment.queries.reviews import leads
from gridgov.assessment.types import AssessmentRight, NominationState
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.grid.queries.nodes import node_by_code
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_
from gridgov.notices.actions import notify
from gridgov.staff.queries import holders_at


async def nominate(ctx: Context, honour: str, *, node: str, post: str, story: str) -> UUID:
    """Nominate who holds the post at a place that one's right reaches. The nominated is asked."""
    faults: dict[str, str] = {}
    if honour not in {one.code for one in ctx.policy.county.honours}:
        faults["honour"] = "没有这一项，请重新选择。"
    place = await node_by_code(ctx, node.strip())
    if place is None or not ctx.actor.may(AssessmentRight.NOMINATE, path=place.path):
        faults["node"] = "没有这个代码的网格单元，或者不归您管。"
    held = await holders_at(ctx, place.path, post) if place is not None and not faults else []
    if place is not None and not faults and not held:
        faults["post"] = "这个岗位现在没有人。"
    if held and held[0].staff_id == ctx.actor.staff_id:
        faults["post"] = "不能提名自己。"
    if faults or place is None:
        raise Invalid(fields=faults)
    nomination_id = new_id()
    await ctx.session.execute(
        insert(Nomination).values(
            tenant_id=ctx.tenant.id,
            id=nomination_id,
            honour=honour,
            staff_id=held[0].staff_id,
            node_id=place.id,
            post=post,
            story=ctx.vault.seal("nominations", nomination_id, "story", story.strip()),
            state=NominationState.NOMINATED,
            nominated_by=ctx.actor.account_id,
            nominator=ctx.actor.title or ctx.actor.name,
            nominated_at=ctx.now,
        )
    )
    record(ctx, "honour.nominated", "nomination", nomination_id, honour=honour)
    said = N_("有人提名您，请看故事写得对不对、愿不愿意公布。")
    await _tell(ctx, nomination_id, "honour.nominated", to=[held[0].account_id], said=said)
    return nomination_id


async def answer_nomination(ctx: Context, nomination_id: UUID, *, agree: bool) -> None:
    """The nominated person agrees to the story and to its being published, or does not."""
    row = await _nomination(ctx, nomination_id)
    if ctx.actor.staff_id is None or row.staff_id != ctx.actor.staff_id:
        raise NotFound
    if row.state != NominationState.NOMINATED:
        raise Conflict("这条提名已经答复过了。")
    state = NominationState.AGREED if agree else NominationState.REFUSED
    await _move(ctx, nomination_id, state, answered_at=ctx.now)
    said = (
        N_("您提名的人同意了，等中心公布。")
        if agree
        else N_("您提名的人不愿意公布，提名到此为止。")
    )
    told = [row.nominated_by]
    await _tell(ctx, nomination_id, f"honour.{state}", to=told, said=said)
    if agree:
        decides = await accounts_with(ctx, AssessmentRight.LEAD)
        said = N_("有一条先进提名等您公布。")
        await _tell(ctx, nomination_id, "honour.waiting", to=decides, said=said)


async def decide_nomination(ctx: Context, nomination_id: UUID, *, publish: bool) -> None:
    """Publish it to everybody who works here, or leave it; never without consent."""
    if not await leads(ctx):
        raise NotFound
    row = await _nomination(ctx, nomination_id)
    if row.state != NominationState.AGREED:
        raise Conflict("本人同意以后才能公布；已经定过的不能再改。")
    state = NominationState.PUBLISHED if publish else NominationState.DECLINED
    published = {"published_at": ctx.now} if publish else {}
    await _move(ctx, nomination_id, state, decided_by=ctx.actor.account_id, **published)
    said = N_("您的先进事迹公布了。") if publish else N_("这次没有评上，谢谢您的付出。")
    await _tell(ctx, nomination_id, f"honour.{state}", to=[row.account_id], said=said)


async def withdraw_consent(ctx: Context, nomination_id: UUID) -> None:
    """Taking consent back is as easy as giving it: the story is no longer shown."""
    row = await _nomination(ctx, nomination_id)
    if ctx.actor.staff_id is None or row.staff_id != ctx.actor.staff_id:
        raise NotFound
    if row.state not in (NominationState.AGREED, NominationState.PUBLISHED):
        raise Conflict("这条提名没有可以撤回的同意。")
    await _move(ctx, nomination_id, NominationState.REFUSED, answered_at=ctx.now)


async def _move(ctx: Context, nomination_id: UUID, state: NominationState, **values: Any) -> None:
    await ctx.session.execute(
        update(Nomination).where(Nomination.id == nomination_id).values(state=state, **values)
    )
    record(ctx, f"honour.{state}", "nomination", nomination_id)


async def _nomination(ctx: Context, nomination_id: UUID) -> Row[*tuple[Any, ...]]:
    found = await ctx.session.execute(
        select(
            Nomination.staff_id,
            Nomination.state,
            Nomination.nominated_by,
            Membership.account_id,
        )
        .outerjoin(
            Membership,
            and_(
                Membership.staff_id == Nomination.staff_id,
                Membership.tenant_id == Nomination.tenant_id,
                Membership.ended_at.is_(None),
            ),
        )
        .where(Nomination.id == nomination_id)
        .with_for_update(of=Nomination)
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


async def _tell(
    ctx: Context, nomination_id: UUID, about: str, *, to: Sequence[UUID | None], said: str
) -> None:
    await notify(
        ctx,
        [one for one in to if one != ctx.actor.account_id],
        about=f"{about}:{nomination_id}",
        text=said,
        link=f"/{ctx.tenant.slug}/honours",
    )
