"""Reviews: the list, the figures of one, the cases behind them, and the circular."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.assessment.actions.evaluating import begin_evaluation
from gridgov.assessment.actions.reviewing import open_review, publish_review
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.departments import DEFINITIONS, FIGURES, cases_behind
from gridgov.assessment.rules.periods import bounds, periods_back
from gridgov.assessment.rules.reviewing import parts_of
from gridgov.assessment.types import (
    AssessmentRight,
    Counts,
    DepartmentFigures,
    Evaluation,
    Period,
    ReviewRow,
    ReviewState,
)
from gridgov.assessment.web.sending import faults_shown
from gridgov.assessment.web.showing import AnyRequest, figures_of
from gridgov.cases.queries.units import units
from gridgov.context import Context
from gridgov.contract.assessment import Figure, Review
from gridgov.kernel.errors import Conflict, Invalid, NotFound, Refusal
from gridgov.kernel.sentences import Sentence
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import once, remember
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import Urls

_BACK: Final = 5


class Opening(msgspec.Struct):
    """The form that begins a review: the kind, and the period that it looks back on."""

    which: Annotated[str, msgspec.Meta(min_length=3, max_length=60)]


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
        to = address(ctx, request, "review", review_id=review_id)
        await remember(ctx, request, to)
        return done(request, to, said="讲评开始了，已请各单位和督导员写点评。下一步：计算数据。")

    @get("/{review_id:uuid}", name="review", permission=AssessmentRight.READ)
    async def show(self, ctx: Ctx, review_id: FromPath[UUID]) -> Page:
        """The figures as they were computed last."""
        return await figures_page(ctx, review_id)

    @post("/{review_id:uuid}/evaluate", name="review_evaluate", permission=AssessmentRight.LEAD)
    async def evaluate(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]
    ) -> Response[Any]:
        """Compute the figures, again if need be."""
        await begin_evaluation(ctx, review_id)
        to = address(ctx, request, "review", review_id=review_id)
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
        to = address(ctx, request, "review", review_id=review_id)
        await remember(ctx, request, to)
        return done(request, to, said="已通报，各单位会收到通知。数据不再变。")

    @get("/{review_id:uuid}/circular", name="review_circular", permission=AssessmentRight.READ)
    async def circular(self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]) -> Page:
        """The circular to print; before it is published a draft for who leads the review."""
        review = await queries.review_of(ctx, review_id)
        leading = await queries.leads(ctx)
        computed = await queries.evaluations(ctx, review_id)
        if not computed or (review.state != ReviewState.PUBLISHED and not leading):
            raise NotFound
        return page(
            ctx,
            "assessment/circular.html",
            **await told(ctx, review, computed, leading=leading),
            back=address(ctx, request, "review", review_id=review_id),
        )

    @get(
        "/{review_id:uuid}/cases/{department_id:uuid}",
        name="review_cases",
        permission=AssessmentRight.READ,
    )
    async def cases(
        self,
        ctx: Ctx,
        request: AnyRequest,
        review_id: FromPath[UUID],
        department_id: FromPath[UUID],
    ) -> Page:
        """The cases that a figure of a department counts, as far as the actor may see them."""
        figure = request.query_params.get("figure", "closed")
        review = await queries.review_of(ctx, review_id)
        computed = await queries.evaluations(ctx, review_id)
        leading = await queries.leads(ctx)
        rows = departments_shown(ctx, review, computed, leading=leading)
        row = next((one for one in rows if one.department == str(department_id)), None)
        if row is None or figure not in FIGURES:
            raise NotFound
        found, older = await cases_behind(
            ctx,
            figure,
            department_id,
            bounds(period_of_review(review), ctx.tenant.zone),
            stars=queries.declared(ctx, review.kind, computed[0].digest).satisfied,
            left_out=await queries.left_out(ctx, review_id),
            cursor=request.query_params.get("after", ""),
        )
        here = {"review_id": review_id, "figure": figure, "department_id": department_id}
        return page(
            ctx,
            "assessment/review_cases.html",
            review=review,
            title=queries.title_of(ctx, review),
            row=row,
            figure=FIGURES[figure],
            definition=DEFINITIONS[figure],
            rows=found,
            older=address(ctx, request, "review_cases", **here, after=older) if older else "",
        )


def address(ctx: Context, request: AnyRequest, name: str, **params: Any) -> str:
    """The address of a page of this room."""
    urls: Urls = request.app.state.urls
    return urls.url(ctx.tenant.slug, name, **params)


def period_of_review(review: ReviewRow) -> Period:
    """The days that a review looks back on."""
    return Period(review.period, review.period, review.since, review.until)


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
        rows=[(one, queries.title_of(ctx, one)) for one in held],
        offered=offered,
        may_open=bool(offered) and await queries.leads(ctx),
        **faults_shown(values, fault),
    )


def departments_shown(
    ctx: Context, review: ReviewRow, computed: list[Evaluation], *, leading: bool
) -> list[DepartmentFigures]:
    """All departments for who leads, and for everybody once published; before that one's own."""
    rows = computed[0].departments if computed else []
    if leading or review.state == ReviewState.PUBLISHED:
        return rows
    mine = {str(one) for one in queries.departments_of_actor(ctx)}
    return [row for row in rows if row.department in mine]


