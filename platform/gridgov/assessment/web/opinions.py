"""What is written into a review: opinions, answers to questions, appeals."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from sqlalchemy import select

from gridgov.assessment.actions.appealing import appeal_figure, decide_appeal
from gridgov.assessment.actions.reviewing import agree_opinion, answer_question, write_opinion
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.departments import FIGURES
from gridgov.assessment.types import AssessmentRight, ReviewState
from gridgov.assessment.web.reviews import address
from gridgov.assessment.web.showing import AnyRequest, figures_of
from gridgov.context import Context
from gridgov.grid.queries.nodes import names_at
from gridgov.kernel.errors import Conflict, Invalid, Refusal
from gridgov.kernel.sentences import Sentence
from gridgov.staff.models import Department
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import once, remember
from gridgov.web.pages import Page, done, page

_MOST_ASKED = 100


class Writing(msgspec.Struct):
    """The form of an opinion; which fields count is said by the form's author."""

    form: Annotated[str, msgspec.Meta(max_length=40)]
    text: Annotated[str, msgspec.Meta(min_length=4, max_length=1000)]
    points: Annotated[str, msgspec.Meta(max_length=500)] = ""
    department: UUID | None = None
    node: Annotated[str, msgspec.Meta(max_length=60)] = ""
    post: Annotated[str, msgspec.Meta(max_length=40)] = ""
    case: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Remark(msgspec.Struct):
    """What the officer says to an opinion."""

    remark: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Answering(msgspec.Struct):
    """The answer of a unit to a question."""

    node: UUID
    comparison: Annotated[str, msgspec.Meta(max_length=40)]
    answer: Annotated[str, msgspec.Meta(min_length=4, max_length=500)]


class Appealing(msgspec.Struct):
    """What a department objects to."""

    department: UUID
    figure: Annotated[str, msgspec.Meta(max_length=20)]
    case: Annotated[str, msgspec.Meta(min_length=4, max_length=40)]
    reason: Annotated[str, msgspec.Meta(min_length=4, max_length=500)]


class Deciding(msgspec.Struct):
    """The decision on an appeal."""

    answer: Annotated[str, msgspec.Meta(pattern="^(uphold|dismiss)$")]
    decision: Annotated[str, msgspec.Meta(min_length=2, max_length=500)]


