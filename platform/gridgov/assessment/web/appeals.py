"""A department objects to a figure of its own; somebody else decides."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.assessment.actions.appealing import appeal_figure, decide_appeal
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.appeals import appeals, review_appealed
from gridgov.assessment.queries.departments import FIGURES, departments_named
from gridgov.assessment.types import AssessmentRight, ReviewState
from gridgov.assessment.web.sending import Form, faults_shown, sent
from gridgov.context import Context
from gridgov.kernel.errors import Invalid, Refusal
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Appealing(Form):
    """What a department objects to."""

    department: UUID
    figure: Annotated[str, msgspec.Meta(max_length=20)]
    case: Annotated[str, msgspec.Meta(min_length=4, max_length=40)]
    reason: Annotated[str, msgspec.Meta(min_length=4, max_length=500)]

    async def send(self, ctx: Context, review_id: UUID) -> None:
        """Ask for the decision."""
        await appeal_figure(
            ctx,
            review_id,
            self.department,
            self.figure,
            case_code=self.case,
            reason=self.reason,
        )


class Deciding(msgspec.Struct):
    """The decision on an appeal."""

    answer: Annotated[str, msgspec.Meta(pattern="^(uphold|dismiss)$")]
    decision: Annotated[str, msgspec.Meta(min_length=2, max_length=500)]


class ReviewAppeals(Controller):
    """What departments object to in a review."""

    path = "/{tenant:str}/reviews"

    @get("/{review_id:uuid}/appeals", name="review_appeals", permission=AssessmentRight.READ)
    async def appeals(self, ctx: Ctx, review_id: FromPath[UUID]) -> Page:
        """What departments object to, and what was decided."""
        return await _appeals(ctx, review_id)

    @post("/{review_id:uuid}/appeals", permission=AssessmentRight.APPEAL)
    async def appeal(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]
    ) -> Response[Any]:
        """Appeal a figure of one's own department."""
        said = "申诉已提交，由别人来定；成立的话数据会重新计算。"
        return await sent(ctx, request, review_id, Appealing, again=_appeals, said=said)

    @post("/appeals/{appeal_id:uuid}", name="appeal_decide", permission=AssessmentRight.DECIDE)
    async def decide(
        self, ctx: Ctx, request: AnyRequest, appeal_id: FromPath[UUID]
    ) -> Response[Any]:
        """Uphold or dismiss it."""
        try:
            given = await read(request, Deciding)
            uphold = given.answer == "uphold"
            review_id = await decide_appeal(ctx, appeal_id, uphold=uphold, decision=given.decision)
        except Invalid as fault:
            values = await typed(request) | {"appeal": str(appeal_id)}
            reviewed = await review_appealed(ctx, appeal_id)
            return await _appeals(ctx, reviewed, values=values, fault=fault)
        to = url_of(ctx, request, "review_appeals", review_id=review_id)
        said = "申诉成立，正在重新计算。" if uphold else "申诉不成立，理由会告诉对方。"
        return done(request, to, said=said)


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
    names = dict(await departments_named(ctx))
    rows = await appeals(ctx, review_id)
    own = {names.get(one) for one in mine}
    return page(
        ctx,
        "assessment/appeals.html",
        review=review,
        title=queries.title_of(ctx, review),
        rows=[row for row in rows if leading or row.department in own],
        most=queries.MOST_SHOWN if len(rows) == queries.MOST_SHOWN else 0,
        deciding=deciding and review.state != ReviewState.PUBLISHED,
        departments=[(one, names[one]) for one in sorted(mine) if one in names],
        figures=[(code, name) for code, name in FIGURES.items()],
        names=FIGURES,
        appealable=review.state == ReviewState.EVALUATED
        and (review.appeal_until is None or ctx.today <= review.appeal_until),
        **faults_shown(values, fault),
    )
