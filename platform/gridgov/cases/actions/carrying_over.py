"""A new version of a kind takes over cases whose state it no longer has."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gridgov.cases.models import Case, CaseCount, CaseStep
from gridgov.cases.types import CARRIED_OVER, Carry
from gridgov.context import Context
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import OutboxEvent
from gridgov.kernel.pokes import note_work


async def carry_over(ctx: Context, carries: Iterable[Carry]) -> int:
    """Bring open cases into the state that follows theirs; how many.

    Clocks and parts stay as they are. Who was about to do something with such a case is told that
    it has moved on meanwhile.
    """
    return sum([await _carry(ctx, carry) for carry in carries])


async def _carry(ctx: Context, carry: Carry) -> int:
    moved = (
        await ctx.session.execute(
            update(Case)
            .where(
                Case.kind == carry.kind,
                Case.kind_version == carry.version,
                Case.state == carry.state,
                Case.ends == "",
            )
            .values(
                kind_version=carry.to_version,
                state=carry.to.code,
                turn=carry.to.holder,
                version=Case.version + 1,
            )
            .returning(Case.id, Case.node_path)
            .execution_options(synchronize_session=False)
        )
    ).all()
    if moved:
        mine = {"tenant_id": ctx.tenant.id}
        await ctx.session.execute(
            insert(CaseStep), [mine | _step(ctx, carry) | {"case_id": row.id} for row in moved]
        )
        await ctx.session.execute(
            insert(OutboxEvent), [mine | _event(ctx, carry) | {"subject": row.id} for row in moved]
        )
        await _count(ctx, carry, Counter(row.node_path for row in moved))
        note_work(ctx.session.info, ctx.tenant.id)
    return len(moved)


def _step(ctx: Context, carry: Carry) -> dict[str, Any]:
    return {
        "id": new_id(),
        "at": ctx.now,
        "action": CARRIED_OVER,
        "before": carry.state,
        "after": carry.to.code,
        "account_id": ctx.actor.account_id,
        "who": ctx.actor.title or ctx.actor.name,
        "note": "",
        "details": {"versions": [carry.version, carry.to_version]},
        "public": False,
    }


def _event(ctx: Context, carry: Carry) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": f"case.{CARRIED_OVER}",
        "actor": ctx.actor.account_id,
        "payload": {"action": CARRIED_OVER, "before": carry.state, "after": carry.to.code},
        "at": ctx.now,
        "run_at": ctx.now,
    }


async def _count(ctx: Context, carry: Carry, moved: Counter[str]) -> None:
    """Always in the same order, so that none waits in a ring."""
    rows = [
        {"tenant_id": ctx.tenant.id, "id": new_id(), "node_path": p, "state": s, "count": n}
        for p, count in sorted(moved.items())
        for s, n in sorted({carry.state: -count, carry.to.code: count}.items())
    ]
    put = upsert(CaseCount)
    more = {"count": CaseCount.count + put.excluded.count}
    await ctx.session.execute(
        put.on_conflict_do_update(index_elements=["tenant_id", "node_path", "state"], set_=more),
        rows,
    )