class ReviewWriting(Controller):
    """The pages of a review that people write into."""

    path = "/{tenant:str}/reviews"

    @get("/{review_id:uuid}/opinions", name="review_opinions", permission=AssessmentRight.READ)
    async def opinions(self, ctx: Ctx, review_id: FromPath[UUID]) -> Page:
        """What was written, as far as the actor may read it, and the forms."""
        return await _opinions(ctx, review_id)

    @post("/{review_id:uuid}/opinions", permission=AssessmentRight.READ)
    async def write(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]
    ) -> Response[Any]:
        """Write an opinion."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Writing)
            await write_opinion(
                ctx,
                review_id,
                given.form,
                text=given.text,
                points=given.points,
                department=given.department,
                node=given.node,
                post=given.post,
                case_code=given.case,
            )
        except (Invalid, Conflict) as fault:
            return await _opinions(ctx, review_id, values=await typed(request), fault=fault)
        to = address(ctx, request, "review_opinions", review_id=review_id)
        await remember(ctx, request, to)
        return done(request, to, said="已写进这次讲评。被点评的岗位会收到通知，可以回应。")

    @post("/opinions/{opinion_id:uuid}", name="review_agree", permission=AssessmentRight.READ)
    async def agree(
        self, ctx: Ctx, request: AnyRequest, opinion_id: FromPath[UUID]
    ) -> Response[Any]:
        """The officer answers what was said of them."""
        given = await read(request, Remark)
        review_id = await agree_opinion(ctx, opinion_id, remark=given.remark)
        to = address(ctx, request, "review_opinions", review_id=review_id)
        return done(request, to, said="已回应，点评人看得到。")

    @get("/{review_id:uuid}/questions", name="review_questions", permission=AssessmentRight.READ)
    async def questions(self, ctx: Ctx, review_id: FromPath[UUID]) -> Page:
        """Where ledger and records differ, and what units say to it."""
        return await _questions(ctx, review_id)

    @post("/{review_id:uuid}/questions", permission=AssessmentRight.READ)
    async def answer(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]
    ) -> Response[Any]:
        """Answer for one's unit."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Answering)
            await answer_question(ctx, review_id, given.node, given.comparison, answer=given.answer)
        except (Invalid, Conflict) as fault:
            return await _questions(ctx, review_id, values=await typed(request), fault=fault)
        to = address(ctx, request, "review_questions", review_id=review_id)
        await remember(ctx, request, to)
        return done(request, to, said="已回答。这只是问一问，不计分。")

    @get("/{review_id:uuid}/appeals", name="review_appeals", permission=AssessmentRight.READ)
    async def appeals(self, ctx: Ctx, review_id: FromPath[UUID]) -> Page:
        """What departments object to, and what was decided."""
        return await _appeals(ctx, review_id)

    @post("/{review_id:uuid}/appeals", permission=AssessmentRight.APPEAL)
    async def appeal(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]
    ) -> Response[Any]:
        """Appeal a figure of one's own department."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Appealing)
            await appeal_figure(
                ctx,
                review_id,
                given.department,
                given.figure,
                case_code=given.case,
                reason=given.reason,
            )
        except (Invalid, Conflict) as fault:
            return await _appeals(ctx, review_id, values=await typed(request), fault=fault)
        to = address(ctx, request, "review_appeals", review_id=review_id)
        await remember(ctx, request, to)
        return done(request, to, said="申诉已提交，由别人来定；成立的话数据会重新计算。")

    @post("/appeals/{appeal_id:uuid}", name="appeal_decide", permission=AssessmentRight.DECIDE)
    async def decide(
        self, ctx: Ctx, request: AnyRequest, appeal_id: FromPath[UUID]
    ) -> Response[Any]:
        """Uphold or dismiss it."""
        given = await read(request, Deciding)
        uphold = given.answer == "uphold"
        review_id = await decide_appeal(ctx, appeal_id, uphold=uphold, decision=given.decision)
        to = address(ctx, request, "review_appeals", review_id=review_id)
        said = "申诉成立，正在重新计算。" if uphold else "申诉不成立，理由会告诉对方。"
        return done(request, to, said=said)


def _fault(values: dict[str, Any] | None, fault: Refusal | None) -> dict[str, Any]:
    faults = fault.fields if isinstance(fault, Invalid) else {}
    return {
        "status_code": fault.status if fault else 200,
        "values": values or {},
        "errors": faults,
        "refused": Sentence(fault.message, **fault.params) if fault and not faults else "",
    }


async def _opinions(
    ctx: Context,
    review_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    fault: Refusal | None = None,
) -> Page:
    review = await queries.review_of(ctx, review_id)
    leading = await queries.leads(ctx)
    rules = queries.declared(ctx, review.kind)
    may = {
        "unit": ctx.actor.may(AssessmentRight.COMMENT),
        "supervisor": ctx.actor.may(AssessmentRight.SUPERVISE),
    }
    forms = [form for form in rules.opinions if may[form.author]]
    open_ = review.state != ReviewState.PUBLISHED
    return page(
        ctx,
        "assessment/opinions.html",
        review=review,
        title=queries.title_of(ctx, review),
        rows=await queries.opinions(ctx, review, leading=leading),
        names={form.code: form.name for form in rules.opinions},
        forms=forms if open_ else [],
        departments=await _departments(ctx) if open_ and may["supervisor"] else [],
        posts=ctx.policy.posts,
        **_fault(values, fault),
    )


async def _departments(ctx: Context) -> list[tuple[str, str]]:
    found = await ctx.session.execute(
        select(Department.id, Department.name)
        .where(Department.closed_on.is_(None))
        .order_by(Department.code)
    )
    return [(str(row.id), row.name) for row in found]


async def _questions(
    ctx: Context,
    review_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    fault: Refusal | None = None,
) -> Page:
    review = await queries.review_of(ctx, review_id)
    computed = await queries.evaluations(ctx, review_id)
    rules = queries.declared(ctx, review.kind, computed[0].digest if computed else "")
    asked = [
        one
        for one in (computed[0].questions if computed else [])
        if ctx.actor.may(AssessmentRight.READ, path=one["path"])
    ]
    names = await names_at(ctx, [one["path"] for one in asked[:_MOST_ASKED]])
    answered = {
        (str(one.node_id), one.comparison): one for one in await queries.answers(ctx, review_id)
    }
    compares = {one.code: one for one in rules.compares}
    codes = tuple(dict.fromkeys(c for one in rules.compares for c in (one.much, one.little)))
    return page(
        ctx,
        "assessment/questions.html",
        review=review,
        title=queries.title_of(ctx, review),
        computed=bool(computed),
        rows=[
            (one, compares[one["comparison"]], answered.get((one["node_id"], one["comparison"])))
            for one in asked[:_MOST_ASKED]
            if one["comparison"] in compares
        ],
        more=max(len(asked) - _MOST_ASKED, 0),
        names=names,
        figures={figure.code: figure for figure in figures_of(ctx, codes)},
        open=review.state != ReviewState.PUBLISHED,
        **_fault(values, fault),
    )


async def _appeals(
    ctx: Context,
    review_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    fault: Refusal | None = None,
) -> Page:
    review = await queries.review_of(ctx, review_id)
    deciding = await queries.leads(ctx, AssessmentRight.DECIDE)
    leading = deciding or await queries.leads(ctx)
    mine = {str(one) for one in queries.departments_of_actor(ctx)}
    names = dict(await _departments(ctx))
    rows = await queries.appeals(ctx, review_id)
    own = {names.get(one) for one in mine}
    return page(
        ctx,
        "assessment/appeals.html",
        review=review,
        title=queries.title_of(ctx, review),
        rows=[row for row in rows if leading or row.department in own],
        deciding=deciding and review.state != ReviewState.PUBLISHED,
        departments=[(one, names[one]) for one in sorted(mine) if one in names],
        figures=[(code, name) for code, name in FIGURES.items()],
        names=FIGURES,
        appealable=review.state == ReviewState.EVALUATED
        and (review.appeal_until is None or ctx.today <= review.appeal_until),
        **_fault(values, fault),
    )
