"""The clocks of a case: which start and stop by an action, and when each is due.

Pure: the calendar is handed in. The one place where a due time is decided is :func:`timed`; it asks
``kernel.durations.deadline`` and nothing else.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from gridgov.cases.types import Pause, Running, Settings
from gridgov.contract.declarations import Clock, ClockRules, Each, Urgency
from gridgov.contract.tables import duration
from gridgov.kernel.durations import Duration, OutOfCalendar, Unit, WorkCalendar, deadline
from gridgov.kernel.errors import Unavailable
from gridgov.kernel.ids import new_id

_MINUTES_OF_A_DAY: Final = 24 * 60
STOOD: Final = "stood"
EXTENDED: Final = "extended"
RECKONED: Final = "reckoned"
RULED: Final = "ruled"


def rules_on(urgency: Urgency, day: date) -> ClockRules:
    """The version of an urgency's rules that holds on ``day``; before the first, the first."""
    held = [rules for rules in urgency.rules if rules.effective_from <= day]
    return max(held or urgency.rules[:1], key=lambda rules: rules.effective_from)


def amounts(clock: Clock, settings: Settings) -> tuple[int, int]:
    """How long, and when to warn, with the tenant's setting; the warning keeps its proportion."""
    limit = clock.limit.amount
    chosen = int(settings[clock.setting]) if clock.setting else limit
    warn = clock.warn.amount
    if clock.warn.unit == clock.limit.unit and chosen != limit:
        warn = max(1, round(warn * chosen / limit)) if chosen > 1 else 1
    return chosen, warn


def in_term(clock: Clock, term: str) -> Clock:
    """The clock as long as the case's own term says, if it goes by one and there is one."""
    if not (clock.by_term and term):
        return clock
    limit = duration(term)
    warn = max(1, round(clock.warn.amount * limit.amount / clock.limit.amount))
    return replace(clock, limit=limit, warn=Duration(warn, limit.unit), setting="")


@dataclass(frozen=True, slots=True)
class Starting:
    """What a clock needs to know when it starts. ``term`` is the case's own, as people write it."""

    at: datetime
    rounds: int
    rule_from: date
    calendar: WorkCalendar
    pauses: Sequence[Pause]
    term: str = ""


def started(clock: Clock, bearer: str, start: Starting, settings: Settings) -> Running:
    """A new clock that begins to run."""
    clock = in_term(clock, start.term)
    amount, warn = amounts(clock, settings)
    running = Running(
        id=new_id(),
        code=clock.code,
        name=clock.name,
        bearer=bearer,
        rounds=start.rounds,
        rule_from=start.rule_from.isoformat(),
        amount=amount,
        extended=0,
        unit=clock.limit.unit,
        warn_amount=warn,
        promise=clock.promise,
        source=clock.source,
        calendar_version=start.calendar.version,
        provisional=False,
        started_at=start.at,
        due_at=start.at,
        yellow_at=start.at,
        stopped_at=None,
        history=[],
    )
    return timed(running, start.calendar, start.pauses)


def timed(clock: Running, calendar: WorkCalendar, pauses: Sequence[Pause]) -> Running:
    """The clock with its due time worked out anew from its start, by this calendar."""
    unit = Unit(clock.unit)
    still = [(p.started_at, p.ended_at) for p in pauses if p.ended_at is not None]
    still += [
        (datetime.fromisoformat(entry["from"]), datetime.fromisoformat(entry["to"]))
        for entry in clock.history
        if entry["why"] == STOOD
    ]
    limit = Duration(clock.amount + clock.extended, unit)
    warn = Duration(clock.warn_amount + clock.extended, unit)
    try:
        due = deadline(clock.started_at, limit, calendar, pauses=still)
        yellow = deadline(clock.started_at, warn, calendar, pauses=still)
    except OutOfCalendar as error:
        raise Unavailable("工作日历还没有装载到这个期限，请联系平台管理员。") from error
    return replace(
        clock,
        due_at=due.at,
        yellow_at=min(yellow.at, due.at),
        provisional=due.provisional,
        calendar_version=calendar.version,
    )


