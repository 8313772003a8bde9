"""What is written into a review: opinions, and answers to questions."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.assessment.actions.reviewing import agree_opinion, answer_question, write_opinion
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.departments import departments_named
from gridgov.assessment.queries.places import places_to_name
from gridgov.assessment.types import AssessmentRight, ReviewState
from gridgov.assessment.web.sending import Form, faults_shown, sent
from gridgov.context import Context
from gridgov.grid.queries.nodes import names_at
from gridgov.kernel.errors import Invalid, Refusal
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_MOST_ASKED = 100


class Writing(Form):
    """The form of an opinion; which fields count is said by the form's author."""

    form: Annotated[str, msgspec.Meta(max_length=40)]
    text: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    points: Annotated[str, msgspec.Meta(max_length=500)] = ""
    department: UUID | None = None
    node: Annotated[str, msgspec.Meta(max_length=60)] = ""
    post: Annotated[str, msgspec.Meta(max_length=40)] = ""
    case: Annotated[str, msgspec.Meta(max_length=40)] = ""

    async def send(self, ctx: Context, review_id: UUID) -> None:
        """Write it into the review."""
        await write_opinion(
            ctx,
            review_id,
            self.form,
            text=self.text,
            points=self.points,
            department=self.department,
            node=self.node,
            post=self.post,
            case_code=self.case,
        )


class Remark(msgspec.Struct):
    """What the officer says to an opinion."""

    remark: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Answering(Form):
    """The answer of a unit to a question."""

    node: UUID
    comparison: Annotated[str, msgspec.Meta(max_length=40)]
    answer: Annotated[str, msgspec.Meta(min_length=4, max_length=500)]

    async def send(self, ctx: Context, review_id: UUID) -> None:
        """Answer for the unit."""
        await answer_question(ctx, review_id, self.node, self.comparison, answer=self.answer)


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
        said = "已写进这一期。被点评的岗位会收到通知，可以回应。"
        return await sent(ctx, request, review_id, Writing, again=_opinions, said=said)

    @post("/opinions/{opinion_id:uuid}", name="review_agree", permission=AssessmentRight.READ)
    async def agree(
        self, ctx: Ctx, request: AnyRequest, opinion_id: FromPath[UUID]
    ) -> Response[Any]:
        """The officer answers what was said of them."""
        try:
            given = await read(request, Remark)
        except Invalid as fault:
            values = {**await typed(request), "opinion_id": str(opinion_id)}
            review_id = await queries.review_of_mine(ctx, opinion_id)
            return await _opinions(ctx, review_id, values=values, fault=fault)
        review_id = await agree_opinion(ctx, opinion_id, remark=given.remark)
        to = url_of(ctx, request, "review_opinions", review_id=review_id)
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
        said = "已回答。这只是问一问，不计分。"
        return await sent(ctx, request, review_id, Answering, again=_questions, said=said)


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
        most=queries.MOST_SHOWN,
        names={form.code: form.name for form in rules.opinions},
        forms=forms if open_ else [],
        departments=await departments_named(ctx) if open_ and may["supervisor"] else [],
        posts=ctx.policy.posts,
        post_names=ctx.policy.posts_ever,
        places=await places_to_name(ctx, AssessmentRight.COMMENT) if open_ else [],
        **faults_shown(values, fault),
    )


async def _questions(
    ctx: Context,
    review_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    fault: Refusal | None = None,
) -> Page:
    review = await queries.review_of(ctx, review_id)
    computed = await queries.evaluations(ctx, review_id)
    rules = queries.declared(ctx, review.kind, computed[0] if computed else None)
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
    county = queries.rules_of(ctx, computed[0] if computed else None)
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
        figures={figure.code: figure for figure in county.figures},
        open=review.state != ReviewState.PUBLISHED,
        **faults_shown(values, fault),
    )
