"""Reviews, and what belongs to them."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select, true

from gridgov.access.queries.people import root_path
from gridgov.assessment.models import (
    ReviewAnswer,
    ReviewEvaluation,
    ReviewHeld,
    ReviewOpinion,
    ReviewPart,
)
from gridgov.assessment.rules.periods import period_of
from gridgov.assessment.types import (
    AnswerRow,
    AssessmentRight,
    Evaluation,
    OpinionRow,
    ReviewRow,
    ReviewState,
)
from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import seen
from gridgov.context import Context
from gridgov.contract.assessment import Review
from gridgov.contract.declarations import County
from gridgov.grid.models import GridNode
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.sentences import Sentence
from gridgov.staff.models import Department

_REVIEW: Final = (
    ReviewHeld.id,
    ReviewHeld.kind,
    ReviewHeld.period,
    ReviewHeld.since,
    ReviewHeld.until,
    ReviewHeld.state,
    ReviewHeld.opened_at,
    ReviewHeld.appeal_until,
    ReviewHeld.document,
    ReviewHeld.conclusion,
    ReviewHeld.published_at,
)
_SHOWN: Final = 60
MOST_SHOWN: Final = 200


async def leads(ctx: Context, right: AssessmentRight = AssessmentRight.LEAD) -> bool:
    """Whether the actor holds the right over the whole county."""
    return ctx.actor.may(right) and ctx.actor.may(right, path=await root_path(ctx))


async def reviews(ctx: Context) -> list[ReviewRow]:
    """All of them, the latest period first."""
    found = select(*_REVIEW).order_by(ReviewHeld.until.desc(), ReviewHeld.id.desc()).limit(_SHOWN)
    return [ReviewRow(*row) for row in await ctx.session.execute(found)]


async def review_of(ctx: Context, review_id: UUID, *, lock: bool = False) -> ReviewRow:
    """One review; NotFound if there is none."""
    found = select(*_REVIEW).where(ReviewHeld.id == review_id)
    row = (await ctx.session.execute(found.with_for_update() if lock else found)).one_or_none()
    if row is None:
        raise NotFound
    return ReviewRow(*row)


def rules_of(ctx: Context, evaluation: Evaluation | None) -> County:
    """All that the county declared in the edition that an evaluation names; today's without one."""
    named = next(
        (one for one in ctx.policy.editions if evaluation and one.digest == evaluation.digest), None
    )
    return ctx.policy.county_on(named.taken_at) if named else ctx.policy.county


def declared(ctx: Context, kind: str, evaluation: Evaluation | None = None) -> Review:
    """How the county holds such a review, by the rules of an evaluation or by those of today."""
    county = rules_of(ctx, evaluation)
    found = next((review for review in county.reviews if review.code == kind), None)
    return found or next(review for review in ctx.policy.ever.reviews if review.code == kind)


def title_of(ctx: Context, review: ReviewRow) -> str:
    """What it is called: the period, and the kind of review."""
    period = period_of(review.period, ctx.today)
    return Sentence(
        "{period}{review}",
        period=period.name if period else review.period,
        review=declared(ctx, review.kind).name,
    )


_EVALUATION: Final = (
    ReviewEvaluation.id,
    ReviewEvaluation.number,
    ReviewEvaluation.digest,
    ReviewEvaluation.edition_at,
    ReviewEvaluation.why,
    ReviewEvaluation.started_at,
    ReviewEvaluation.finished_at,
)


async def evaluation_named(ctx: Context, evaluation_id: UUID) -> tuple[UUID, Evaluation]:
    """One computation without its parts, and its review."""
    found = await ctx.session.execute(
        select(ReviewEvaluation.review_id, *_EVALUATION).where(ReviewEvaluation.id == evaluation_id)
    )
    row: Any = found.one()
    return row[0], Evaluation(*row[1:])


async def evaluations(ctx: Context, review_id: UUID) -> list[Evaluation]:
    """Every computation of a review, the newest first; only that one has its parts."""
    found = (
        await ctx.session.execute(
            select(*_EVALUATION)
            .where(ReviewEvaluation.review_id == review_id)
            .order_by(ReviewEvaluation.number.desc())
        )
    ).all()
    if not found:
        return []
    parts = await ctx.session.execute(
        select(ReviewPart.part, ReviewPart.content).where(ReviewPart.evaluation_id == found[0].id)
    )
    newest: dict[str, Any] = {part.part: part.content for part in parts}
    return [Evaluation(*row, parts=newest if place == 0 else {}) for place, row in enumerate(found)]


