"""Changing a row of a list, from a day on and on the strength of a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, insert

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.contract.relisting import Row, newest_of
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.rulebook.queries.lists import Desk, desk, present
from gridgov.rulebook.rules.lists import ADDED, faults_of
from gridgov.rulebook.types import COUNTY_LISTS
from gridgov.tenants.actions import count_policy_up
from gridgov.tenants.models import ListVersion
from gridgov.tenants.rulebooks import list_changes

CHANGED = "lists.changed"
WITHDRAWN = "lists.withdrawn"

Rows = Mapping[str, Mapping[str, Row | None]]
"""What is said of rows, by list and code; None: the row is no more."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What would differ from the lists of a moment, and those lists."""

    at: datetime
    rows: Rows
    found: Desk


async def plan_lists(ctx: Context, rows: Rows, *, effective_from: date, document: str) -> Planned:
    """What a change would come to; nothing is written. Invalid with every fault at once."""
    faults: dict[str, str] = {}
    if effective_from < ctx.today:
        faults["effective_from"] = "生效的日子不能早于今天：已经按原来的清单办了。"
    if not document.strip():
        faults["document"] = "请写明依据的文号或会议。"
    at = max(ctx.tenant.midnight(effective_from), ctx.now)
    found = await desk(ctx, at)
    kept = {code: _kept(found, code, said, faults) for code, said in rows.items()}
    if faults:
        raise Invalid(fields=faults)
    differing = {code: said for code, said in kept.items() if said}
    if not differing:
        raise Invalid("和那天的清单一样，没有要改的。")
    return Planned(at, differing, found)


async def change_lists(
    ctx: Context,
    rows: Rows,
    *,
    effective_from: date,
    document: str,
    reason: str = "",
    seen: str | None = None,
) -> UUID:
    """Let rows say something else from a day on: today means from this moment.

    What began before goes on by what it began with. ``seen`` is the newest change that the actor
    knows; Conflict if there is another by now. Invalid as in ``plan_lists``.
    """
    await count_policy_up(ctx)  # whoever changes lists at the same time waits here
    if seen is not None and seen != newest_of(await list_changes(ctx.session)):
        raise Conflict("您打开页面以后，有人改过清单。请看过新的版本再改；您填的内容还在。")
    planned = await plan_lists(ctx, rows, effective_from=effective_from, document=document)
    version = new_id()
    told = {"document": document.strip(), "reason": reason.strip()}
    await ctx.session.execute(
        insert(ListVersion).values(
            tenant_id=ctx.tenant.id,
            id=version,
            effective_at=planned.at,
            rows=planned.rows,
            made_by=ctx.actor.title or ctx.actor.name,
            made_at=ctx.now,
            **told,
        )
    )
    record(
        ctx,
        CHANGED,
        COUNTY_LISTS,
        version,
        on=effective_from.isoformat(),
        rows=sum(len(said) for said in planned.rows.values()),
        changes=planned.rows,
        **told,
    )
    return version


async def withdraw_lists(ctx: Context, version: UUID) -> None:
    """Take back a version that has not begun."""
    await count_policy_up(ctx)
    change = next((c for c in await list_changes(ctx.session) if c.id == str(version)), None)
    if change is None:
        raise NotFound
    if change.at <= ctx.now:
        raise Conflict("这一版已经生效，不能撤销；要改回来，请再改一次。")
    await ctx.session.execute(delete(ListVersion).where(ListVersion.id == version))
    record(
        ctx,
        WITHDRAWN,
        COUNTY_LISTS,
        version,
        on=ctx.tenant.day_of(change.at).isoformat(),
        document=change.document,
    )


def _kept(
    found: Desk, code: str, rows: Mapping[str, Row | None], faults: dict[str, str]
) -> dict[str, Row | None]:
    """What differs from what would stand there then; faults are added to those there are."""
    kept: dict[str, Row | None] = {}
    for row, said in rows.items():
        there = present(found, code, row)
        if said is None:
            if there is None or code not in ADDED:
                raise NotFound
            kept[row] = None
            continue
        if there is None and code not in ADDED:
            raise NotFound
        faults |= faults_of(code, said, urgencies=found.policy.urgencies, departments=found.names)
        if there is None:
            kept[row] = said
        elif differing := {name: value for name, value in said.items() if there[name] != value}:
            kept[row] = differing
    return kept
