"""What is to do, what is done, and how the county's installation is doing."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from gridgov.accounts.models import Account, Membership
from gridgov.calendar.lookup import horizon
from gridgov.cases.models import Case, CaseStep
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.cases.queries.worklist import COLUMNS, CaseRow
from gridgov.context import Context
from gridgov.desk.types import Health
from gridgov.grid.models import GridNode
from gridgov.kernel.outbox import OutboxDelivery, OutboxEvent
from gridgov.staff.models import PostHolding, StaffMember


def start_of_today(ctx: Context) -> datetime:
    """Midnight in the county."""
    zone = ZoneInfo(ctx.tenant.zone)
    return datetime.combine(ctx.now.astimezone(zone).date(), time(), zone)


async def done_today(ctx: Context, *, limit: int = 30) -> list[CaseRow]:
    """The cases that the actor moved on today."""
    touched = select(CaseStep.case_id).where(
        CaseStep.tenant_id == ctx.tenant.id,
        CaseStep.account_id == ctx.actor.account_id,
        CaseStep.at >= start_of_today(ctx),
        CaseStep.action != "report",
    )
    found = await ctx.session.execute(
        cases_seen_by(ctx.actor)
        .with_only_columns(*COLUMNS)
        .where(Case.id.in_(touched))
        .order_by(Case.id.desc())
        .limit(limit)
    )
    return [CaseRow(*row) for row in found]


async def health(ctx: Context) -> Health:
    """The administrator's figures: counts only, nobody's name."""
    ahead = await horizon(ctx)
    members = (
        select(func.count(), func.count().filter(Account.password.is_(None)))
        .select_from(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.tenant_id == ctx.tenant.id, Membership.ended_at.is_(None))
    )
    _, never_in = (await ctx.session.execute(members)).one()
    people = await ctx.session.scalar(
        select(func.count()).select_from(StaffMember).where(StaffMember.left_on.is_(None))
    )
    parked = await ctx.session.scalar(
        select(func.count()).select_from(OutboxDelivery).where(OutboxDelivery.state == "parked")
    )
    oldest = await ctx.session.scalar(
        select(func.min(OutboxEvent.run_at)).where(OutboxEvent.done_at.is_(None))
    )
    return Health(
        people=people or 0,
        never_in=never_in,
        vacancies=await _vacancies(ctx),
        parked=parked or 0,
        oldest_event=oldest,
        calendar_days=ahead.days,
        calendar_alarm=ahead.alarm,
        tenant_state=ctx.tenant.state,
    )


async def _vacancies(ctx: Context) -> int:
    """Units whose answering post nobody holds today."""
    today = start_of_today(ctx).date()
    answering = {level: post.code for post in ctx.policy.county.posts if post.answers
                 for level in post.levels}  # fmt: skip
    held = select(PostHolding.node_id).where(
        PostHolding.tenant_id == ctx.tenant.id,
        PostHolding.post.in_(answering.values()),
        PostHolding.valid_from <= today,
        (PostHolding.valid_to.is_(None)) | (PostHolding.valid_to > today),
    )
    empty = await ctx.session.scalar(
        select(func.count())
        .select_from(GridNode)
        .where(
            GridNode.level.in_(answering), GridNode.valid_to.is_(None), GridNode.id.not_in(held)
        )
    )
    return empty or 0
