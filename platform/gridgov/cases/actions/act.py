"""One action on one case while it is carried out: what was, what will be, and how it is written.

An effect (``filing``, ``dispatching``, ...) changes the act; :func:`settle` then works out state,
clocks and lights; :func:`write` puts it down in as few statements as there are tables concerned.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gridgov.calendar.lookup import calendar_for
from gridgov.cases.rules import clocks as ticking
from gridgov.cases.rules.lights import telling
from gridgov.cases.rules.moves import kind_for, state_of
from gridgov.cases.rules.places import top_desk_level
from gridgov.cases.rules.reach import Asking
from gridgov.cases.types import Asked, Head, Part, Pause, RequestState, Running, Situation
from gridgov.context import Context
from gridgov.contract.declarations import Action, CaseKind, ClockRules, Ends
from gridgov.kernel.durations import WorkCalendar


class SettingsOf:
    """The tenant's settings as they held on a case's day, for rules that know no context."""

    def __init__(self, ctx: Context, day: date) -> None:
        self._ctx, self._day = ctx, day

    def __getitem__(self, code: str) -> Any:
        """The tenant's value or the county's default."""
        return self._ctx.setting(code, self._day)


@dataclass(slots=True, kw_only=True)
class Act:
    """What an effect works on.

    ``changes`` are columns of the case; ``to`` is the state that is reached, empty for staying;
    ``concerned`` are the departments whose own clocks start or stop by this action.
    """

    ctx: Context
    asking: Asking
    action: Action
    given: dict[str, Any]
    to: str
    parts: dict[UUID, Part]
    clocks: dict[UUID, Running]
    pauses: dict[UUID, Pause]
    requests: dict[UUID, Asked]
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    changes: dict[str, Any] = field(default_factory=dict[str, Any])
    concerned: tuple[UUID, ...] = ()

    @property
    def head(self) -> Head:
        """The case as it was."""
        return self.asking.head

    @property
    def kind(self) -> CaseKind:
        """The declarations that the case runs by."""
        return self.asking.kind

    @property
    def now(self) -> datetime:
        """The moment of the action."""
        return self.ctx.now

    def will_be(self, column: str) -> Any:
        """A column as it will be after the action."""
        return self.changes[column] if column in self.changes else getattr(self.head, column)

    def put(self, *parts: Part) -> None:
        """Add or replace parts, and count their departments as concerned."""
        for part in parts:
            self.parts[part.id] = part
        self.concerned += tuple(part.department_id for part in parts)

    def open_parts(self) -> tuple[Part, ...]:
        """The parts that are still open, as they will be."""
        return tuple(part for part in self.parts.values() if part.open)

    def drop_requests(self, *, department: UUID | None = None) -> None:
        """What was asked no longer matters: all of it, or one department's."""
        for asked in tuple(self.requests.values()):
            if asked.open and department in (None, asked.department_id):
                dropped = replace(asked, state=RequestState.DROPPED, decided_at=self.now)
                self.requests[asked.id] = dropped

    @property
    def ruled_at(self) -> datetime:
        """The moment that decides which rules and settings the case will run by."""
        return self.will_be("filed_at") or self.head.opened_at

    def rules(self) -> ClockRules:
        """The clock rules that the case will run by."""
        return rules_for(self.ctx, self.head.node_path, self.will_be("urgency"), self.ruled_at)

    def settings(self) -> SettingsOf:
        """The settings that the case will run by."""
        return SettingsOf(self.ctx, self.ctx.tenant.day_of(self.ruled_at))

    async def calendar(self) -> WorkCalendar:
        """The working days as they are known now."""
        return await calendar_for(self.ctx)


def rules_for(ctx: Context, path: str, urgency: str, day: datetime) -> ClockRules:
    """The clock rules of an urgency at a place, on the local day of that moment."""
    declared = ctx.policy.at(path).urgencies_ever[urgency]
    return ticking.rules_on(declared, ctx.tenant.day_of(day))


