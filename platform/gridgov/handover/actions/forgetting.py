"""What passed on with a post goes when it was kept long enough; that it passed on stays."""

from datetime import timedelta

from sqlalchemy import or_, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.handover.models import Handover


async def forget_handovers(ctx: Context) -> int:
    """Empty the lists and the reasons of hand-overs that ended before the setting's days."""
    days = int(ctx.setting("record_days"))
    before = ctx.now - timedelta(days=days)
    gone = await ctx.session.scalars(
        update(Handover)
        .where(
            or_(Handover.done_at < before, Handover.cancelled_at < before),
            or_(Handover.things != [], Handover.note != "", Handover.given_for != ""),
        )
        .values(things=[], note="", given_for="")
        .returning(Handover.id)
        .execution_options(synchronize_session=False)
    )
    count = len(gone.all())
    if count:
        record(ctx, "handover.forgotten", "handover", None, count=count, days=days)
    return count
