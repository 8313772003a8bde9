"""Which settings hold, and who changed them when and why?"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from gridgov.audit.queries import Wanted, entries
from gridgov.context import Context
from gridgov.contract.declarations import Setting
from gridgov.contract.settings import Versions, from_kept
from gridgov.kernel.paging import Cursor
from gridgov.rulebook.types import SETTINGS, Changed
from gridgov.tenants.models import TenantRecord

WITHDRAWN = "settings.withdrawn"
CHANGED = "settings.changed"


async def versions_of(ctx: Context) -> Versions:
    """The versions as they are now: the request may have waited for somebody else's change."""
    kept = await ctx.session.scalar(
        select(TenantRecord.settings).where(TenantRecord.id == ctx.tenant.id)
    )
    return from_kept(kept or ())


async def history(ctx: Context, *, after: Cursor | None = None, limit: int) -> Sequence[Changed]:
    """The changes, the newest first, and one more than ``limit``."""
    wanted = Wanted(subject_kind=SETTINGS, subject_id=ctx.tenant.id)
    statement = entries(wanted, ctx.tenant, after=after, limit=limit)
    return [_changed(row, ctx.policy.settings) for row in await ctx.session.execute(statement)]


def _changed(row: Row[*tuple[Any, ...]], known: Mapping[str, Setting]) -> Changed:
    details = row.details
    return Changed(
        seq=row.seq,
        at=row.at,
        who=row.who,
        effective_from=date.fromisoformat(details["effective_from"]),
        withdrawn=row.verb == WITHDRAWN,
        reason=details["reason"],
        changes=tuple(
            (known.get(code, code), before, after)
            for code, (before, after) in details["changes"].items()
        ),
    )


async def newest_change(ctx: Context) -> int:
    """The number of the last change; 0 before the first."""
    found = await history(ctx, limit=0)
    return found[0].seq if found else 0
