"""Computing a review's figures, part by part, each in a transaction of its own.

What was computed is kept with the digest of the rules that it was computed by, and never rewritten:
computed again it is another evaluation beside the first.
"""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from gridgov.assessment.models import ReviewEvaluation, ReviewHeld, ReviewPart
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.departments import departments_of
from gridgov.assessment.queries.figures import computable, counted
from gridgov.assessment.rules.periods import bounds, months_of
from gridgov.assessment.rules.reviewing import parts_of, questions_of
from gridgov.assessment.types import (
    EVALUATE,
    QUESTIONS,
    UNITS,
    Counts,
    Period,
    ReviewRow,
    ReviewState,
)
from gridgov.audit.actions import record
from gridgov.calendar.lookup import calendar_for
from gridgov.context import Context
from gridgov.contract.assessment import Review
from gridgov.grid.models import GridNode
from gridgov.kernel.durations import deadline, working_days
from gridgov.kernel.errors import Conflict, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import Event, emit

FIRST, AGAIN, APPEALED = "first", "again", "appealed"
"""Why an evaluation was begun."""


async def begin_evaluation(ctx: Context, review_id: UUID, *, why: str = AGAIN) -> UUID:
    """Compute the figures (again), by the rules of the first time; a job does it part by part."""
    if why != APPEALED and not await queries.leads(ctx):
        raise NotFound
    review = await queries.review_of(ctx, review_id, lock=True)
    if review.state == ReviewState.PUBLISHED:
        raise Conflict("这次讲评已经通报，数据不再变。")
    before = await queries.evaluations(ctx, review_id)
    if before and before[0].finished_at is None and why != APPEALED:
        raise Conflict("正在计算，算完再看。")
    rules = before[-1] if before else None
    edition = ctx.policy.editions[0]
    evaluation_id = new_id()
    await ctx.session.execute(
        insert(ReviewEvaluation).values(
            tenant_id=ctx.tenant.id,
            id=evaluation_id,
            review_id=review_id,
            number=len(before) + 1,
            digest=rules.digest if rules else edition.digest,
            edition_at=rules.edition_at if rules else edition.taken_at,
            why=why if before else FIRST,
            started_by=ctx.actor.account_id,
            started_at=ctx.now,
        )
    )
    record(ctx, "review.evaluated", "review", review_id, number=len(before) + 1, why=why)
    await _next(ctx, evaluation_id, parts_of(review)[0])
    return evaluation_id


async def evaluate_part(ctx: Context, event: Event) -> None:
    """Compute one part, keep it, and ask for the next; with the last one appeals begin."""
    evaluation_id, part = event.subject, str(event.payload["part"])
    found = (
        await ctx.session.execute(
            select(ReviewEvaluation.review_id, ReviewEvaluation.digest).where(
                ReviewEvaluation.id == evaluation_id
            )
        )
    ).one()
    review = await queries.review_of(ctx, found.review_id)
    rules = queries.declared(ctx, review.kind, found.digest)
    content = await _computed(ctx, part, review, rules=rules, evaluation=evaluation_id)
    await ctx.session.execute(
        insert(ReviewPart).values(
            tenant_id=ctx.tenant.id,
            id=new_id(),
            evaluation_id=evaluation_id,
            part=part,
            content=msgspec.to_builtins(content),
            at=ctx.now,
        )
    )
    parts = parts_of(review)
    following = parts[parts.index(part) + 1 :]
    if following:
        await _next(ctx, evaluation_id, following[0])
    else:
        await _finish(ctx, review, rules, evaluation_id)


async def _next(ctx: Context, evaluation_id: UUID, part: str) -> None:
    await emit(
        ctx.session,
        ctx.tenant.id,
        EVALUATE,
        evaluation_id,
        at=ctx.now,
        actor=ctx.actor.account_id,
        part=part,
    )


async def _computed(
    ctx: Context, part: str, review: ReviewRow, *, rules: Review, evaluation: UUID
) -> Any:
    period = Period(review.period, review.period, review.since, review.until)
    if part == UNITS:
        counts = await _units(ctx, rules, period)
        return {"by_path": counts.by_path, "whole": sorted(counts.whole)}
    if part != QUESTIONS:
        months = [*months_of(review.since, review.until)]
        month = months[parts_of(review).index(part)]
        return await departments_of(
            ctx,
            bounds(month, ctx.tenant.zone),
            stars=rules.satisfied,
            left_out=await queries.left_out(ctx, review.id),
            overdue=month == months[-1],
        )
    units: Any = await ctx.session.scalar(
        select(ReviewPart.content).where(
            ReviewPart.evaluation_id == evaluation, ReviewPart.part == UNITS
        )
    )
    counts = Counts(units["by_path"], frozenset(units["whole"]))
    return list(questions_of(counts, rules.compares, await _stations(ctx)))


async def _units(ctx: Context, rules: Review, period: Period) -> Counts:
    wanted = {*rules.figures, *(c for one in rules.compares for c in (one.much, one.little))}
    figures = [figure for figure in ctx.policy.county.figures if figure.code in wanted]
    return await counted(ctx, await computable(ctx, figures), period)


async def _stations(ctx: Context) -> dict[str, str]:
    """The lowest working places of the county, whom a question is put to."""
    desks = [level.code for level in ctx.policy.county.levels if level.desk]
    found = await ctx.session.execute(
        select(GridNode.path, GridNode.id)
        .where(GridNode.level == desks[-1], GridNode.valid_to.is_(None))
        .order_by(GridNode.path)
    )
    return {row.path: str(row.id) for row in found}


async def _finish(ctx: Context, review: ReviewRow, rules: Review, evaluation_id: UUID) -> None:
    """Figures of a period that is over can be appealed from now on.

    Computed again, the window stays as it was.
    """
    await ctx.session.execute(
        update(ReviewEvaluation)
        .where(ReviewEvaluation.id == evaluation_id)
        .values(finished_at=ctx.now)
    )
    if review.appeal_until is None and not review.runs_on(ctx.today):
        days = int(ctx.setting(rules.appeal_setting))
        last = deadline(ctx.now, working_days(days), await calendar_for(ctx)).last_day
        await ctx.session.execute(
            update(ReviewHeld)
            .where(ReviewHeld.id == review.id)
            .values(state=ReviewState.EVALUATED, appeal_until=last)
        )
