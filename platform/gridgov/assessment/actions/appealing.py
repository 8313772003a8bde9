"""A department says that a case does not belong into its figure; somebody else decides."""

from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.access.queries.bindings import accounts_with
from gridgov.assessment.actions.evaluating import APPEALED, begin_evaluation
from gridgov.assessment.actions.reviewing import tell
from gridgov.assessment.models import ReviewAppeal
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.departments import FIGURES, counts_in
from gridgov.assessment.rules.reviewing import check_appealable, check_decidable
from gridgov.assessment.types import AppealState, AssessmentRight
from gridgov.audit.actions import record
from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import seen
from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_


async def appeal_figure(
    ctx: Context, review_id: UUID, department: UUID, figure: str, *, case_code: str, reason: str
) -> UUID:
    """Appeal a figure of one's own department, naming the case that it counts wrongly."""
    if department not in queries.departments_of_actor(ctx):
        raise NotFound
    review = await queries.review_of(ctx, review_id, lock=True)
    check_appealable(review, ctx.today)
    if figure not in FIGURES:
        raise Invalid(fields={"figure": "没有这一项，请重新选择。"})
    case_id = await ctx.session.scalar(
        select(Case.id).where(Case.code == case_code.strip(), seen(ctx.actor))
    )
    if case_id is None:
        raise Invalid(fields={"case": "没有这个编号的事件，或者您无权查看。"})
    same = select(ReviewAppeal.id).where(
        ReviewAppeal.review_id == review_id,
        ReviewAppeal.department_id == department,
        ReviewAppeal.case_id == case_id,
        ReviewAppeal.figure == figure,
    )
    if await ctx.session.scalar(same):
        raise Conflict("这件事已经申诉过一次。")
    computed = await queries.evaluations(ctx, review_id)
    finished = next(one for one in computed if one.finished_at is not None)
    if not await counts_in(ctx, finished.id, figure, department, case_id=case_id):
        raise Invalid(fields={"case": "这件事没有算在这一项里，不用申诉。"})
    appeal_id = new_id()
    await ctx.session.execute(
        insert(ReviewAppeal).values(
            tenant_id=ctx.tenant.id,
            id=appeal_id,
            review_id=review_id,
            department_id=department,
            figure=figure,
            case_id=case_id,
            reason=reason.strip(),
            state=AppealState.OPEN,
            asked_by=ctx.actor.account_id,
            asker=ctx.actor.title or ctx.actor.name,
            asked_at=ctx.now,
        )
    )
    record(ctx, "review.appealed", "review", review_id, figure=figure)
    decides = await accounts_with(ctx, AssessmentRight.DECIDE)
    await tell(
        ctx,
        review_id,
        f"review.appealed:{appeal_id}",
        to=decides,
        said=N_("{title}有一条申诉要定。"),
    )
    return appeal_id


async def decide_appeal(ctx: Context, appeal_id: UUID, *, uphold: bool, decision: str) -> UUID:
    """Uphold it, and the figures are computed again without the case; or dismiss it. Once."""
    if not await queries.leads(ctx, AssessmentRight.DECIDE):
        raise NotFound
    found = await ctx.session.execute(
        select(ReviewAppeal.review_id, ReviewAppeal.state, ReviewAppeal.asked_by)
        .where(ReviewAppeal.id == appeal_id)
        .with_for_update()
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    check_decidable(row.state, own=row.asked_by == ctx.actor.account_id)
    await ctx.session.execute(
        update(ReviewAppeal)
        .where(ReviewAppeal.id == appeal_id)
        .values(
            state=AppealState.UPHELD if uphold else AppealState.DISMISSED,
            decided_by=ctx.actor.account_id,
            decider=ctx.actor.title or ctx.actor.name,
            decided_at=ctx.now,
            decision=decision.strip(),
        )
    )
    verb = "review.appeal_upheld" if uphold else "review.appeal_dismissed"
    review_id: UUID = row.review_id
    record(ctx, verb, "review", review_id)
    said = (
        N_("{title}：您的申诉成立，数据会重新计算。")
        if uphold
        else N_("{title}：您的申诉没有成立，理由写在申诉页上。")
    )
    await tell(ctx, review_id, f"{verb}:{appeal_id}", to=[row.asked_by], said=said)
    if uphold:
        await begin_evaluation(ctx, review_id, why=APPEALED)
    return review_id
