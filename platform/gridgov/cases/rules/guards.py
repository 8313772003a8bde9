"""The further conditions that an action can name: each a sentence when it is not met."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from gridgov.cases.rules.clocks import promise_of
from gridgov.cases.rules.reach import Asking, my_parts, teller_of
from gridgov.cases.types import Asked, PartState, RequestKind, RequestState, Settings
from gridgov.contract.declarations import Action, Ends

Guard = Callable[[Asking, Action], str]
"""Empty when the condition is met."""


def unmet(asking: Asking, action: Action) -> str:
    """The sentence of the first condition that is not met."""
    return next((said for name in action.guards if (said := GUARDS[name](asking, action))), "")


def _has_upper_desk(asking: Asking, _: Action) -> str:
    return "这里已经是最高一级。" if asking.head.level == asking.top_level else ""


def _was_filed(asking: Asking, _: Action) -> str:
    return "这件事还没有立案。" if asking.head.filed_at is None else ""


def _not_filed(asking: Asking, _: Action) -> str:
    return "这件事已经立案。" if asking.head.filed_at is not None else ""


def _nobody_accepted(asking: Asking, _: Action) -> str:
    accepted = any(part.state == PartState.ACCEPTED for part in asking.case.parts)
    return "已有部门受理，不能撤回派遣。" if accepted else ""


def _offered_to_me(asking: Asking, action: Action) -> str:
    mine = my_parts(asking, action.right)
    return "" if any(p.state == PartState.OFFERED for p in mine) else "您的部门已经受理。"


def _accepted_by_me(asking: Asking, action: Action) -> str:
    mine = my_parts(asking, action.right)
    return "" if any(p.state == PartState.ACCEPTED for p in mine) else "请先受理。"


def _objection_left(asking: Asking, action: Action) -> str:
    mine = my_parts(asking, action.right)
    fresh = [
        p for p in mine if p.state == PartState.OFFERED and not _objected(asking, p.department_id)
    ]
    return "" if fresh else "受理之前可以提一次异议，您的部门已经受理或已经提过。"


def _objected(asking: Asking, department_id: UUID) -> bool:
    return any(p.objected and p.department_id == department_id for p in asking.case.parts)


def _objection_open(asking: Asking, _: Action) -> str:
    return "" if asking.case.asked(RequestKind.OBJECTION) else "没有待裁定的异议。"


def _not_objecting(asking: Asking, action: Action) -> str:
    mine = {part.department_id for part in my_parts(asking, action.right)}
    open_ones = asking.case.asked(RequestKind.OBJECTION)
    waiting = mine and all(any(a.department_id == d for a in open_ones) for d in mine)
    return "您的部门提出的异议还在等待裁定。" if waiting else ""


def _explaining_counts(asking: Asking, action: Action) -> str:
    promise = promise_of(asking.case.clocks, asking.head.reopened)
    rule = next((c for c in asking.rules.clocks if promise and c.code == promise.code), None)
    counts = promise is not None and promise.runs and rule is not None and action.code in rule.stops
    return "" if counts else "这件事的办结时限不能以答复代替。"


def _extension_left(asking: Asking, _: Action) -> str:
    mine = [r for r in asking.case.requests if r.kind == RequestKind.EXTENSION]
    if any(r.open for r in mine):
        return "已有一份延期申请在等待审批。"
    used = sum(r.state == RequestState.GRANTED for r in mine)
    if used >= int(asking.settings["extensions_most"]):
        return "这件事的延期次数已经用完。"
    promise = promise_of(asking.case.clocks, asking.head.reopened)
    return "" if promise is not None and promise.runs else "办结时限没有在计时。"


def _extension_open(asking: Asking, _: Action) -> str:
    return "" if asking.case.asked(RequestKind.EXTENSION) else "没有待审批的延期申请。"


def _pause_left(asking: Asking, _: Action) -> str:
    return "已有一份挂起申请在等待审批。" if asking.case.asked(RequestKind.PAUSE) else ""


def _pause_open(asking: Asking, _: Action) -> str:
    return "" if asking.case.asked(RequestKind.PAUSE) else "没有待审批的挂起申请。"


def _paused(asking: Asking, _: Action) -> str:
    return "这件事没有挂起。" if asking.head.paused_at is None else ""


def _not_paused(asking: Asking, _: Action) -> str:
    return "" if asking.head.paused_at is None else "这件事已经挂起。"


def decided_by(asking: Asking, action: Action) -> tuple[Asked, ...]:
    """The open requests that this action decides."""
    kinds = [kind for kind in RequestKind if action.effect.endswith(kind)]
    return tuple(request for kind in kinds for request in asking.case.asked(kind))


def _decider_is_not_asker(asking: Asking, action: Action) -> str:
    account = asking.actor.account_id
    askers = {request.asked_by for request in decided_by(asking, action)}
    return "申请人不能审批自己的申请。" if account is not None and account in askers else ""


def _verifier_is_not_handler(asking: Asking, _: Action) -> str:
    account = asking.actor.account_id
    handlers = {asking.head.handled_by} | {
        part.ended_by for part in asking.case.parts if part.state == PartState.DONE
    }
    same = account is not None and account in handlers
    return "办理人不能核查自己办理的事，请由他人核查。" if same else ""


def _answered(asking: Asking, _: Action) -> str:
    ends = asking.case.main_ends if asking.head.ends == Ends.MERGED else asking.head.ends
    return "" if ends == Ends.CLOSED else "结案以后才能评价。"


def _not_rated(asking: Asking, _: Action) -> str:
    teller = teller_of(asking)
    return "您已经评价过了。" if teller is not None and teller.rated else ""


def _within_reopen_window(asking: Asking, _: Action) -> str:
    until = reopen_until(asking.head.closed_at, asking.settings)
    return "要求重办的期限已过。" if until is None or asking.now >= until else ""


def reopen_until(closed: datetime | None, settings: Settings) -> datetime | None:
    """Until when the reporter may have the case taken up again; None while it is open."""
    return None if closed is None else closed + timedelta(days=int(settings["reopen_days"]))


def _supervised(asking: Asking, _: Action) -> str:
    return "" if asking.head.supervised else "这件事没有在督办。"


def _not_supervised(asking: Asking, _: Action) -> str:
    return "这件事已经在督办。" if asking.head.supervised else ""


GUARDS: Final[Mapping[str, Guard]] = {
    "has_upper_desk": _has_upper_desk,
    "was_filed": _was_filed,
    "not_filed": _not_filed,
    "nobody_accepted": _nobody_accepted,
    "offered_to_me": _offered_to_me,
    "accepted_by_me": _accepted_by_me,
    "objection_left": _objection_left,
    "objection_open": _objection_open,
    "not_objecting": _not_objecting,
    "explaining_counts": _explaining_counts,
    "extension_left": _extension_left,
    "extension_open": _extension_open,
    "pause_left": _pause_left,
    "pause_open": _pause_open,
    "paused": _paused,
    "not_paused": _not_paused,
    "decider_is_not_asker": _decider_is_not_asker,
    "verifier_is_not_handler": _verifier_is_not_handler,
    "answered": _answered,
    "not_rated": _not_rated,
    "within_reopen_window": _within_reopen_window,
    "supervised": _supervised,
    "not_supervised": _not_supervised,
}
