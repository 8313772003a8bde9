"""What somebody reported and is not done yet passes to who takes over their post."""

from uuid import UUID

from sqlalchemy import select, update

from gridgov.cases.actions.performing import perform
from gridgov.cases.models import Case, CaseReporter
from gridgov.context import Context
from gridgov.kernel.db import within


async def hand_on(ctx: Context, path: str, *, giver: UUID, taker: UUID, note: str) -> int:
    """Open cases below a place that ``giver`` reported: notices and results now go to ``taker``.

    Each timeline says so, and keeps who reported it. How many they were.
    """
    mine = (Case.ends == "", within(Case.node_path, path), Case.reported_by == giver)
    rows = (
        await ctx.session.execute(
            select(Case.id, Case.kind, Case.kind_version).where(*mine).order_by(Case.id)
        )
    ).all()
    ids = [row.id for row in rows]
    if not ids:
        return 0
    await ctx.session.execute(
        update(CaseReporter)
        .where(CaseReporter.case_id.in_(ids), CaseReporter.account_id == giver)
        .values(account_id=taker)
        .execution_options(synchronize_session=False)
    )
    await ctx.session.execute(
        update(Case)
        .where(Case.id.in_(ids))
        .values(reported_by=taker)
        .execution_options(synchronize_session=False)
    )
    for row in rows:
        kind = ctx.policy.kinds[row.kind, row.kind_version]
        noting = next((action for action in kind.actions if action.effect == "note"), None)
        if noting is not None:
            await perform(ctx, row.id, noting.code, {"note": note})
    return len(ids)
