"""Who reported: accounts to be told, and the timeline as a reporter sees it."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy import or_, select

from gridgov.cases.models import Case, CaseReporter
from gridgov.cases.queries.timeline import Step, steps_of
from gridgov.cases.rules.moves import TOLD_TO_REPORTER
from gridgov.cases.types import Head
from gridgov.context import Context


async def accounts_reporting(ctx: Context, case_ids: Collection[UUID]) -> frozenset[UUID]:
    """The accounts among the reporters of these cases and of those merged into them."""
    found = await ctx.session.scalars(
        select(CaseReporter.account_id)
        .join(Case, (Case.tenant_id == CaseReporter.tenant_id) & (Case.id == CaseReporter.case_id))
        .where(
            or_(Case.id.in_(case_ids), Case.merged_into.in_(case_ids)),
            CaseReporter.account_id.is_not(None),
        )
    )
    return frozenset(account for account in found if account is not None)


async def public_steps(ctx: Context, head: Head) -> tuple[Step, ...]:
    """The timeline as the reporter sees it: what happened, by which duty, and words for them.

    Notes between offices stay there.
    """
    kind = ctx.policy.kinds.get((head.kind, head.kind_version))
    told = {a.code for a in kind.actions if a.effect in TOLD_TO_REPORTER} if kind else set[str]()
    return tuple(
        replace(step, note=step.note if step.action in told else "", details={})
        for step in await steps_of(ctx, head.id)
        if step.public
    )