def resumed(
    clock: Running, at: datetime, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> Running:
    """A stopped clock runs on from its old start; the time in between does not count."""
    if clock.stopped_at is None:
        return clock
    stood = {"why": STOOD, "from": clock.stopped_at.isoformat(), "to": at.isoformat()}
    running = replace(clock, stopped_at=None, history=[*clock.history, stood])
    return timed(running, calendar, pauses)


def extended(
    clock: Running,
    calendar: WorkCalendar,
    pauses: Sequence[Pause],
    *,
    days: int,
    by: UUID | None,
    at: datetime,
) -> Running:
    """The clock with ``days`` more, in its own kind of days."""
    per_day = {Unit.MINUTES: _MINUTES_OF_A_DAY}.get(Unit(clock.unit), 1)
    longer = replace(clock, extended=clock.extended + days * per_day)
    told = noted(longer, EXTENDED, at, days=days, by=None if by is None else str(by))
    return timed(told, calendar, pauses)


def ruled_anew(
    clock: Running, rule: Clock, start: Starting, settings: Settings, *, at: datetime
) -> Running:
    """The clock under another rule (the case is of another urgency now), from its old start."""
    rule = in_term(rule, start.term)
    amount, warn = amounts(rule, settings)
    told = noted(clock, RULED, at, amount=clock.amount, unit=clock.unit, source=clock.source)
    changed = replace(
        told,
        name=rule.name,
        rule_from=start.rule_from.isoformat(),
        amount=amount,
        unit=rule.limit.unit,
        warn_amount=warn,
        promise=rule.promise,
        source=rule.source,
    )
    return timed(changed, start.calendar, start.pauses)


def reckoned_anew(
    clock: Running, calendar: WorkCalendar, pauses: Sequence[Pause], at: datetime
) -> Running:
    """The clock by a newer calendar; the same value if nothing about it changes."""
    fresh = timed(clock, calendar, pauses)
    if (fresh.due_at, fresh.provisional) == (clock.due_at, clock.provisional):
        return clock
    told = noted(clock, RECKONED, at, calendar=clock.calendar_version)
    return replace(fresh, history=told.history)


def noted(clock: Running, why: str, at: datetime, **facts: Any) -> Running:
    """The clock with one more line of history: what it was before."""
    line = {"why": why, "at": at.isoformat(), "due": clock.due_at.isoformat(), **facts}
    return replace(clock, history=[*clock.history, line])


def stopped(
    clocks: Iterable[Running],
    rules: ClockRules,
    action: str,
    *,
    departments: Collection[str],
    at: datetime,
) -> tuple[Running, ...]:
    """All clocks after ``action``. A department's clock stops for those concerned only."""
    by_code = {clock.code: clock for clock in rules.clocks}

    def stops(running: Running) -> bool:
        rule = by_code.get(running.code)
        return (
            rule is not None
            and running.runs
            and action in rule.stops
            and (rule.each is not Each.ASSIGNMENT or running.bearer in departments)
        )

    return tuple(replace(c, stopped_at=at) if stops(c) else c for c in clocks)


def running_since(clock: Clock, steps: Iterable[tuple[str, datetime]]) -> datetime | None:
    """Since when it would run, had its rule held through all these actions; None if not."""
    since = None
    for action, at in steps:
        if action in clock.stops:
            since = None
        if action in clock.starts and since is None:
            since = at
    return since


def bearers_of(clock: Clock, *, level: str, departments: Collection[str]) -> tuple[str, ...]:
    """For whom a clock starts: the case, the present level, or each department concerned."""
    match clock.each:
        case Each.ASSIGNMENT:
            return tuple(departments)
        case Each.LEVEL:
            return (level,)
        case _:
            return ("",)


def promise_of(clocks: Iterable[Running], rounds: int) -> Running | None:
    """The clock that on-time is judged by, since the last reopening."""
    mine = [clock for clock in clocks if clock.promise and clock.rounds == rounds]
    return max(mine, key=lambda clock: clock.started_at, default=None)


def earliest(clocks: Iterable[Running]) -> tuple[datetime, datetime, bool] | None:
    """Due, yellow and whether the due time is provisional, over the running clocks."""
    running = [clock for clock in clocks if clock.runs]
    if not running:
        return None
    nearest = min(running, key=lambda clock: clock.due_at)
    return nearest.due_at, min(clock.yellow_at for clock in running), nearest.provisional
