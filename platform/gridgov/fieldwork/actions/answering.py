"""What becomes of lines: answers, looks at what is sealed, cases, and their end."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from gridgov.audit.actions import record, record_reveal
from gridgov.cases.types import Arisen
from gridgov.context import Context
from gridgov.fieldwork.actions.writing import unseal
from gridgov.fieldwork.models import (
    Campaign,
    CampaignTarget,
    LedgerCase,
    LedgerLine,
    LedgerTerm,
    TargetCase,
)
from gridgov.fieldwork.queries.campaigns import target_seen
from gridgov.fieldwork.queries.lines import line_seen, own_line
from gridgov.fieldwork.rules import ledger_of, may_become_case
from gridgov.fieldwork.types import LINE, TARGET, FieldRight, TargetState
from gridgov.grid.types import Redivision
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_, Sentence
from gridgov.notices.actions import notify

_LONGEST = 500


async def answer_line(ctx: Context, line_id: UUID, *, answer: str, link: str) -> None:
    """The desk answers an opinion, once, and who heard it is told: it goes back to the door."""
    found = await line_seen(ctx, line_id, FieldRight.ANSWER)
    ledger = ledger_of(ctx.policy.ever.ledgers, found.ledger)
    if not ledger.answered:
        raise NotFound
    answer = answer.strip()
    if not answer or len(answer) > _LONGEST:
        raise Invalid(fields={"answer": N_("请写答复，最多 500 个字。")})
    done = await ctx.session.scalar(
        update(LedgerLine)
        .where(LedgerLine.id == line_id, LedgerLine.answered_at.is_(None))
        .values(
            answer=answer,
            answered_by=ctx.actor.title or ctx.actor.name,
            answered_at=ctx.now,
        )
        .returning(LedgerLine.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Conflict("这一条已经有人答复了。")
    record(ctx, "ledger.answered", "ledger_line", line_id, ledger=ledger.code)
    await notify(
        ctx,
        [found.account_id],
        about=f"ledger.answered:{line_id}",
        text=Sentence("您记的“{what}”有答复了，请带给群众。", what=ledger.name),
        link=link,
    )


async def reveal_line(ctx: Context, line_id: UUID, *, purpose: str) -> dict[str, str]:
    """What is sealed in a line, for a reason that is kept and shown to the auditor."""
    found = await line_seen(ctx, line_id, FieldRight.REVEAL)
    why = purpose.strip()
    if not 2 <= len(why) <= 200:  # noqa: PLR2004
        raise Invalid(fields={"purpose": N_("请写明为什么要看。")})
    words = unseal(ctx, found)
    record_reveal(ctx, "ledger_line", line_id, fields=sorted(words), purpose=why)
    return words


async def keep_origin(ctx: Context, arisen: Arisen) -> None:
    """A case was reported out of a line or a target: the link is kept, for who may make it."""
    if arisen.about.kind == LINE:
        line = await own_line(ctx, arisen.about.id)
        declared = next((one for one in ctx.policy.ever.ledgers if one.code == line.ledger), None)
        if not may_become_case(declared):
            raise NotFound
        values = {"line_id": line.id, "case_id": arisen.case_id}
        await ctx.session.execute(
            insert(LedgerCase).values(tenant_id=ctx.tenant.id, id=new_id(), **values)
        )
    elif arisen.about.kind == TARGET:
        target = await target_seen(ctx, arisen.about.id)
        if target.state != TargetState.HAZARD:
            raise NotFound
        values = {"target_id": target.id, "case_id": arisen.case_id}
        await ctx.session.execute(
            insert(TargetCase).values(tenant_id=ctx.tenant.id, id=new_id(), **values)
        )


async def forget_lines(ctx: Context) -> int:
    """Delete what was kept long enough. How many; the audit keeps number and day."""
    over = select(LedgerLine.id).where(LedgerLine.expires_on <= ctx.today)
    for hanging, line_id in ((LedgerCase, LedgerCase.line_id), (LedgerTerm, LedgerTerm.id)):
        await ctx.session.execute(
            delete(hanging)
            .where(hanging.tenant_id == ctx.tenant.id, line_id.in_(over))
            .execution_options(synchronize_session=False)
        )
    await ctx.session.execute(
        update(LedgerLine)
        .where(LedgerLine.from_id.in_(over))
        .values(from_id=None)
        .execution_options(synchronize_session=False)
    )
    done = await ctx.session.scalars(
        delete(LedgerLine)
        .where(LedgerLine.expires_on <= ctx.today)
        .returning(LedgerLine.id)
        .execution_options(synchronize_session=False)
    )
    count = len(done.all())
    if count:
        record(ctx, "ledger.forgotten", "ledger_line", None, count=count, on=ctx.today)
    return count


async def forget_notes(ctx: Context) -> int:
    """Empty what was written at targets of campaigns that ended before the setting's days.

    What was found stays: state, failed checks, and the cases that arose.
    """
    days = int(ctx.setting("record_days"))
    over = select(Campaign.id).where(Campaign.last_on < ctx.today - timedelta(days=days))
    gone = await ctx.session.scalars(
        update(CampaignTarget)
        .where(CampaignTarget.campaign_id.in_(over), CampaignTarget.note != "")
        .values(note="")
        .returning(CampaignTarget.id)
        .execution_options(synchronize_session=False)
    )
    count = len(gone.all())
    if count:
        record(ctx, "campaign.notes_forgotten", "campaign", None, count=count, days=days)
    return count


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """What was written on an ended node lies with its successor; so do campaigns' targets."""
    heir = change.place_of(None, None)
    ended = [node.id for node in change.before]
    if heir.id in ended:
        return
    for model in (LedgerLine, Campaign, CampaignTarget):
        await ctx.session.execute(
            update(model)
            .where(model.node_id.in_(ended))
            .values(node_id=heir.id, node_path=heir.path)
            .execution_options(synchronize_session=False)
        )
