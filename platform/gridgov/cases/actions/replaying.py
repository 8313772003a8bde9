"""A shadow run: recorded cases are decided again under other rules, and nothing is written.

Only what differs is told: which department is suggested, until when a case promises to be done, and
which light it shows now. What people did stays as it was. A case that was dispatched is held
against what its desk was told then, for of a plugin's hooks there are only those that are installed
now; one that was not, against what its desk would be told now.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from gridgov.calendar.lookup import calendar_for
from gridgov.cases.actions.act import SettingsOf, rules_for
from gridgov.cases.models import Case, CaseStep
from gridgov.cases.queries.routing import Suggestion
from gridgov.cases.queries.situations import situations
from gridgov.cases.queries.suggesting import router
from gridgov.cases.queries.units import Units, units
from gridgov.cases.rules import clocks as ticking
from gridgov.cases.rules.lights import light_of
from gridgov.cases.types import Head, Running, Situation
from gridgov.context import Context
from gridgov.kernel.clock import end_in_digits
from gridgov.kernel.durations import WorkCalendar
from gridgov.policy import Policy

ROUTE: Final = "route"
DEADLINE: Final = "deadline"
LIGHT: Final = "light"
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Differs:
    """One thing that would be otherwise. ``why`` names who decides so under the other rules."""

    case: str
    category: str
    what: str
    before: str
    after: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many cases were looked at, and all that differs among them."""

    cases: int
    differences: tuple[Differs, ...]

    def count(self, what: str) -> int:
        """How many cases differ in this."""
        return sum(one.what == what for one in self.differences)


async def replay(ctx: Context, other: Policy, *, since: date) -> Replayed:
    """Decide every case that was opened on ``since`` or later once more, as ``other`` would."""
    shadow = replace(ctx, policy=other)
    calendar = await calendar_for(ctx)
    seen, found = 0, list[Differs]()
    async for cases in _opened(ctx, since):
        seen += len(cases)
        categories = {case.head.category for case in cases}
        known = await units(ctx, [case.head.node_path for case in cases])
        told = await _told(ctx, [case.head.id for case in cases])
        now, then = await router(ctx, categories), await router(shadow, categories)
        for case in cases:
            where = _where(case.head, known)
            before = told.get(case.head.id) or _name(now.suggest(*where))
            found += _routes(case.head, before, then.suggest(*where))
            found += _times(ctx, shadow, case, calendar)
    return Replayed(seen, tuple(found))


async def _opened(ctx: Context, since: date) -> AsyncIterator[Sequence[Situation]]:
    first = ctx.tenant.midnight(since)
    after = UUID(int=0)
    while True:
        found = await ctx.session.scalars(
            select(Case.id)
            .where(Case.opened_at >= first, Case.id > after)
            .order_by(Case.id)
            .limit(_AT_ONCE)
        )
        ids = list(found)
        if not ids:
            return
        after = ids[-1]
        yield await situations(ctx, ids)


async def _told(ctx: Context, cases: Collection[UUID]) -> dict[UUID, str]:
    """The department that the desk was told of when a case was dispatched last."""
    said = CaseStep.details["suggested"]
    steps = await ctx.session.execute(
        select(CaseStep.case_id, said["department"].as_string())
        .where(CaseStep.case_id.in_(cases), said.is_not(None))
        .order_by(CaseStep.id)
    )
    return {case_id: department for case_id, department in steps if department}


def _where(head: Head, known: Units) -> tuple[str, str, str, str]:
    unit = known.by_path.get(head.node_path)
    return head.category, head.urgency, head.node_path, unit.area if unit else ""


def _routes(head: Head, before: str, found: Sequence[Suggestion]) -> Iterator[Differs]:
    after = _name(found)
    if before != after:
        why = f"{found[0].plugin} {found[0].reason}".strip() if found else ""
        yield Differs(head.code, head.category, ROUTE, before, after, why)


def _name(found: Sequence[Suggestion]) -> str:
    return found[0].name if found else ""


def _times(
    ctx: Context, shadow: Context, case: Situation, calendar: WorkCalendar
) -> Iterator[Differs]:
    head = case.head
    ruled = _ruled(shadow, case, calendar)
    old, new = (ticking.promise_of(clocks, head.reopened) for clocks in (case.clocks, ruled))
    if old and new and old.due_at != new.due_at:
        before, after = (end_in_digits(one.due_at, ctx.tenant.zone) for one in (old, new))
        yield Differs(head.code, head.category, DEADLINE, before, after, new.source)
    lights = [_light(ctx, head, clocks) for clocks in (case.clocks, ruled)]
    if lights[0] != lights[1]:
        yield Differs(head.code, head.category, LIGHT, *lights)


def _ruled(shadow: Context, case: Situation, calendar: WorkCalendar) -> tuple[Running, ...]:
    """The clocks as the other rules have them, each from its own start."""
    head = case.head
    if head.urgency not in shadow.policy.at(head.node_path).urgencies:
        return case.clocks
    rules = rules_for(shadow, head.node_path, head.urgency, head.ruled_at)
    by_code = {clock.code: clock for clock in rules.clocks}
    settings = SettingsOf(shadow, shadow.tenant.day_of(head.ruled_at))
    return tuple(
        ticking.ruled_anew(
            clock,
            by_code[clock.code],
            ticking.Starting(
                clock.started_at,
                clock.rounds,
                rules.effective_from,
                calendar,
                case.pauses,
                head.term,
            ),
            settings,
            at=shadow.now,
        )
        if clock.code in by_code
        else clock
        for clock in case.clocks
    )


def _light(ctx: Context, head: Head, clocks: Sequence[Running]) -> str:
    nearest = ticking.earliest(clocks)
    due, yellow = nearest[:2] if nearest else (None, None)
    paused = head.paused_at is not None
    return light_of(due, yellow, paused=paused, ended=bool(head.ends), now=ctx.now)
