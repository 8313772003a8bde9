"""Dispatching to departments, and their ways of not taking it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from gridgov.cases.actions.act import Act
from gridgov.cases.queries.suggesting import Suggested, suggested_for
from gridgov.cases.rules.guards import decided_by
from gridgov.cases.rules.reach import my_parts
from gridgov.cases.types import Asked, Part, PartState, RequestKind, RequestState
from gridgov.kernel.errors import Invalid
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import parts as in_parts


async def dispatch(act: Act) -> None:
    """Hand the case to one or several departments.

    The acceptance clocks start; the handling clock runs on.
    """
    wanted: tuple[UUID, ...] = act.given["departments"]
    busy = {part.department_id for part in act.open_parts()}
    if busy & set(wanted):
        raise Invalid(fields={"departments": "选中的部门里有正在办理这件事的，请去掉。"})
    suggested = await suggested_for(act.ctx, act.head)
    names = {department.id: department.name for department in suggested.departments}
    if set(wanted) - set(names):
        raise Invalid(fields={"departments": "没有这个部门，请重新选择。"})
    act.put(
        *(
            Part(
                id=new_id(),
                department_id=department,
                state=PartState.OFFERED,
                objected=False,
                offered_at=act.now,
            )
            for department in wanted
        )
    )
    act.details["departments"] = [names[department] for department in wanted]
    act.details["suggested"] = _kept(suggested)


def _kept(suggested: Suggested) -> dict[str, Any]:
    """What the desk was told, so that the case can say later how its department was found."""
    faults = [{"plugin": fault.plugin, "number": fault.number} for fault in suggested.faults]
    best = next(iter(suggested.best), None)
    if best is None:
        return {"faults": faults}
    return {
        "department": best.name,
        "confidence": best.confidence,
        "sure": best.sure,
        "reason": in_parts(best.reason),
        "plugin": best.plugin,
        "faults": faults,
    }


async def withdraw(act: Act) -> None:
    """Take it back before anybody accepted."""
    _end(act, act.open_parts(), PartState.WITHDRAWN)
    act.drop_requests()


async def accept(act: Act) -> None:
    """The department takes it. Its acceptance clock stops."""
    offered = [p for p in _mine(act) if p.state == PartState.OFFERED]
    act.put(*(replace(p, state=PartState.ACCEPTED, accepted_at=act.now) for p in offered))
    _name(act, offered)


async def send_back(act: Act) -> None:
    """退单: the department gives it back with a reason, which the ledger keeps.

    No clock is reset; the case goes back to the desk when no other department has it.
    """
    mine = _mine(act)
    _end(act, mine, PartState.RETURNED)
    act.changes["bounces"] = act.head.bounces + len(mine)
    for part in mine:
        act.drop_requests(department=part.department_id)


async def object_once(act: Act) -> None:
    """派单异议: not ours, says the department, once; the dispatcher decides."""
    fresh = [p for p in _mine(act) if p.state == PartState.OFFERED and not p.objected]
    for part in fresh:
        act.parts[part.id] = replace(part, objected=True)
        ask(act, RequestKind.OBJECTION, department=part.department_id)
    _name(act, fresh)


async def uphold(act: Act) -> None:
    """The department was right: its part is withdrawn, which is no bounce of its own."""
    departments = {asked.department_id for asked in decided_by(act.asking, act.action)}
    decide(act, RequestState.GRANTED)
    theirs = [part for part in act.open_parts() if part.department_id in departments]
    _end(act, theirs, PartState.WITHDRAWN)


async def dismiss(act: Act) -> None:
    """The department has to handle it."""
    decide(act, RequestState.REFUSED)


def ask(act: Act, kind: RequestKind, *, amount: int = 0, department: UUID | None = None) -> None:
    """Put a request before whoever decides."""
    asked = Asked(
        id=new_id(),
        kind=kind,
        state=RequestState.OPEN,
        reason=act.note,
        amount=amount,
        department_id=department,
        asked_by=act.ctx.actor.account_id,
        asked_at=act.now,
    )
    act.requests[asked.id] = asked


def decide(act: Act, state: RequestState) -> tuple[Asked, ...]:
    """Decide what the action is about."""
    decided = decided_by(act.asking, act.action)
    for asked in decided:
        act.requests[asked.id] = replace(
            asked,
            state=state,
            decided_by=act.ctx.actor.account_id,
            decided_at=act.now,
            decision=act.note,
        )
    return decided


def _mine(act: Act) -> tuple[Part, ...]:
    return my_parts(act.asking, act.action.right)


def _end(act: Act, parts: Any, state: PartState) -> None:
    """End these parts; the case stays where it is while another department has one open."""
    act.put(
        *(
            replace(
                part,
                state=state,
                reason=act.note,
                ended_at=act.now,
                ended_by=act.ctx.actor.account_id,
            )
            for part in parts
        )
    )
    _name(act, parts)
    if act.open_parts():
        act.to = ""


def _name(act: Act, parts: Any) -> None:
    act.details["departments"] = [str(part.department_id) for part in parts]
