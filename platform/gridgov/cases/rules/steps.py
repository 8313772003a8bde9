"""Where a case stands among the steps that its people count."""

from gridgov.contract.declarations import CaseKind, Ends, State


def steps_of(kind: CaseKind, state: State) -> list[tuple[str, str]]:
    """Each step with ``done``, ``now`` or ``todo``; none for a state that belongs to no step."""
    codes = [step.code for step in kind.steps]
    if state.step not in codes:
        return []
    at = codes.index(state.step)
    ended = state.ends != Ends.NO
    shown = kind.steps[: at + 1] if state.ends == Ends.REFUSED else kind.steps
    return [(step.name, _word(place, at, ended=ended)) for place, step in enumerate(shown)]


def _word(place: int, at: int, *, ended: bool) -> str:
    if place < at or (ended and place == at):
        return "done"
    return "now" if place == at else "todo"
