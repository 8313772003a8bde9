"""Telling that a light turned. The light itself needs nobody: it follows from the times and now."""

from typing import Any, Final

from sqlalchemy import insert, select, update

from gridgov.cases.models import Case
from gridgov.cases.rules.lights import told_now
from gridgov.cases.types import Light
from gridgov.context import Context
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import OutboxEvent

AT_ONCE: Final = 500
YELLOW: Final = "case.yellow"
RED: Final = "case.red"
_EVENTS: Final = {Light.YELLOW: YELLOW, Light.RED: RED}


async def tell_lights(ctx: Context, *, limit: int = AT_ONCE) -> int:
    """Write an event for each open case whose light turned yellow or red since it was last told.

    At most ``limit`` at a time; what is left is told by the next run. Safe to repeat.
    """
    due = await ctx.session.execute(
        select(Case.id, Case.due_at, Case.yellow_at)
        .where(Case.tell_at <= ctx.now)
        .order_by(Case.tell_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    cases: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for case_id, due_at, yellow_at in due:
        light, telling = told_now(due_at, yellow_at, ctx.now)
        cases.append(
            {
                "tenant_id": ctx.tenant.id,
                "id": case_id,
                "told_light": telling.told,
                "tell_at": telling.at,
            }
        )
        if light in _EVENTS:
            events.append(_event(ctx, _EVENTS[light], case_id, due_at.isoformat()))
    if cases:
        await ctx.session.execute(update(Case), cases)
    if events:
        await ctx.session.execute(insert(OutboxEvent), events)
    return len(events)


def _event(ctx: Context, kind: str, case_id: Any, due: str) -> dict[str, Any]:
    return {
        "tenant_id": ctx.tenant.id,
        "id": new_id(),
        "kind": kind,
        "subject": case_id,
        "actor": None,
        "payload": {"due": due},
        "at": ctx.now,
        "run_at": ctx.now,
    }
