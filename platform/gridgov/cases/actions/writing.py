"""An act put down: one statement for each table concerned, in an order that cannot deadlock."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gridgov.audit.actions import record
from gridgov.cases.actions.act import Act, changed
from gridgov.cases.models import (
    Case,
    CaseAssignment,
    CaseClock,
    CaseCount,
    CasePause,
    CaseRequest,
    CaseStep,
)
from gridgov.cases.rules.moves import EVENTS
from gridgov.context import Context
from gridgov.kernel.db import TenantRow
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import emit


async def write(act: Act) -> bool:
    """Everything of the act; False if somebody else was quicker, and then nothing is written."""
    head, ctx = act.head, act.ctx
    moved = await ctx.session.execute(
        update(Case)
        .where(Case.id == head.id, Case.version == head.version)
        .values(**act.changes, version=head.version + 1)
        .returning(Case.node_path)
        .execution_options(synchronize_session=False)
    )
    place = moved.scalar_one_or_none()
    if place is None:
        return False
    case = act.asking.case
    state = act.changes.get("state", head.state)
    await put_step(act, state)
    await put_rows(ctx, CaseAssignment, head.id, changed(case.parts, act.parts.values()))
    await put_rows(ctx, CaseClock, head.id, changed(case.clocks, act.clocks.values()))
    await put_rows(ctx, CasePause, head.id, changed(case.pauses, act.pauses.values()))
    await put_rows(ctx, CaseRequest, head.id, changed(case.requests, act.requests.values()))
    if state != head.state:
        await count(ctx, {(place, head.state): -1, (place, state): 1})
    await tell(ctx, act.action.effect, head.id, action=act.action.code, **_told(act, state))
    return True


def _told(act: Act, state: str) -> dict[str, Any]:
    departments = [str(department) for department in dict.fromkeys(act.concerned)]
    return {"before": act.head.state, "after": state, "departments": departments}


async def put_step(act: Act, state: str) -> None:
    """The line of the timeline."""
    actor = act.ctx.actor
    by_reporter = actor.account_id is None and not actor.system
    await act.ctx.session.execute(
        insert(CaseStep).values(
            tenant_id=act.ctx.tenant.id,
            id=new_id(),
            case_id=act.head.id,
            at=act.now,
            action=act.action.code,
            before=act.head.state,
            after=state,
            account_id=actor.account_id,
            who="反映人" if by_reporter else actor.title or actor.name,
            note=act.note,
            details=act.details,
            public=act.action.public,
        )
    )


async def put_rows(
    ctx: Context, model: type[TenantRow], case_id: UUID, values: Sequence[Any]
) -> None:
    """Add the values, or replace the rows that have their ids."""
    if values:
        mine = {"tenant_id": ctx.tenant.id, "case_id": case_id}
        await put_mappings(ctx, model, [{**mine, **asdict(value)} for value in values])


async def put_mappings(
    ctx: Context, model: type[TenantRow], rows: Sequence[dict[str, Any]]
) -> None:
    """The same for rows of several cases."""
    put = upsert(model)
    same = {name: put.excluded[name] for name in rows[0] if name not in {"tenant_id", "id"}}
    await ctx.session.execute(
        put.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=same),
        list(rows),
        execution_options={"render_nulls": True},
    )


async def count(ctx: Context, changes: Mapping[tuple[str, str], int]) -> None:
    """Add to the counters of leaf and state, always in one order, so that none waits in a ring."""
    rows = [
        {"tenant_id": ctx.tenant.id, "id": new_id(), "node_path": path, "state": state, "count": n}
        for (path, state), n in sorted(changes.items())
        if n
    ]
    put = upsert(CaseCount)
    await ctx.session.execute(
        put.on_conflict_do_update(
            index_elements=["tenant_id", "node_path", "state"],
            set_={"count": CaseCount.count + put.excluded.count},
        ),
        rows,
    )


async def tell(ctx: Context, effect: str, case_id: UUID, **payload: Any) -> None:
    """The event for whoever listens, and the line of the audit."""
    verb = f"case.{EVENTS[effect]}"
    await emit(
        ctx.session,
        ctx.tenant.id,
        verb,
        case_id,
        at=ctx.now,
        actor=ctx.actor.account_id,
        **payload,
    )
    record(ctx, verb, "case", case_id, **payload)