def asking_of(ctx: Context, case: Situation, *, teller: UUID | None = None) -> Asking:
    """The question whether the actor may do something to the case."""
    head = case.head
    return Asking(
        actor=ctx.actor,
        kind=kind_for(ctx.policy.kinds, head.kind, head.kind_version),
        case=case,
        rules=rules_for(ctx, head.node_path, head.urgency, head.ruled_at),
        settings=SettingsOf(ctx, ctx.tenant.day_of(head.ruled_at)),
        now=ctx.now,
        top_level=top_desk_level(ctx.policy.levels),
        teller=teller,
    )


def act_of(ctx: Context, asking: Asking, action: Action, given: dict[str, Any]) -> Act:
    """The act before its effect."""
    case = asking.case
    return Act(
        ctx=ctx,
        asking=asking,
        action=action,
        given=given,
        to=action.to,
        parts={part.id: part for part in case.parts},
        clocks={clock.id: clock for clock in case.clocks},
        pauses={pause.id: pause for pause in case.pauses},
        requests={asked.id: asked for asked in case.requests},
        note=given.get("reason") or given.get("answer") or given.get("note") or "",
    )


async def settle(act: Act) -> None:
    """State, turn, clocks and lights after the effect."""
    state = state_of(act.kind, act.to or act.head.state)
    if act.to and act.to != act.head.state:
        act.changes |= {"state": state.code, "turn": state.holder, "ends": state.ends}
    _stop(act, ended=state.ends in {Ends.CLOSED, Ends.REFUSED})
    await _start(act)
    _judge(act)
    times = ticking.earliest(act.clocks.values())
    if times is not None:
        due, yellow, provisional = times
        act.changes |= {"due_at": due, "yellow_at": yellow, "provisional": provisional}
    silent = state.ends != Ends.NO or act.will_be("paused_at") is not None
    told = telling(
        act.head.told_light,
        act.will_be("due_at"),
        act.will_be("yellow_at"),
        silent=silent,
        now=act.now,
    )
    act.changes |= {"told_light": told.told, "tell_at": told.at}


def _stop(act: Act, *, ended: bool) -> None:
    clocks = tuple(act.clocks.values())
    if ended:
        left = tuple(replace(c, stopped_at=act.now) if c.runs else c for c in clocks)
    else:
        left = ticking.stopped(
            clocks,
            act.asking.rules,
            act.action.code,
            departments={str(department) for department in act.concerned},
            at=act.now,
        )
    act.clocks = {clock.id: clock for clock in left}


async def _start(act: Act) -> None:
    rules = act.rules()
    starting = [clock for clock in rules.clocks if act.action.code in clock.starts]
    if not starting:
        return
    pauses = tuple(act.pauses.values())
    rounds = act.will_be("reopened")
    calendar = await act.calendar()
    term = act.head.term
    start = ticking.Starting(act.now, rounds, rules.effective_from, calendar, pauses, term)
    concerned = tuple(str(department) for department in act.concerned)
    for clock in starting:
        for bearer in ticking.bearers_of(clock, level=act.will_be("level"), departments=concerned):
            kept = _kept(act.clocks.values(), clock.code, bearer, rounds)
            if kept is None:
                running = ticking.started(clock, bearer, start, act.settings())
            else:
                running = ticking.resumed(kept, act.now, calendar, pauses)
            act.clocks[running.id] = running


def _kept(clocks: Iterable[Running], code: str, bearer: str, rounds: int) -> Running | None:
    return next((c for c in clocks if (c.code, c.bearer, c.rounds) == (code, bearer, rounds)), None)


def _judge(act: Act) -> None:
    """On time or late, once the promise's clock has stopped; forgotten when it runs again."""
    promise = ticking.promise_of(act.clocks.values(), act.will_be("reopened"))
    if promise is None:
        return
    act.changes["promise_at"] = promise.due_at
    if promise.stopped_at is not None and act.head.late is None:
        act.changes["late"] = promise.stopped_at >= promise.due_at
    elif promise.runs:
        act.changes["late"] = None


def changed(before: Sequence[Any], after: Iterable[Any]) -> list[Any]:
    """The values that are new or differ."""
    was = {value.id: value for value in before}
    return [value for value in after if was.get(value.id) != value]
