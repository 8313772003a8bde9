"""How many open cases there are by light, from an index alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, not_, or_, select

from gridgov.cases.models import Case
from gridgov.cases.queries.lights import has_light
from gridgov.cases.queries.seeing import seen, widest
from gridgov.cases.types import LIGHTS, CaseRight, Light
from gridgov.context import Context
from gridgov.contract.actor import Scope
from gridgov.kernel.db import within


async def light_counts(ctx: Context) -> dict[Light, int]:
    """Open cases by light, of all that the actor sees."""
    scopes = widest(ctx.actor.scopes(CaseRight.READ))
    whole = [scope for scope in scopes if _whole(scope)]
    inside = or_(*(within(Case.node_path, scope.path) for scope in whole)) if whole else None
    totals: dict[Light, int] = dict.fromkeys(LIGHTS, 0)
    statements: list[Any] = []
    if inside is not None:
        statements.append(_lights(ctx.now).where(inside))
    if len(whole) < len(scopes) or ctx.actor.account_id is not None:
        rest = seen(ctx.actor) if inside is None else and_(seen(ctx.actor), not_(inside))
        statements.append(_lights(ctx.now).where(rest))
    for statement in statements:
        row = (await ctx.session.execute(statement)).one()
        for light, count in zip(totals, row, strict=True):
            totals[light] += count
    return totals


def _lights(now: datetime) -> Any:
    return select(*(func.count().filter(has_light(light, now)) for light in LIGHTS)).where(
        Case.ends == ""
    )


def _whole(scope: Scope) -> bool:
    return not scope.departments and not scope.categories
