"""Counting for those above: one row a day, written by the county itself."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from gridgov.cases.models import CaseStep
from gridgov.cases.queries.overview import overview
from gridgov.context import Context
from gridgov.kernel.ids import new_id
from gridgov.province.models import CaseFigure
from gridgov.province.types import LASTS_DAYS

_LOOKED_AT: Final = 500
"""Ids follow the clock but for what is brought in later: the last activity is among the newest."""


async def count_county(ctx: Context) -> None:
    """Today's row, counted anew. The same figures as on the county's own overview."""
    figures = await overview(ctx, days=LASTS_DAYS, depth=1)
    newest = select(CaseStep.at).order_by(CaseStep.id.desc()).limit(_LOOKED_AT).subquery()
    last = await ctx.session.scalar(select(func.max(newest.c.at)))
    counted = {
        **{f"open_{light}": count for light, count in figures.lights.items()},
        "reported": figures.reported,
        "closed": figures.on_time.closed,
        "on_time": figures.on_time.closed_on_time,
        "overdue": figures.on_time.overdue_open,
        "last_activity": last,
        "counted_at": ctx.now,
    }
    today = figures.trend[-1][0]
    await ctx.session.execute(
        insert(CaseFigure)
        .values(tenant_id=ctx.tenant.id, id=new_id(), day=today, **counted)
        .on_conflict_do_update(index_elements=["tenant_id", "day"], set_=counted)
    )
