"""Opening a review, writing into it, and publishing it."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.access.queries.bindings import accounts_with
from gridgov.assessment.models import ReviewAnswer, ReviewHeld, ReviewOpinion
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.appeals import open_appeals
from gridgov.assessment.rules.periods import period_before, period_of
from gridgov.assessment.rules.reviewing import check_opinion, check_publishable, check_writable
from gridgov.assessment.types import AssessmentRight, ReviewState
from gridgov.audit.actions import record
from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import seen
from gridgov.context import Context
from gridgov.grid.queries.nodes import node_by_code
from gridgov.kernel.db import within
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_, Sentence
from gridgov.notices.actions import notify
from gridgov.staff.models import Department
from gridgov.staff.queries import holders_at

_OF_YOU: Final = N_("{title}里有一条对您岗位的点评。")


async def open_review(ctx: Context, kind: str, period: str) -> UUID:
    """Begin a review of a period that has begun, and ask for opinions.

    While the period runs its figures are computed up to now, as often as one likes; appeals and the
    circular wait until it is over.
    """
    if not await queries.leads(ctx):
        raise NotAllowed("您的岗位没有这项权限。")
    review = next((one for one in ctx.policy.county.reviews if one.code == kind), None)
    if review is None:
        raise Invalid(fields={"kind": "没有这一项，请重新选择。"})
    found = period_of(period, ctx.today)
    if found is None or found != period_of(found.code, ctx.today):
        raise Invalid(fields={"period": "没有这一项，请重新选择。"})
    if found.since > ctx.today:
        raise Invalid(fields={"period": "这一期还没有开始。"})
    if await ctx.session.scalar(
        select(ReviewHeld.id).where(ReviewHeld.kind == kind, ReviewHeld.period == found.code)
    ):
        raise Conflict("这一期已经有了。")
    review_id = new_id()
    await ctx.session.execute(
        insert(ReviewHeld).values(
            tenant_id=ctx.tenant.id,
            id=review_id,
            kind=kind,
            period=found.code,
            since=found.since,
            until=found.until,
            state=ReviewState.OPEN,
            opened_by=ctx.actor.account_id,
            opened_at=ctx.now,
        )
    )
    record(ctx, "review.opened", "review", review_id, review=kind, period=found.code)
    authors = [AssessmentRight.COMMENT, AssessmentRight.SUPERVISE]
    told = {one for right in authors for one in await accounts_with(ctx, right)}
    await tell(
        ctx, review_id, "review.opened", to=sorted(told), said=N_("{title}开始了，请写下点评。")
    )
    return review_id


async def write_opinion(
    ctx: Context,
    review_id: UUID,
    form: str,
    *,
    text: str,
    points: str = "",
    department: UUID | None = None,
    node: str = "",
    post: str = "",
    case_code: str = "",
) -> UUID:
    """A unit on an officer, by post and place; or a supervisor on a department's problems."""
    review = await queries.review_of(ctx, review_id)
    check_writable(review)
    asked = next(
        (one for one in queries.declared(ctx, review.kind).opinions if one.code == form), None
    )
    if asked is None:
        raise NotFound
    right = AssessmentRight.COMMENT if asked.author == "unit" else AssessmentRight.SUPERVISE
    if not ctx.actor.may(right):
        raise NotAllowed("您的岗位没有这项权限。")
    check_opinion(text, {"node": node, "post": post} if asked.author == "unit" else {})
    opinion_id = new_id()
    about, told = (
        await _officer(ctx, node, post)
        if asked.author == "unit"
        else await _problem(ctx, department, case_code)
    )
    seal = ctx.vault.seal
    await ctx.session.execute(
        insert(ReviewOpinion).values(
            tenant_id=ctx.tenant.id,
            id=opinion_id,
            review_id=review_id,
            form=form,
            text=seal("review_opinions", opinion_id, "text", text.strip()),
            points=seal("review_opinions", opinion_id, "points", points.strip())
            if points.strip()
            else None,
            author_id=ctx.actor.account_id,
            author=ctx.actor.title or ctx.actor.name,
            at=ctx.now,
            **about,
        )
    )
    record(ctx, "review.commented", "review", review_id, form=form)
    await tell(ctx, review_id, f"review.commented:{opinion_id}", to=told, said=_OF_YOU)
    return opinion_id


Target = tuple[dict[str, Any], list[UUID | None]]
"""What an opinion is about, and who is told of it."""


async def _officer(ctx: Context, code: str, post: str) -> Target:
    """Who holds the post there: opinions go to a post that somebody holds, and to nobody else."""
    node = await node_by_code(ctx, code.strip())
    if node is None or not await _works_with(ctx, node.path):
        raise Invalid(fields={"node": "没有这个代码的网格单元。"})
    if post not in ctx.policy.posts:
        raise Invalid(fields={"post": "没有这一项，请重新选择。"})
    held = await holders_at(ctx, node.path, post)
    if not held:
        raise Invalid(fields={"post": "这个岗位现在没有人，不能点评。"})
    if held[0].staff_id == ctx.actor.staff_id:
        raise Invalid(fields={"post": "不能点评自己。"})
    about = {"node_id": node.id, "post": post, "staff_id": held[0].staff_id}
    return about, [held[0].account_id]