async def told(
    ctx: Context, review: ReviewRow, computed: list[Evaluation], *, leading: bool
) -> dict[str, Any]:
    """What the page and the circular say alike."""
    rules = queries.declared(ctx, review.kind, computed[0].digest if computed else "")
    content = computed[0].units if computed else Counts({}, frozenset())
    figures = _content(ctx, rules)
    return {
        "review": review,
        "title": queries.title_of(ctx, review),
        "rules": rules,
        "evaluation": computed[0] if computed else None,
        "earlier": computed[1:],
        "departments": departments_shown(ctx, review, computed, leading=leading),
        "ratings": list(ctx.policy.ratings.values()),
        "definitions": DEFINITIONS,
        "names": FIGURES,
        "figures": figures,
        "towns": await _towns(ctx, content, figures),
        "leading": leading,
    }


def _content(ctx: Context, rules: Review) -> list[Figure]:
    known = {figure.code for figure in ctx.policy.ever.figures}
    return figures_of(ctx, tuple(code for code in rules.figures if code in known))


async def _towns(
    ctx: Context, content: Counts, figures: list[Figure]
) -> list[tuple[str, str, list[int | None]]]:
    """The work content of the units right below the county's desks, by code: what was done."""
    paths = {path for found in content.by_path.values() for path in found}
    known = await units(ctx, paths)
    desks = [level.code for level in ctx.policy.county.levels if level.desk]
    level = desks[1] if len(desks) > 1 else desks[0]
    return [
        (unit.path, unit.name, [content.under(figure.code, unit.path) for figure in figures])
        for unit in sorted(known.by_path.values(), key=lambda one: one.path)
        if unit.level == level and ctx.actor.may(AssessmentRight.READ, path=unit.path)
    ]


async def figures_page(
    ctx: Context,
    review_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    fault: Refusal | None = None,
) -> Page:
    """The figures of a review, and what its leaders may do next."""
    review = await queries.review_of(ctx, review_id)
    computed = await queries.evaluations(ctx, review_id)
    leading = await queries.leads(ctx)
    evaluation = computed[0] if computed else None
    running = evaluation is not None and evaluation.finished_at is None
    return page(
        ctx,
        "assessment/review.html",
        **await told(ctx, review, computed, leading=leading),
        running=running,
        so_far=review.runs_on(ctx.today),
        steps=(len(evaluation.parts) if evaluation else 0, len(parts_of(review))),
        may_publish=leading
        and not running
        and review.state == ReviewState.EVALUATED
        and (review.appeal_until is None or ctx.today > review.appeal_until),
        **faults_shown(values, fault),
    )
