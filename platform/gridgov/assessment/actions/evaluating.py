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
from gridgov.assessment.queries.appeals import left_out
from gridgov.assessment.queries.departments import Counting, departments_of
from gridgov.assessment.queries.figures import computable, counted
from gridgov.assessment.rules.periods import bounds, months_of, period_of_review
from gridgov.assessment.rules.reviewing import parts_of, questions_of, rated_by
from gridgov.assessment.types import (
    EVALUATE,
    QUESTIONS,
    UNITS,
    Counts,
    Evaluation,
    Period,
    ReviewRow,
    ReviewState,
)
from gridgov.audit.actions import record
from gridgov.calendar.lookup import calendar_for
from gridgov.context import Context, tell_rooms
from gridgov.contract.assessment import Review
from gridgov.contract.declarations import County
from gridgov.contract.rulebook import Edition
from gridgov.grid.models import GridNode
from gridgov.kernel.durations import deadline, working_days
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import Event

FIRST, AGAIN, APPEALED = "first", "again", "appealed"
"""Why an evaluation was begun."""


async def begin_evaluation(
    ctx: Context, review_id: UUID, *, why: str = AGAIN, rules: str = ""
) -> UUID:
    """Compute the figures (again); a job does it part by part.

    By the edition of the rules that is named by its digest. Without a name the first time by the
    one that held when the period ended (or holds, while it runs), and then by that of the last.
    """
    if why != APPEALED and not await queries.leads(ctx):
        raise NotFound
    review = await queries.review_of(ctx, review_id, lock=True)
    if review.state == ReviewState.PUBLISHED:
        raise Conflict("这一期已经通报，数据不再变。")
    before = await queries.evaluations(ctx, review_id)
    if before and before[0].finished_at is None and why != APPEALED:
        raise Conflict("正在计算，算完再看。")
    edition = _edition(ctx, review, rules or (before[0].digest if before else ""))
    evaluation_id = new_id()
    await ctx.session.execute(
        insert(ReviewEvaluation).values(
            tenant_id=ctx.tenant.id,
            id=evaluation_id,
            review_id=review_id,
            number=len(before) + 1,
            digest=edition.digest,
            edition_at=edition.taken_at,
            why=why if before else FIRST,
            started_by=ctx.actor.account_id,
            started_at=ctx.now,
        )
    )
    record(
        ctx,
        "review.evaluated",
        "review",
        review_id,
        number=len(before) + 1,
        why=why,
        rules=edition.digest,
    )
    await _next(ctx, evaluation_id, parts_of(review)[0])
    return evaluation_id


def _edition(ctx: Context, review: ReviewRow, digest: str) -> Edition:
    """The edition with this digest; without one that of the period's last moment, or of now."""
    if digest:
        named = next((one for one in ctx.policy.editions if one.digest == digest), None)
        if named is None:
            raise Invalid(fields={"rules": "没有这一版规则，请重新选择。"})
        return named
    _, ends = bounds(period_of_review(review), ctx.tenant.zone)
    return ctx.policy.edition_on(min(ends, ctx.now)) or ctx.policy.editions[0]


async def evaluate_part(ctx: Context, event: Event) -> None:
    """Compute one part, keep it, and ask for the next; with the last one appeals begin."""
    await compute_part(ctx, event.subject, str(event.payload["part"]))


async def compute_part(ctx: Context, evaluation_id: UUID, part: str) -> str:
    """The next part; empty after the last. What is there already stays: it is computed once."""
    review_id, evaluation = await queries.evaluation_named(ctx, evaluation_id)
    review = await queries.review_of(ctx, review_id)
    parts = parts_of(review)
    following = "".join(parts[parts.index(part) + 1 :][:1])
    there = select(ReviewPart.id).where(
        ReviewPart.evaluation_id == evaluation_id, ReviewPart.part == part
    )
    if await ctx.session.scalar(there) is not None:
        return following
    content = await _computed(ctx, part, review, evaluation)
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
    if following:
        await _next(ctx, evaluation_id, following)
    else:
        await _finish(ctx, review, evaluation)
    return following


async def _next(ctx: Context, evaluation_id: UUID, part: str) -> None:
    await tell_rooms(
        ctx,
        EVALUATE,
        evaluation_id,
        part=part,
    )


async def _computed(ctx: Context, part: str, review: ReviewRow, evaluation: Evaluation) -> Any:
    """A part by the rules that the evaluation names, whatever the county declares today."""
    county = queries.rules_of(ctx, evaluation)
    rules = queries.declared(ctx, review.kind, evaluation)
    if part == UNITS:
        counts = await _units(ctx, county, rules, period_of_review(review))
        return {"by_path": counts.by_path, "whole": sorted(counts.whole)}
    if part != QUESTIONS:
        months = [*months_of(review.since, review.until)]
        month = months[parts_of(review).index(part)]
        counting = Counting(
            window=bounds(month, ctx.tenant.zone),
            stars=rules.satisfied,
            ratings=tuple(rating.code for rating in rated_by(county)),
            left_out=await left_out(ctx, review.id),
        )
        return await departments_of(ctx, evaluation.id, part, counting, overdue=month == months[-1])
    units: Any = await ctx.session.scalar(
        select(ReviewPart.content).where(
            ReviewPart.evaluation_id == evaluation.id, ReviewPart.part == UNITS
        )
    )
    counts = Counts(units["by_path"], frozenset(units["whole"]))
    return list(questions_of(counts, rules.compares, await _stations(ctx)))


async def _units(ctx: Context, county: County, rules: Review, period: Period) -> Counts:
    wanted = {*rules.figures, *(c for one in rules.compares for c in (one.much, one.little))}
    figures = [figure for figure in county.figures if figure.code in wanted]
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


async def _finish(ctx: Context, review: ReviewRow, evaluation: Evaluation) -> None:
    """Figures of a period that is over can be appealed from now on.

    Computed again, the window stays as it was.
    """
    await ctx.session.execute(
        update(ReviewEvaluation)
        .where(ReviewEvaluation.id == evaluation.id)
        .values(finished_at=ctx.now)
    )
    if review.appeal_until is None and not review.runs_on(ctx.today):
        rules = queries.declared(ctx, review.kind, evaluation)
        days = int(ctx.setting(rules.appeal_setting))
        last = deadline(ctx.now, working_days(days), await calendar_for(ctx)).last_day
        await ctx.session.execute(
            update(ReviewHeld)
            .where(ReviewHeld.id == review.id)
            .values(state=ReviewState.EVALUATED, appeal_until=last)
        )
