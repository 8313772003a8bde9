"""What departments object to in a review, and what that takes out of its figures."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select

from gridgov.assessment.models import ReviewAppeal
from gridgov.assessment.types import AppealRow, AppealState
from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import seen
from gridgov.context import Context
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.staff.models import Department

MOST_SHOWN: Final = 200


async def appeals(ctx: Context, review_id: UUID) -> list[AppealRow]:
    """What departments object to, the latest first."""
    found = await ctx.session.execute(
        select(
            ReviewAppeal.id,
            Department.name,
            ReviewAppeal.figure,
            ReviewAppeal.case_id,
            Case.code,
            seen(ctx.actor),
            ReviewAppeal.reason,
            ReviewAppeal.asker,
            ReviewAppeal.asked_by,
            ReviewAppeal.asked_at,
            ReviewAppeal.state,
            ReviewAppeal.decider,
            ReviewAppeal.decided_at,
            ReviewAppeal.decision,
        )
        .join(Department, tied(Department.id, ReviewAppeal.department_id))
        .join(Case, tied(Case.id, ReviewAppeal.case_id))
        .where(ReviewAppeal.review_id == review_id)
        .order_by(ReviewAppeal.asked_at.desc(), ReviewAppeal.id.desc())
        .limit(MOST_SHOWN)
    )
    rows: Sequence[Row[*tuple[Any, ...]]] = found.all()
    return [AppealRow(*row) for row in rows]


async def left_out(ctx: Context, review_id: UUID) -> list[tuple[UUID, str, UUID]]:
    """What the upheld appeals take out of the figures: department, figure, case."""
    found = await ctx.session.execute(
        select(ReviewAppeal.department_id, ReviewAppeal.figure, ReviewAppeal.case_id).where(
            ReviewAppeal.review_id == review_id, ReviewAppeal.state == AppealState.UPHELD
        )
    )
    return [(row.department_id, row.figure, row.case_id) for row in found]


async def review_appealed(ctx: Context, appeal_id: UUID) -> UUID:
    """The review against which an appeal was made. NotFound."""
    found = await ctx.session.scalar(
        select(ReviewAppeal.review_id).where(ReviewAppeal.id == appeal_id)
    )
    if found is None:
        raise NotFound
    return found


async def open_appeals(ctx: Context, review_id: UUID) -> int:
    """How many nobody has decided yet."""
    waiting = (ReviewAppeal.review_id == review_id, ReviewAppeal.state == AppealState.OPEN)
    found = select(func.count()).select_from(ReviewAppeal).where(*waiting)
    return await ctx.session.scalar(found) or 0
