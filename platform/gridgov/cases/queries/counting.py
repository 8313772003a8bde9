"""How many cases: by state from the counters of the leaves, by light from an index alone."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select

from gridgov.cases.models import Case, CaseCount
from gridgov.cases.queries.lights import has_light
from gridgov.cases.queries.seeing import cases_seen_by, seen, widest
from gridgov.cases.queries.worklist import CaseFilter, filtered
from gridgov.cases.types import CaseRight, Light
from gridgov.context import Context
from gridgov.contract.actor import Scope
from gridgov.kernel.db import within

_SHOWN: Final[tuple[Light, ...]] = (Light.RED, Light.YELLOW, Light.GREEN, Light.PAUSED)


async def state_counts(ctx: Context, path: str = "") -> dict[str, int]:
    """Cases by state, of all that the actor sees under ``path``."""
    scopes = widest(ctx.actor.scopes(CaseRight.READ))
    if not all(_whole(scope) for scope in scopes):
        return await _grouped(ctx, cases_seen_by(ctx.actor), path)
    inside = [within(CaseCount.node_path, scope.path) for scope in scopes]
    counted = (
        select(CaseCount.state, func.sum(CaseCount.count))
        .where(within(CaseCount.node_path, path), or_(*inside) if inside else false())
        .group_by(CaseCount.state)
    )
    counts = {state: int(n) for state, n in await ctx.session.execute(counted) if n}
    for state, count in (await _grouped(ctx, _own_elsewhere(ctx, scopes), path)).items():
        counts[state] = counts.get(state, 0) + count
    return counts


async def light_counts(ctx: Context, path: str = "") -> dict[Light, int]:
    """Open cases by light, of all that the actor sees under ``path``."""
    scopes = widest(ctx.actor.scopes(CaseRight.READ))
    whole = [scope for scope in scopes if _whole(scope)]
    inside = or_(*(within(Case.node_path, scope.path) for scope in whole)) if whole else None
    totals: dict[Light, int] = dict.fromkeys(_SHOWN, 0)
    statements: list[Any] = []
    if inside is not None:
        statements.append(_lights(ctx.now).where(inside))
    if len(whole) < len(scopes) or ctx.actor.account_id is not None:
        rest = seen(ctx.actor) if inside is None else and_(seen(ctx.actor), not_(inside))
        statements.append(_lights(ctx.now).where(rest))
    for statement in statements:
        row = (await ctx.session.execute(statement.where(within(Case.node_path, path)))).one()
        for light, count in zip(totals, row, strict=True):
            totals[light] += count
    return totals


async def total(ctx: Context, wanted: CaseFilter, *, most: int = 1000) -> int:
    """How many the filter finds; counting stops after ``most``, so ``most + 1`` means more."""
    found = (await filtered(ctx, wanted)).with_only_columns(Case.id).limit(most + 1)
    counted = await ctx.session.scalar(select(func.count()).select_from(found.subquery()))
    return counted or 0


def _lights(now: datetime) -> Any:
    return select(*(func.count().filter(has_light(light, now)) for light in _SHOWN)).where(
        Case.ends == ""
    )


def _whole(scope: Scope) -> bool:
    return not scope.departments and not scope.categories


def _own_elsewhere(ctx: Context, scopes: tuple[Scope, ...]) -> Select[Any]:
    """What the actor reported outside their own places."""
    outside: list[ColumnElement[bool]] = [
        not_(within(Case.node_path, scope.path)) for scope in scopes
    ]
    mine = Case.reported_by == ctx.actor.account_id
    return cases_seen_by(ctx.actor).where(mine, *outside)


async def _grouped(ctx: Context, cases: Select[Any], path: str) -> dict[str, int]:
    counted = (
        cases.with_only_columns(Case.state, func.count())
        .where(within(Case.node_path, path))
        .group_by(Case.state)
    )
    return {row[0]: row[1] for row in await ctx.session.execute(counted)}