def _readable(ctx: Context, review: ReviewRow, *, leading: bool) -> ColumnElement[bool]:
    """What is said of an officer is read by them, by who wrote it and by who leads the review.

    What is said of a department's problems is read by all once it is published.
    """
    if leading:
        return true()
    mine = [ReviewOpinion.author_id == ctx.actor.account_id]
    if ctx.actor.staff_id is not None:
        mine.append(ReviewOpinion.staff_id == ctx.actor.staff_id)
    departments = departments_of_actor(ctx)
    if departments:
        mine.append(ReviewOpinion.department_id.in_(departments))
    of_unit = ReviewOpinion.staff_id.is_(None)
    mine.append(of_unit if review.state == ReviewState.PUBLISHED else false())
    return or_(*mine)


async def review_of_mine(ctx: Context, opinion_id: UUID) -> UUID:
    """The review with what somebody says of the actor."""
    found: UUID | None = await ctx.session.scalar(
        select(ReviewOpinion.review_id).where(
            ReviewOpinion.id == opinion_id,
            ReviewOpinion.staff_id == ctx.actor.staff_id,
            ReviewOpinion.staff_id.is_not(None),
        )
    )
    if found is None:
        raise NotFound
    return found


async def opinions(ctx: Context, review: ReviewRow, *, leading: bool) -> list[OpinionRow]:
    """What was written, as far as the actor may read it; opened."""
    found = await ctx.session.execute(
        select(
            ReviewOpinion.id,
            ReviewOpinion.form,
            func.coalesce(Department.name, GridNode.name, "").label("about"),
            ReviewOpinion.post,
            ReviewOpinion.case_id,
            Case.code,
            seen(ctx.actor).label("case_seen"),
            ReviewOpinion.text,
            ReviewOpinion.points,
            ReviewOpinion.author,
            ReviewOpinion.author_id,
            ReviewOpinion.staff_id,
            ReviewOpinion.at,
            ReviewOpinion.agreed_at,
            ReviewOpinion.remark,
        )
        .outerjoin(Department, tied(Department.id, ReviewOpinion.department_id))
        .outerjoin(GridNode, tied(GridNode.id, ReviewOpinion.node_id))
        .outerjoin(Case, tied(Case.id, ReviewOpinion.case_id))
        .where(ReviewOpinion.review_id == review.id, _readable(ctx, review, leading=leading))
        .order_by(ReviewOpinion.at.desc(), ReviewOpinion.id.desc())
        .limit(MOST_SHOWN)
    )
    return [_opinion(ctx, row) for row in found]


def _opinion(ctx: Context, row: Any) -> OpinionRow:
    def opened(name: str, sealed: bytes | None) -> str:
        return ctx.vault.open("review_opinions", row.id, name, sealed) if sealed else ""

    return OpinionRow(
        id=row.id,
        form=row.form,
        about=row.about,
        post=row.post,
        case_id=row.case_id,
        case_code=row.code or "",
        case_seen=bool(row.case_seen),
        text=opened("text", row.text),
        points=opened("points", row.points),
        author=row.author,
        at=row.at,
        mine=row.author_id == ctx.actor.account_id,
        of_me=row.staff_id is not None and row.staff_id == ctx.actor.staff_id,
        agreed_at=row.agreed_at,
        remark=opened("remark", row.remark),
    )


async def answers(ctx: Context, review_id: UUID) -> list[AnswerRow]:
    """What units answered to what was asked."""
    found = await ctx.session.execute(
        select(
            ReviewAnswer.node_id,
            ReviewAnswer.comparison,
            ReviewAnswer.answer,
            ReviewAnswer.who,
            ReviewAnswer.at,
        ).where(ReviewAnswer.review_id == review_id)
    )
    return [AnswerRow(*row) for row in found]


def departments_of_actor(ctx: Context) -> Sequence[UUID]:
    """The departments that the actor works for, and may appeal for."""
    scopes = ctx.actor.scopes(AssessmentRight.APPEAL)
    return [one for scope in scopes for one in scope.departments]
