"""Why is this case handled so: its kind, the edition of the rules, clocks, its department."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gridgov.cases.queries.record import Record
from gridgov.cases.types import Running
from gridgov.context import Context
from gridgov.contract.declarations import ASSUMPTION, CaseKind, Urgency
from gridgov.contract.hooks import case_route
from gridgov.contract.rulebook import Edition
from gridgov.kernel.sentences import whole


@dataclass(frozen=True, slots=True)
class RuledClock:
    """A clock, and from which day on its rule holds."""

    name: str
    since: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What the page tells. ``chosen`` are the departments of the last dispatch.

    ``suggested`` is what the desk was told then, with the ``plugin`` that said so, or the county's
    own data where no plugin answered.
    """

    kind: CaseKind
    edition: Edition | None
    urgency: Urgency
    clocks: tuple[RuledClock, ...]
    assumption: str = ASSUMPTION
    chosen: Sequence[str] = ()
    suggested: str = ""
    plugin: str = ""
    hook: str = case_route.__name__
    reason: str = ""
    confidence: float = 0.0
    faults: Sequence[Mapping[str, str]] = ()


def ruled(ctx: Context, found: Record, kind: CaseKind) -> Ruled:
    """From what the case keeps; nothing is asked again."""
    head = found.head
    return Ruled(
        kind=kind,
        edition=ctx.policy.edition_on(head.opened_at),
        urgency=ctx.policy.urgencies_ever[head.urgency],
        clocks=_clocks(found.situation.clocks),
        **_dispatched(found),
    )


def _clocks(clocks: Sequence[Running]) -> tuple[RuledClock, ...]:
    """One of each: departments and rounds have theirs by the same rule."""
    ruled = (RuledClock(c.name, date.fromisoformat(c.rule_from), c.source) for c in clocks)
    return tuple(dict.fromkeys(ruled))


def _dispatched(found: Record) -> dict[str, Any]:
    step = next((one for one in reversed(found.steps) if "suggested" in one.details), None)
    if step is None:
        return {}
    told: Mapping[str, Any] = step.details["suggested"]
    return {
        "chosen": step.details["departments"],
        "suggested": told.get("department", ""),
        "plugin": told.get("plugin", ""),
        "reason": whole(told["reason"]) if told.get("reason") else "",
        "confidence": told.get("confidence", 0.0),
        "faults": told["faults"],
    }
