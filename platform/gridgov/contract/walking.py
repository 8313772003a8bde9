"""A kind's states as a graph: where a case can come to, and what ticks meanwhile."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from gridgov.contract.declarations import (
    Action,
    By,
    CaseKind,
    Clock,
    ClockRules,
    Each,
    Ends,
    State,
)

HOLDERS: Final[Mapping[str, By]] = {
    "desk": By.DESK,
    "department": By.DEPARTMENT,
    "reporter": By.REPORTER,
}
"""Who moves a case on from a state, by what the state says of its holder."""


def moved_by_holder(kind: CaseKind, state: State) -> bool:
    """Whether its holder has an action that leads on; what only merges it does not count."""
    return any(
        state.code in action.before
        and action.by is HOLDERS[state.holder]
        and any(to not in {"", state.code} for to in _targets(kind, action))
        and not _only_merges(kind, action)
        for action in kind.actions
    )


def _only_merges(kind: CaseKind, action: Action) -> bool:
    ends = {state.code: state.ends for state in kind.states}
    return ends.get(action.to) is Ends.MERGED


def _targets(kind: CaseKind, action: Action) -> tuple[str, ...]:
    """Where an action may lead. One that unmerges leads back to where a case was merged from."""
    if action.effect == "unmerge":
        merged = {state.code for state in kind.states if state.ends is Ends.MERGED}
        return tuple(s for a in kind.actions if a.to in merged for s in a.before)
    return tuple(state for state in (action.to, action.otherwise) if state)


def reached(kind: CaseKind) -> set[str]:
    """The states that a case can come to."""
    found: set[str] = set()
    ahead = {action.to for action in kind.actions if not action.before}
    while ahead:
        found |= ahead
        ahead = {
            to
            for action in kind.actions
            if not found.isdisjoint(action.before)
            for to in _targets(kind, action)
        } - found
    return found


def leads_to_an_end(kind: CaseKind, start: str) -> bool:
    """Whether a case can be closed from there."""
    closed = {state.code for state in kind.states if state.ends is Ends.CLOSED}
    seen: set[str] = set()
    ahead = {start}
    while ahead:
        seen |= ahead
        if seen & closed:
            return True
        ahead = {
            to
            for action in kind.actions
            if not ahead.isdisjoint(action.before)
            for to in _targets(kind, action)
        } - seen
    return False


def may_run(kind: CaseKind, rules: ClockRules) -> dict[str, frozenset[frozenset[str]]]:
    """For each open state every set of clocks that may be running when a case is there.

    A department's own clocks are left out (they come and go with it), and so is unmerging, which
    finds the clocks as they were.
    """
    found: dict[str, set[frozenset[str]]] = {
        state.code: set() for state in kind.states if state.ends is Ends.NO
    }
    moves = [move for move in _moves(kind, rules) if move.to in found]
    size = -1
    while size != (size := sum(map(len, found.values()))):
        for move in moves:
            for running in tuple(found.get(move.before, {frozenset[str]()})):
                found[move.to].add((running - move.stops) | move.starts)
    return {state: frozenset(sets) for state, sets in found.items()}


def without_clock(kind: CaseKind, rules: ClockRules) -> set[tuple[str, str]]:
    """Actions after which no clock may run any more, and where the case is then.

    Only where the gap begins: not what is done while there is none already, nor the first report.
    """
    found = may_run(kind, rules)
    return {
        (move.action, move.to)
        for move in _moves(kind, rules)
        if move.to in found and move.before and not move.starts
        for running in found.get(move.before, {frozenset[str]()})
        if not running - move.stops and (running or move.before not in found)
    }


class _Move(NamedTuple):
    """An action from one state to one, with the clocks that it stops and starts."""

    action: str
    before: str
    to: str
    stops: frozenset[str]
    starts: frozenset[str]


def _moves(kind: CaseKind, rules: ClockRules) -> list[_Move]:
    clocks = [clock for clock in rules.clocks if clock.each is not Each.ASSIGNMENT]
    return [
        _Move(
            action.code,
            before,
            to,
            _codes(clocks, action.code, "stops"),
            _codes(clocks, action.code, "starts"),
        )
        for action in kind.actions
        for before, to in _edges(kind, action)
    ]


def _codes(clocks: Iterable[Clock], action: str, word: str) -> frozenset[str]:
    return frozenset(clock.code for clock in clocks if action in getattr(clock, word))


def _edges(kind: CaseKind, action: Action) -> Iterator[tuple[str, str]]:
    """From where to where an action may lead; also staying, which an effect may decide."""
    if action.effect == "unmerge":
        return
    for before in action.before or ("",):
        for to in _targets(kind, action) or (before,):
            yield before, to
