"""The rows of an export: what a list shows, where the actor may take it along."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select

from gridgov.cases.models import Case
from gridgov.cases.queries.searching import matching
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.cases.queries.worklist import COLUMNS, CaseFilter, CaseRow, narrowed
from gridgov.cases.types import CaseRight
from gridgov.context import Context

MOST_EXPORTED: Final = 5000


async def exported(ctx: Context, wanted: CaseFilter) -> Sequence[CaseRow]:
    """The newest rows of the filter under the right to export, one more than the cap at most."""
    found = narrowed(ctx, cases_seen_by(ctx.actor, CaseRight.EXPORT), wanted)
    if wanted.text.strip():
        found = await matching(ctx, found, wanted.text)
    page = found.with_only_columns(*COLUMNS).order_by(Case.id.desc()).limit(MOST_EXPORTED + 1)
    return [CaseRow(*row) for row in await ctx.session.execute(page)]


async def exportable(ctx: Context, wanted: CaseFilter) -> int:
    """How many that would be, counted up to one more than the cap."""
    found = narrowed(ctx, cases_seen_by(ctx.actor, CaseRight.EXPORT), wanted)
    if wanted.text.strip():
        found = await matching(ctx, found, wanted.text)
    capped = found.with_only_columns(Case.id).limit(MOST_EXPORTED + 1).subquery()
    return await ctx.session.scalar(select(func.count()).select_from(capped)) or 0
