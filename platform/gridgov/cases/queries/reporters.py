"""Who reported: the accounts that are to be told."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select

from gridgov.cases.models import Case, CaseReporter
from gridgov.context import Context
from gridgov.kernel.joins import tied


async def accounts_reporting(ctx: Context, case_ids: Collection[UUID]) -> frozenset[UUID]:
    """The accounts among the reporters of these cases and of those merged into them."""
    found = await ctx.session.scalars(
        select(CaseReporter.account_id)
        .join(Case, tied(Case.id, CaseReporter.case_id))
        .where(
            or_(Case.id.in_(case_ids), Case.merged_into.in_(case_ids)),
            CaseReporter.account_id.is_not(None),
        )
    )
    return frozenset(account for account in found if account is not None)
