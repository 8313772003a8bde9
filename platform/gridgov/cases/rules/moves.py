"""What may be done to a case now, and the sentence when it may not."""

from collections.abc import Mapping
from typing import Final

from gridgov.cases.rules.guards import unmet
from gridgov.cases.rules.reach import Asking, may
from gridgov.contract.declarations import Action, CaseKind, State
from gridgov.kernel.errors import Conflict, NotAllowed, NotFound, Refusal

WHILE_PAUSED: Final = frozenset(
    {"resume", "note", "urge", "supervise", "strike_off", "explain", "refuse_extension", "unmerge"}
)
"""The effects that are possible while the clocks stand still."""

TOLD_TO_REPORTER: Final = frozenset({"refuse", "explain", "close", "reopen", "unmerge"})
"""The effects whose words are meant for the reporter; other notes stay between the offices."""


def kind_for(kinds: Mapping[tuple[str, int], CaseKind], code: str, version: int) -> CaseKind:
    """The kind in the version that a case began with, or the newest if that is no longer kept."""
    kept = {v: kind for (name, v), kind in kinds.items() if name == code}
    if not kept:
        raise NotFound
    return kept.get(version) or kept[max(kept)]


def state_of(kind: CaseKind, code: str) -> State:
    """A state by its code."""
    return next(state for state in kind.states if state.code == code)


def action_of(kind: CaseKind, code: str) -> Action:
    """An action by its code. What nobody declared is not found; a case is begun elsewhere."""
    for action in kind.actions:
        if action.code == code and action.before:
            return action
    raise NotFound


def opening_of(kind: CaseKind) -> Action:
    """The action by which a case begins."""
    return next(action for action in kind.actions if not action.before)


def offers(asking: Asking) -> tuple[Action, ...]:
    """What the actor may do now: the likeliest first."""
    now = [a for a in asking.kind.actions if a.before and refusal(asking, a) is None]
    return tuple(sorted(now, key=lambda action: -action.weight))


def check(asking: Asking, action: Action) -> None:
    """Raise the refusal, if there is one."""
    refused = refusal(asking, action)
    if refused is not None:
        raise refused


def refusal(asking: Asking, action: Action) -> Refusal | None:
    """Why the action may not be done now, or None. The state comes first: it is what changed."""
    head = asking.head
    if head.state not in action.before:
        state = state_of(asking.kind, head.state).name
        return Conflict("这件事现在是“{state}”，不能{action}。", state=state, action=action.name)
    if not may(asking, action):
        return NotAllowed("您的岗位不能对这件事{action}。", action=action.name)
    if head.paused_at is not None and action.effect not in WHILE_PAUSED:
        return Conflict("这件事已挂起，请先恢复办理。")
    sentence = unmet(asking, action)
    return Conflict(sentence) if sentence else None


EVENTS: Final[Mapping[str, str]] = {
    "report": "reported",
    "file": "filed",
    "refuse": "refused",
    "restore": "restored",
    "pass_up": "passed_up",
    "call_back": "called_back",
    "recategorise": "recategorised",
    "dispatch": "dispatched",
    "withdraw": "withdrawn",
    "accept": "accepted",
    "return": "returned",
    "object": "objected",
    "uphold_objection": "objection_upheld",
    "dismiss_objection": "objection_dismissed",
    "attend": "attended",
    "handle": "handled",
    "finish": "finished",
    "explain": "explained",
    "ask_extension": "extension_asked",
    "grant_extension": "extension_granted",
    "refuse_extension": "extension_refused",
    "ask_pause": "pause_asked",
    "grant_pause": "paused",
    "refuse_pause": "pause_refused",
    "resume": "resumed",
    "close": "closed",
    "redo": "sent_back",
    "rate": "rated",
    "reopen": "reopened",
    "urge": "urged",
    "supervise": "supervised",
    "strike_off": "struck_off",
    "note": "noted",
    "merge": "merged",
    "unmerge": "unmerged",
}
"""What an effect is called once it has happened: ``case.closed`` is event and audit's verb."""
