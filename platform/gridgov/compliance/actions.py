"""Switching on for a reason and until a day, with two pairs of eyes; and off again."""

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from gridgov.access.queries.bindings import accounts_with
from gridgov.audit.actions import record
from gridgov.compliance.models import SwitchGrant
from gridgov.compliance.rules import faults_of
from gridgov.compliance.types import ABOUT, ComplianceRight, GrantState
from gridgov.context import Context
from gridgov.contract.compliance import Switch
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_, Sentence
from gridgov.notices.actions import notify

WARNED_BEFORE: Final = timedelta(days=14)
_OPEN: Final = (GrantState.ASKED, GrantState.ON)


async def ask_switch(
    ctx: Context, switch: Switch, *, document: str, article: str, reason: str, expires_on: date
) -> UUID:
    """Record on what basis a switch shall be on. It stays off until a second person confirms."""
    faults = faults_of(
        switch,
        document=document,
        article=article,
        reason=reason,
        expires_on=expires_on,
        today=ctx.today,
    )
    if faults:
        raise Invalid(fields=faults)
    await _end_past(ctx, switch)
    if await ctx.session.scalar(
        select(SwitchGrant.id).where(SwitchGrant.switch == switch, SwitchGrant.state.in_(_OPEN))
    ):
        raise Conflict("这一项已经开启或正在等人确认，不用再申请。")
    grant_id = new_id()
    await ctx.session.execute(
        insert(SwitchGrant).values(
            tenant_id=ctx.tenant.id,
            id=grant_id,
            switch=switch.value,
            state=GrantState.ASKED,
            asked_by=ctx.actor.account_id,
            asked_at=ctx.now,
            asker=_who(ctx),
            document=document.strip(),
            article=article.strip(),
            reason=reason.strip(),
            expires_on=expires_on,
        )
    )
    _record(ctx, "compliance.asked", grant_id, switch, document=document.strip())
    await _tell(
        ctx, grant_id, switch, "compliance.asked", said=N_("有人申请开启“{name}”，等您确认。")
    )
    return grant_id


async def decide_switch(ctx: Context, grant_id: UUID, *, confirm: bool, note: str = "") -> None:
    """Confirm or decline, as somebody else than who asked."""
    row = await _grant(ctx, grant_id)
    if row.asked_by == ctx.actor.account_id:
        raise NotAllowed("自己申请的开关要由另一个人确认。")
    if row.state != GrantState.ASKED:
        raise Conflict("这项申请已经有人处理了。")
    if confirm and row.expires_on < ctx.today:
        raise Conflict("申请里的到期日已经过了，请退回，重新申请。")
    await ctx.session.execute(
        update(SwitchGrant)
        .where(SwitchGrant.id == grant_id)
        .values(
            state=GrantState.ON if confirm else GrantState.DECLINED,
            decided_by=ctx.actor.account_id,
            decided_at=ctx.now,
            decider=_who(ctx),
            note=note.strip(),
        )
    )
    verb = "compliance.confirmed" if confirm else "compliance.declined"
    switch = Switch(row.switch)
    _record(ctx, verb, grant_id, switch, document=row.document)
    said = N_("“{name}”已经开启。") if confirm else N_("开启“{name}”的申请没有通过。")
    await _tell(ctx, grant_id, switch, verb, said=said, to=[row.asked_by])


async def end_switch(ctx: Context, grant_id: UUID) -> None:
    """Off at once, or the request taken back; needs no second person."""
    row = await _grant(ctx, grant_id)
    if row.state not in _OPEN:
        raise Conflict("这一项已经关了。")
    await _end(ctx, grant_id, Switch(row.switch))


async def end_expired(ctx: Context) -> None:
    """What expires goes off by itself; who asked is told two weeks before, and when it is off."""
    found = await ctx.session.execute(
        select(
            SwitchGrant.id,
            SwitchGrant.switch,
            SwitchGrant.expires_on,
            SwitchGrant.asked_by,
            SwitchGrant.warned_at,
        ).where(SwitchGrant.state.in_(_OPEN), SwitchGrant.expires_on <= ctx.today + WARNED_BEFORE)
    )
    for row in found.all():
        switch = Switch(row.switch)
        if row.expires_on < ctx.today:
            await _end(ctx, row.id, switch)
            said = N_("“{name}”到期，已自动关闭。")
            await _tell(ctx, row.id, switch, "compliance.ended", said=said, to=[row.asked_by])
        elif row.warned_at is None:
            await ctx.session.execute(
                update(SwitchGrant).where(SwitchGrant.id == row.id).values(warned_at=ctx.now)
            )
            said = N_("“{name}”到 {day} 自动关闭。")
            day = row.expires_on.isoformat()
            await _tell(
                ctx, row.id, switch, "compliance.warned", said=said, to=[row.asked_by], day=day
            )


async def _end_past(ctx: Context, switch: Switch) -> None:
    """What should be off by its day, and no worker came by."""
    past = await ctx.session.scalars(
        select(SwitchGrant.id).where(
            SwitchGrant.switch == switch,
            SwitchGrant.state.in_(_OPEN),
            SwitchGrant.expires_on < ctx.today,
        )
    )
    for grant_id in past.all():
        await _end(ctx, grant_id, switch)


async def _end(ctx: Context, grant_id: UUID, switch: Switch) -> None:
    await ctx.session.execute(
        update(SwitchGrant)
        .where(SwitchGrant.id == grant_id)
        .values(state=GrantState.OVER, ended_at=ctx.now)
    )
    _record(ctx, "compliance.ended", grant_id, switch)


async def _grant(ctx: Context, grant_id: UUID) -> Row[*tuple[Any, ...]]:
    found = await ctx.session.execute(
        select(
            SwitchGrant.switch,
            SwitchGrant.state,
            SwitchGrant.document,
            SwitchGrant.expires_on,
            SwitchGrant.asked_by,
        )
        .where(SwitchGrant.id == grant_id)
        .with_for_update()
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


def _who(ctx: Context) -> str:
    return ctx.actor.title or ctx.actor.name


def _record(ctx: Context, verb: str, grant_id: UUID, switch: Switch, *, document: str = "") -> None:
    record(ctx, verb, "switch", grant_id, switch=switch.value, document=document)


async def _tell(
    ctx: Context,
    grant_id: UUID,
    switch: Switch,
    verb: str,
    *,
    said: str,
    to: list[UUID | None] | None = None,
    **places: str,
) -> None:
    """Who asked; of a request those who may confirm it."""
    told = await accounts_with(ctx, ComplianceRight.CONFIRM) if to is None else to
    await notify(
        ctx,
        [one for one in told if one != ctx.actor.account_id],
        about=f"{verb}:{grant_id}",
        text=Sentence(said, name=ABOUT[switch].name, **places),
        link=f"/{ctx.tenant.slug}/compliance",
    )
