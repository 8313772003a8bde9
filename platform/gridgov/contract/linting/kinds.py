"""Kinds of cases: no dead end, no state that nobody can move on, nothing banned asked for."""

from collections import Counter
from collections.abc import Collection, Iterator

from gridgov.contract.banned import banned
from gridgov.contract.compliance import SOURCE
from gridgov.contract.declarations import (
    EFFECTS,
    FIELD_KINDS,
    GUARDS,
    Action,
    By,
    CaseKind,
    County,
    Ends,
    State,
)
from gridgov.contract.linting.flaw import Found, doubled
from gridgov.contract.services import ASKED
from gridgov.contract.walking import HOLDERS, leads_to_an_end, moved_by_holder, reached


def kind_flaws(kind: CaseKind, county: County, rights: Collection[str] | None) -> Iterator[Found]:
    """One kind of case: its actions and states."""
    named = f"kind {kind.code}"
    yield from doubled(f"{named}, state", (state.code for state in kind.states))
    yield from doubled(f"{named}, action", (action.code for action in kind.actions))
    openings = [action for action in kind.actions if not action.before]
    if len(openings) != 1 or openings[0].to != kind.first:
        yield Found(named, "first", "Exactly one action without a state before leads to it.")
    granted = {right for role in county.roles for right in role.rights}
    for action in kind.actions:
        for field, sentence in _action(action, kind, rights, granted):
            yield Found(f"{named}, action {action.code}", field, sentence)
    steps = {step.code for step in kind.steps}
    there = reached(kind)
    for state in kind.states:
        for field, sentence in _state(state, kind, steps, there):
            yield Found(f"{named}, state {state.code}", field, sentence)
    for sentence in _follows(kind):
        yield Found(named, "follows", sentence)


def _follows(kind: CaseKind) -> Iterator[str]:
    """What becomes of cases in states that earlier versions had."""
    states = {state.code: state for state in kind.states}
    for old, count in Counter(old for old, _ in kind.follows).items():
        if old in states:
            yield f"{old} is a state of this version."
        if count > 1:
            yield f"It says twice what follows {old}."
    for _, new in kind.follows:
        if new not in states or states[new].ends is not Ends.NO:
            yield f"There is no open state {new}."


def _action(
    action: Action, kind: CaseKind, rights: Collection[str] | None, granted: Collection[str]
) -> Iterator[tuple[str, str]]:
    states = {"", *(state.code for state in kind.states)}
    named = [("before", name) for name in action.before]
    named += [("to", action.to), ("otherwise", action.otherwise)]
    yield from (
        (field, f"There is no state {name}.") for field, name in named if name not in states
    )
    if action.effect not in EFFECTS:
        yield "effect", f"The core has no effect {action.effect}."
    for guard in action.guards:
        if guard not in GUARDS:
            yield "guards", f"The core has no guard {guard}."
    for name in action.asks:
        if name not in ASKED:
            yield "asks", f"No room of the core is asked for {name}."
    codes = {other.code for other in kind.actions}
    for name in action.undone_by:
        if name not in codes:
            yield "undone_by", f"There is no action {name}."
    yield from _right(action, rights, granted)
    yield from _fields(action)


def _right(
    action: Action, rights: Collection[str] | None, granted: Collection[str]
) -> Iterator[tuple[str, str]]:
    if action.by is By.REPORTER:
        if action.right:
            yield "right", "What the reporter does needs no right."
    elif not action.right:
        yield "right", "It names no right."
    elif rights is not None and action.right not in rights:
        yield "right", f"No room knows the right {action.right}."
    elif action.right not in granted:
        yield "right", f"No role has the right {action.right}."


def _fields(action: Action) -> Iterator[tuple[str, str]]:
    for field in action.fields:
        if field.kind not in FIELD_KINDS:
            yield f"field {field.code}", f"There is no kind of field {field.kind}."
        if field.kind == "choice" and not field.choices:
            yield f"field {field.code}", "It has nothing to choose from."
        if field.kind == "photos" and field.required:
            yield f"field {field.code}", f"Nobody must take a photo ({SOURCE})."
        if found := banned(field):
            yield f"field {field.code}", f"No form may ask for {found.what} ({found.source})."
    for code, count in Counter(field.code for field in action.fields).items():
        if count > 1:
            yield f"field {code}", "The field is asked for twice."


def rating_flaws(county: County) -> Iterator[Found]:
    """Stars are kept by their code and summed over all kinds, so a code asks one thing only."""
    asked: dict[str, str] = {}
    for kind in county.case_kinds:
        for action in kind.actions:
            named = f"kind {kind.code}, action {action.code}"
            stars = [field for field in action.fields if field.kind == "stars"]
            if action.effect == "rate" and not stars:
                yield Found(named, "fields", "It rates, and asks for no stars.")
            for field in stars:
                if action.effect != "rate":
                    yield Found(named, f"field {field.code}", "Only what rates asks for stars.")
                elif asked.setdefault(field.code, field.label) != field.label:
                    sentence = f"Another question, {asked[field.code]}, has this code."
                    yield Found(named, f"field {field.code}", sentence)


def _state(
    state: State, kind: CaseKind, steps: Collection[str], reached: Collection[str]
) -> Iterator[tuple[str, str]]:
    if state.step and state.step not in steps:
        yield "step", f"There is no step {state.step}."
    if state.code not in reached:
        yield "code", "No action leads to it."
    if state.holder and state.holder not in HOLDERS:
        yield "holder", f"There is no holder {state.holder}."
    if state.ends is not Ends.NO:
        return
    if not state.holder:
        yield "holder", "It is open and nobody holds it."
    elif state.holder in HOLDERS and not moved_by_holder(kind, state):
        yield "holder", "Its holder can do nothing to move it on."
    if not leads_to_an_end(kind, state.code):
        yield "ends", "From here a case can never be closed: a dead end."
