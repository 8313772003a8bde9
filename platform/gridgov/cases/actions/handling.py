"""Handling: by departments, on the spot, and what is asked on the way."""

from dataclasses import replace

from gridgov.cases.actions.act import Act
from gridgov.cases.actions.dispatching import ask, decide
from gridgov.cases.rules import clocks as ticking
from gridgov.cases.rules.reach import my_parts
from gridgov.cases.types import PartState, Pause, RequestKind, RequestState
from gridgov.contract.declarations import By
from gridgov.kernel.errors import Invalid
from gridgov.kernel.ids import new_id


async def attend(act: Act) -> None:
    """Somebody is on the spot: the clock of arriving stops."""


async def handle(act: Act) -> None:
    """Done on the spot by a worker, or by the desk's own people: no department is needed."""
    base = next(level.code for level in act.ctx.policy.county.levels if level.base)
    act.changes |= {
        "answer": act.note,
        "handled_by": act.ctx.actor.account_id,
        "solved_level": act.head.level if act.action.by is By.DESK else base,
    }
    if act.head.filed_at is None:
        act.changes["filed_at"] = act.now


async def finish(act: Act) -> None:
    """The department is done. The case moves on when all open parts are."""
    account = act.ctx.actor.account_id
    mine = my_parts(act.asking, act.action.right)
    act.put(
        *(
            replace(
                part,
                state=PartState.DONE,
                reason=act.note,
                accepted_at=part.accepted_at or act.now,
                ended_at=act.now,
                ended_by=account,
            )
            for part in mine
        )
    )
    act.details["departments"] = [str(part.department_id) for part in mine]
    said = act.head.answer
    act.changes |= {
        "answer": f"{said}\n{act.note}" if said else act.note,
        "handled_by": account,
        "solved_level": act.head.level,
    }
    for part in mine:
        act.drop_requests(department=part.department_id)
    if act.open_parts():
        act.to = ""


async def explain(act: Act) -> None:
    """Not solved in time, but answered: this is what the rule's promise is kept by."""
    act.details["explained"] = True


async def ask_extension(act: Act) -> None:
    """Ask for more days; somebody else decides."""
    days, most = act.given["days"], int(act.asking.settings["extension_days_most"])
    if days > most:
        raise Invalid(fields={"days": "每次最多延长 {most} 天。"}, most=most)
    mine = my_parts(act.asking, act.action.right)
    ask(act, RequestKind.EXTENSION, amount=days, department=mine[0].department_id)
    act.details["days"] = days


async def grant_extension(act: Act) -> None:
    """The clock of the promise gets the days, in its own kind of days."""
    days = sum(asked.amount for asked in decide(act, RequestState.GRANTED))
    calendar = await act.calendar()
    pauses = tuple(act.pauses.values())
    by = act.ctx.actor.account_id
    for clock in tuple(act.clocks.values()):
        if clock.runs and clock.promise:
            act.clocks[clock.id] = ticking.extended(
                clock, calendar, pauses, days=days, by=by, at=act.now
            )
    act.details["days"] = days


async def ask_pause(act: Act) -> None:
    """Ask that the clocks stand still; somebody else decides."""
    mine = my_parts(act.asking, act.action.right)
    ask(act, RequestKind.PAUSE, department=mine[0].department_id)


async def grant_pause(act: Act) -> None:
    """The clocks stand still from now on."""
    decided = decide(act, RequestState.GRANTED)
    pause = Pause(
        id=new_id(),
        reason=decided[0].reason,
        started_at=act.now,
        ended_at=None,
        approved_by=act.ctx.actor.account_id,
    )
    act.pauses[pause.id] = pause
    act.changes["paused_at"] = act.now


async def refuse_request(act: Act) -> None:
    """No extension, no pause."""
    decide(act, RequestState.REFUSED)


async def resume(act: Act) -> None:
    """The clocks run on; what they stood still is added to each."""
    for pause in tuple(act.pauses.values()):
        if pause.ended_at is None:
            act.pauses[pause.id] = replace(pause, ended_at=act.now)
    act.changes["paused_at"] = None
    calendar = await act.calendar()
    pauses = tuple(act.pauses.values())
    for clock in tuple(act.clocks.values()):
        if clock.runs:
            act.clocks[clock.id] = ticking.timed(clock, calendar, pauses)
