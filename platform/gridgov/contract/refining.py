"""A kind of case taken over from what a county builds on, with what the county says otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypedDict, TypeVar

from gridgov.contract.declarations import Action, By, CaseKind, Ends, Field, State, Step

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class OfState(TypedDict, total=False):
    """What can be said otherwise of a state."""

    name: str
    step: str
    holder: str
    ends: Ends


class OfAction(TypedDict, total=False):
    """What can be said otherwise of an action."""

    name: str
    right: str
    by: By
    before: tuple[str, ...]
    to: str
    otherwise: str
    effect: str
    fields: tuple[Field, ...]
    guards: tuple[str, ...]
    weight: int
    grave: bool
    consequence: str
    said: str
    undone_by: tuple[str, ...]
    public: bool
    asks: tuple[str, ...]
    source: str


Coded = TypeVar("Coded", State, Action)


def refined(
    kind: CaseKind,
    *,
    source: str,
    steps: tuple[Step, ...] = (),
    states: Mapping[str, OfState] = _NOTHING,
    actions: Mapping[str, OfAction] = _NOTHING,
    cited: Mapping[str, tuple[str, ...]] = _NOTHING,
    added: tuple[Action, ...] = (),
) -> CaseKind:
    """The kind as a county has it: whatever is not named stays as it is.

    ``states`` and ``actions`` say by code what differs; ``cited`` names the text that actions rest
    on; ``added`` are actions of the county's own. ``steps``, if there are any, take the place of
    those below. Whoever names a code that the kind does not have gets a ValueError.
    """
    by_text = {code: OfAction(source=text) for text, codes in cited.items() for code in codes}
    told = _otherwise(kind.actions, by_text, f"{kind.code} has no action")
    return replace(
        kind,
        source=source,
        steps=steps or kind.steps,
        states=_otherwise(kind.states, states, f"{kind.code} has no state"),
        actions=(*_otherwise(told, actions, f"{kind.code} has no action"), *added),
    )


def _otherwise(
    declared: Iterable[Coded], terms: Mapping[str, Mapping[str, Any]], lacking: str
) -> tuple[Coded, ...]:
    found = tuple(replace(one, **terms.get(one.code, _NOTHING)) for one in declared)
    unknown = terms.keys() - {one.code for one in found}
    if unknown:
        raise ValueError(f"{lacking} {', '.join(sorted(unknown))}.")
    return found
