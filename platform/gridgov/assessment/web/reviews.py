"""Reviews: the list, and the figures of one."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.assessment.actions.evaluating import begin_evaluation
from gridgov.assessment.actions.reviewing import open_review, publish_review
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.rules.periods import periods_back
from gridgov.assessment.rules.reviewing import parts_of
from gridgov.assessment.types import AssessmentRight, ReviewState
from gridgov.assessment.web.sending import faults_shown
from gridgov.assessment.web.showing import place_asked
from gridgov.assessment.web.telling import editions_named, told
from gridgov.cases.queries.units import top_of
from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid, Refusal
from gridgov.kernel.sentences import Sentence
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_BACK: Final = 5


class Opening(msgspec.Struct):
    """The form that begins a review: the kind, and the period that it looks back on."""

    which: Annotated[str, msgspec.Meta(min_length=3, max_length=60)]


class Computing(msgspec.Struct):
    """By which edition of the rules the figures are computed."""

    rules: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Publishing(msgspec.Struct):
    """The form that sends the circular out."""

    document: Annotated[str, msgspec.Meta(min_length=2, max_length=60)]
    conclusion: Annotated[str, msgspec.Meta(min_length=4, max_length=2000)]


class Reviews(Controller):
    """What is looked back on together."""

    path = "/{tenant:str}/reviews"

    @get("/", name="reviews", permission=AssessmentRight.READ)
    async def list(self, ctx: Ctx) -> Page:
        """All reviews, and the form for the next."""
        return await _list(ctx)

    @post("/", permission=AssessmentRight.LEAD)
    async def open(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Begin one."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Opening)
            kind, _, period = given.which.partition(" ")
            review_id = await open_review(ctx, kind, period)
        except (Invalid, Conflict) as fault:
            return await _list(ctx, values=await typed(request), fault=fault)
        to = url_of(ctx, request, "review", review_id=review_id)
        return await done_once(
            ctx, request, to, said="已开始，也已请要写的人写点评。下一步：计算数据。"
        )

    @get("/{review_id:uuid}", name="review", permission=AssessmentRight.READ)
    async def show(self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]) -> Page:
        """The figures as they were computed last; the work content of a place and below it."""
        return await figures_page(ctx, review_id, place=place_asked(ctx, request))

    @post("/{review_id:uuid}/evaluate", name="review_evaluate", permission=AssessmentRight.LEAD)
    async def evaluate(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]
    ) -> Response[Any]:
        """Compute the figures, again if need be, by the edition of the rules that is named."""
        try:
            given = await read(request, Computing)
            await begin_evaluation(ctx, review_id, rules=given.rules)
        except Invalid as fault:
            return await figures_page(ctx, review_id, values=await typed(request), fault=fault)
        to = url_of(ctx, request, "review", review_id=review_id)
        return done(request, to, said="开始计算，算完会显示在这里，可以先离开。")

    @post("/{review_id:uuid}/publish", name="review_publish", permission=AssessmentRight.LEAD)
    async def publish(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]
    ) -> Response[Any]:
        """Send the circular out."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Publishing)
            await publish_review(
                ctx, review_id, document=given.document, conclusion=given.conclusion
            )
        except (Invalid, Conflict) as fault:
            return await figures_page(ctx, review_id, values=await typed(request), fault=fault)
        to = url_of(ctx, request, "review", review_id=review_id)
        return await done_once(ctx, request, to, said="已通报，各单位会收到通知。数据不再变。")


async def _list(
    ctx: Context, *, values: dict[str, Any] | None = None, fault: Refusal | None = None
) -> Page:
    held = await queries.reviews(ctx)
    there = {(one.kind, one.period) for one in held}
    offered = [
        (
            f"{review.code} {period.code}",
            Sentence("{period}{review}", period=period.name, review=review.name),
        )
        for review in ctx.policy.county.reviews
        for period in list(periods_back(ctx.today, review.months, _BACK))
        if (review.code, period.code) not in there
    ]
    return page(
        ctx,
        "assessment/reviews.html",
        kinds=ctx.policy.county.reviews,
        rows=[(one, queries.title_of(ctx, one)) for one in held],
        offered=offered,
        may_open=bool(offered) and await queries.leads(ctx),
        **faults_shown(values, fault),
    )


async def figures_page(
    ctx: Context,
    review_id: UUID,
    *,
    place: str = "",
    values: dict[str, Any] | None = None,
    fault: Refusal | None = None,
) -> Page:
    """The figures of a review, and what its leaders may do next."""
    review = await queries.review_of(ctx, review_id)
    computed = await queries.evaluations(ctx, review_id)
    leading = await queries.leads(ctx)
    evaluation = computed[0] if computed else None
    running = evaluation is not None and evaluation.finished_at is None
    top = top_of(ctx.actor, AssessmentRight.READ)
    return page(
        ctx,
        "assessment/review.html",
        **await told(ctx, review, computed, leading=leading, place=place or top, top=top),
        earlier=computed[1:],
        editions=editions_named(ctx) if leading else [],
        running=running,
        so_far=review.runs_on(ctx.today),
        steps=(len(evaluation.parts) if evaluation else 0, len(parts_of(review))),
        may_publish=leading
        and not running
        and review.state == ReviewState.EVALUATED
        and (review.appeal_until is None or ctx.today > review.appeal_until),
        **faults_shown(values, fault),
    )
