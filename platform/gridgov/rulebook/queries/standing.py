"""What the county runs, and what of it has been put to use."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import column, func, or_, select, table, tuple_

from gridgov.access.models import Binding
from gridgov.cases.models import Case
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.db import Base
from gridgov.rulebook.models import HookFault
from gridgov.rulebook.queries.settings import versions_of
from gridgov.rulebook.types import InUse, Wish
from gridgov.staff.models import PostHolding
from gridgov.tenants.models import RulePart, TenantRecord

SHOWN_FAULTS: Final = 50
_TABLES: Final = table("pg_class", column("oid"), column("relname"))
_COLUMNS: Final = table(
    "pg_attribute", column("attrelid"), column("attname"), column("attisdropped")
)


async def wish_of(ctx: Context) -> Wish:
    """What the county asked for last: its plugins and where parts are ruled by others."""
    asked = await ctx.session.execute(
        select(TenantRecord.plugins, TenantRecord.tables).where(TenantRecord.id == ctx.tenant.id)
    )
    plugins, tables = asked.one()
    parts = await ctx.session.scalars(select(RulePart).order_by(RulePart.plugin))
    return Wish(
        plugins=tuple(plugins), parts={part.plugin: part.path for part in parts}, tables=tables
    )


async def in_use(ctx: Context, kinds: Collection[tuple[str, int]]) -> InUse:
    """What must not lose its declaration; ``kinds`` are those whose use is asked about."""
    cases, categories, urgencies = await _open_cases(ctx)
    return InUse(
        levels=await _counted(ctx, GridNode.level, GridNode.valid_to.is_(None)),
        posts=await _counted(ctx, PostHolding.post, _lasts(ctx, PostHolding.valid_to)),
        roles=await _counted(ctx, Binding.role, _lasts(ctx, Binding.valid_to)),
        categories=categories,
        urgencies=urgencies,
        cases=cases,
        begun=await _begun(ctx, kinds),
        chosen=await versions_of(ctx),
    )


async def _open_cases(
    ctx: Context,
) -> tuple[Counter[tuple[str, int, str]], Counter[str], Counter[str]]:
    """By kind, version and state; by category; by urgency. One statement."""
    columns = (Case.kind, Case.kind_version, Case.state, Case.category, Case.urgency)
    found = await ctx.session.execute(
        select(*columns, func.count()).where(Case.ends == "").group_by(*columns)
    )
    cases: Counter[tuple[str, int, str]] = Counter()
    categories: Counter[str] = Counter()
    urgencies: Counter[str] = Counter()
    for kind, version, state, category, urgency, count in found:
        cases[kind, version, state] += count
        categories[category] += count
        urgencies[urgency] += count
    return cases, categories, urgencies


async def _counted(ctx: Context, column: Any, which: Any) -> dict[str, int]:
    found = await ctx.session.execute(select(column, func.count()).where(which).group_by(column))
    return {row[0]: row[1] for row in found}


def _lasts(ctx: Context, valid_to: Any) -> Any:
    return or_(valid_to.is_(None), valid_to > ctx.today)


async def _begun(ctx: Context, kinds: Collection[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    if not kinds:
        return frozenset()
    found = await ctx.session.execute(
        select(Case.kind, Case.kind_version)
        .where(tuple_(Case.kind, Case.kind_version).in_(sorted(kinds)))
        .distinct()
    )
    return frozenset((row[0], row[1]) for row in found)


async def not_migrated(ctx: Context, plugins: Collection[str]) -> list[str]:
    """Those of the plugins whose own tables the database has not, or not with every column."""
    wanted = {
        (plugin, own.name, each.name)
        for plugin in plugins
        for own in Base.metadata.tables.values()
        if own.name.startswith(f"{plugin}_")
        for each in own.columns
    }
    if not wanted:
        return []
    there = await ctx.session.execute(
        select(_TABLES.c.relname, _COLUMNS.c.attname)
        .join(_COLUMNS, _COLUMNS.c.attrelid == _TABLES.c.oid)
        .where(
            _TABLES.c.relname.in_(sorted({name for _, name, _ in wanted})),
            ~_COLUMNS.c.attisdropped,
        )
    )
    found = {(row.relname, row.attname) for row in there}
    return sorted({plugin for plugin, name, each in wanted if (name, each) not in found})


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault as the page lists it."""

    number: str
    plugin: str
    hook: str
    what: str
    count: int
    first_at: datetime
    last_at: datetime


async def faults(ctx: Context) -> Sequence[FaultRow]:
    """What plugins could not answer, the latest first."""
    found = await ctx.session.execute(
        select(
            HookFault.number,
            HookFault.plugin,
            HookFault.hook,
            HookFault.what,
            HookFault.count,
            HookFault.first_at,
            HookFault.last_at,
        )
        .order_by(HookFault.last_at.desc())
        .limit(SHOWN_FAULTS)
    )
    return [FaultRow(*row) for row in found]