async def _works_with(ctx: Context, path: str) -> bool:
    """Whether the actor comments there, or shares a case with that place: opinions are of work."""
    if ctx.actor.may(AssessmentRight.COMMENT, path=path):
        return True
    shared = select(Case.id).where(within(Case.node_path, path), seen(ctx.actor)).limit(1)
    return await ctx.session.scalar(shared) is not None


async def _problem(ctx: Context, department: UUID | None, case_code: str) -> Target:
    if department is None or not await ctx.session.scalar(
        select(Department.id).where(Department.id == department)
    ):
        raise Invalid(fields={"department": "没有这一项，请重新选择。"})
    case_id = None
    if case_code.strip():
        case_id = await ctx.session.scalar(
            select(Case.id).where(Case.code == case_code.strip(), seen(ctx.actor))
        )
        if case_id is None:
            raise Invalid(fields={"case": "没有这个编号的事件，或者您无权查看。"})
    return {"department_id": department, "case_id": case_id}, []


async def agree_opinion(ctx: Context, opinion_id: UUID, *, remark: str = "") -> UUID:
    """The officer has talked it over and agrees to the points; or says in a remark what is else."""
    found = await ctx.session.execute(
        select(ReviewOpinion.review_id, ReviewOpinion.agreed_at)
        .where(
            ReviewOpinion.id == opinion_id,
            ReviewOpinion.staff_id == ctx.actor.staff_id,
            ReviewOpinion.staff_id.is_not(None),
        )
        .with_for_update()
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound
    if row.agreed_at is not None:
        raise Conflict("您已经回应过这条点评了。")
    words = remark.strip()
    await ctx.session.execute(
        update(ReviewOpinion)
        .where(ReviewOpinion.id == opinion_id)
        .values(
            agreed_at=ctx.now,
            remark=ctx.vault.seal("review_opinions", opinion_id, "remark", words)
            if words
            else None,
        )
    )
    record(ctx, "review.agreed", "review", row.review_id)
    review_id: UUID = row.review_id
    return review_id


async def answer_question(
    ctx: Context, review_id: UUID, node_id: UUID, comparison: str, *, answer: str
) -> None:
    """A unit says why the ledger and the records differ. Asked of the newest evaluation."""
    review = await queries.review_of(ctx, review_id, lock=True)
    check_writable(review)
    newest = await queries.evaluations(ctx, review_id)
    asked = next(
        (
            one
            for one in (newest[0].questions if newest else [])
            if one["node_id"] == str(node_id) and one["comparison"] == comparison
        ),
        None,
    )
    if asked is None or not ctx.actor.may(AssessmentRight.READ, path=asked["path"]):
        raise NotFound
    known = await queries.answers(ctx, review_id)
    if any(one.node_id == node_id and one.comparison == comparison for one in known):
        raise Conflict("这个问题已经回答过了。")
    await ctx.session.execute(
        insert(ReviewAnswer).values(
            tenant_id=ctx.tenant.id,
            id=new_id(),
            review_id=review_id,
            node_id=node_id,
            comparison=comparison,
            answer=answer.strip(),
            answered_by=ctx.actor.account_id,
            who=ctx.actor.title or ctx.actor.name,
            at=ctx.now,
        )
    )
    record(ctx, "review.answered", "review", review_id, comparison=comparison)


async def publish_review(ctx: Context, review_id: UUID, *, document: str, conclusion: str) -> None:
    """The circular goes to everybody who may read it; what was computed last is what it says."""
    if not await queries.leads(ctx):
        raise NotFound
    review = await queries.review_of(ctx, review_id, lock=True)
    computed = await queries.evaluations(ctx, review_id)
    check_publishable(
        review,
        finished=bool(computed) and computed[0].finished_at is not None,
        appeals=await open_appeals(ctx, review_id),
        today=ctx.today,
    )
    await ctx.session.execute(
        update(ReviewHeld)
        .where(ReviewHeld.id == review_id)
        .values(
            state=ReviewState.PUBLISHED,
            document=document.strip(),
            conclusion=conclusion.strip(),
            published_at=ctx.now,
            published_by=ctx.actor.account_id,
        )
    )
    record(ctx, "review.published", "review", review_id, document=document.strip())
    told = await accounts_with(ctx, AssessmentRight.COMMENT)
    await tell(ctx, review_id, "review.published", to=told, said=N_("{title}的通报出来了。"))


async def remind_of_reviews(ctx: Context) -> None:
    """When a period is over and nobody has begun its review, those who lead are told once."""
    for review in ctx.policy.county.reviews:
        period = period_before(ctx.today, review.months)
        held = select(ReviewHeld.id).where(
            ReviewHeld.kind == review.code, ReviewHeld.period == period.code
        )
        if await ctx.session.scalar(held) is None:
            await notify(
                ctx,
                await accounts_with(ctx, AssessmentRight.LEAD),
                about=f"review.due:{review.code}:{period.code}",
                text=Sentence(
                    "{period}结束了，可以开始{review}。", period=period.name, review=review.name
                ),
                link=f"/{ctx.tenant.slug}/reviews",
            )


async def tell(
    ctx: Context, review_id: UUID, about: str, *, to: Sequence[UUID | None], said: str
) -> None:
    """Tell people what happened in a review."""
    review = await queries.review_of(ctx, review_id)
    await notify(
        ctx,
        [one for one in to if one != ctx.actor.account_id],
        about=f"{about}:{review_id}",
        text=Sentence(said, title=queries.title_of(ctx, review)),
        link=f"/{ctx.tenant.slug}/reviews/{review_id}",
    )
