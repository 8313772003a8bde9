"""The calendar changed: what is due is worked out anew, and the timeline says so."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.calendar.lookup import calendar_for
from gridgov.cases.actions.writing import put_clocks
from gridgov.cases.models import Case, CaseStep
from gridgov.cases.queries.situations import situations_locked
from gridgov.cases.rules import clocks as ticking
from gridgov.cases.rules.lights import telling
from gridgov.cases.types import Running, Situation
from gridgov.context import Context
from gridgov.kernel.durations import WorkCalendar
from gridgov.kernel.ids import new_id

AT_ONCE: Final = 500
ACTION: Final = "reckon"
"""What the line of the timeline is called; no action that anybody could do."""


async def reckon_anew(ctx: Context, first: date) -> int:
    """Work out every clock that reaches ``first`` or beyond, by the calendar of now.

    How many cases changed. Safe to repeat: what is right already stays as it is.
    """
    calendar = await calendar_for(ctx)
    midnight = ctx.tenant.midnight(first)
    changed, after = 0, UUID(int=0)
    while True:
        ids = list(
            await ctx.session.scalars(
                select(Case.id)
                .where(Case.ends.in_(("", "merged")), Case.id > after)
                .order_by(Case.id)
                .limit(AT_ONCE)
            )
        )
        if not ids:
            return changed
        after = ids[-1]
        cases = await situations_locked(ctx, ids)
        changed += await _reckon(ctx, cases, calendar, midnight)


async def _reckon(
    ctx: Context, cases: Iterable[Situation], calendar: WorkCalendar, since: datetime
) -> int:
    rows: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    clocks: list[dict[str, Any]] = []
    for case in cases:
        fresh = {
            clock.id: ticking.reckoned_anew(clock, calendar, case.pauses, ctx.now)
            if clock.runs and clock.due_at > since
            else clock
            for clock in case.clocks
        }
        changed = [clock for clock in case.clocks if fresh[clock.id] != clock]
        if not changed:
            continue
        mine = {"tenant_id": ctx.tenant.id, "case_id": case.head.id}
        clocks += [{**mine, **asdict(fresh[clock.id])} for clock in changed]
        rows.append(_row(ctx, case, tuple(fresh.values())))
        steps.append({**mine, **_step(ctx, case, changed, fresh)})
    if rows:
        await ctx.session.execute(update(Case), rows)
        await ctx.session.execute(insert(CaseStep), steps)
        await put_clocks(ctx, clocks)
    return len(rows)


def _row(ctx: Context, case: Situation, clocks: tuple[Running, ...]) -> dict[str, Any]:
    head = case.head
    due, yellow, provisional = ticking.earliest(clocks) or (head.due_at, head.yellow_at, False)
    silent = bool(head.ends) or head.paused_at is not None
    told = telling(head.told_light, due, yellow, silent=silent, now=ctx.now)
    promise = ticking.promise_of(clocks, head.reopened)
    return {
        "tenant_id": ctx.tenant.id,
        "id": head.id,
        "due_at": due,
        "yellow_at": yellow,
        "provisional": provisional,
        "promise_at": promise.due_at if promise else head.promise_at,
        "told_light": told.told,
        "tell_at": told.at,
        "version": head.version + 1,
    }


def _step(
    ctx: Context, case: Situation, changed: list[Running], fresh: dict[UUID, Running]
) -> dict[str, Any]:
    details = [
        {
            "clock": clock.code,
            "from": clock.due_at.isoformat(),
            "to": fresh[clock.id].due_at.isoformat(),
        }
        for clock in changed
    ]
    return {
        "id": new_id(),
        "at": ctx.now,
        "action": ACTION,
        "before": case.head.state,
        "after": case.head.state,
        "account_id": ctx.actor.account_id,
        "who": ctx.actor.name,
        "note": "",
        "details": {"clocks": details},
        "public": False,
    }
