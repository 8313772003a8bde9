"""The filter of a list: read from the address, written back into links."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from gridgov.cases.queries.tallies import Tally
from gridgov.cases.queries.units import Unit, Units
from gridgov.cases.queries.worklist import OPEN, CaseFilter, Order
from gridgov.cases.types import LIGHTS, Light
from gridgov.context import Context
from gridgov.contract.stations import Platform
from gridgov.grid.types import THEN
from gridgov.kernel.sentences import N_, joined
from gridgov.web.urls import AnyRequest, url_of

_NAMES: Final = (
    "q",
    "view",
    "light",
    "state",
    "platform",
    "category",
    "urgency",
    "place",
    "grid",
    "department",
    "order",
)
_PATH: Final = re.compile(r"[0-9A-Za-z._-]{0,80}")
_LONGEST: Final = 60
VIEWS: Final = ("open", "mine", "supervised", "closed", "all")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as text that can be written back."""

    given: dict[str, str]
    platform: Platform | None = None

    def get(self, name: str) -> str:
        """The value, or empty."""
        return self.given.get(name, "")

    def but(self, **other: str) -> dict[str, str | None]:
        """The same address with other values; empty ones are left out."""
        changed = {**self.given, **other}
        return {name: value for name, value in changed.items() if value}

    @property
    def narrowed(self) -> int:
        """How many filters are set beside the view and the order."""
        return sum(name not in {"view", "order", "grid"} for name in self.given)

    @property
    def then(self) -> bool:
        """Whether the place is taken as it was on the day that a case was opened."""
        return self.get("grid") == THEN


def asked(ctx: Context, request: AnyRequest) -> Asked:
    """The filters of the address; what makes no sense is left out."""
    params = request.query_params
    given = {name: params.get(name, "").strip()[:_LONGEST] for name in _NAMES}
    platforms = {platform.code: platform for platform in ctx.policy.county.platforms}
    known = {
        "view": given["view"] in VIEWS,
        "light": given["light"] in set(Light),
        "urgency": given["urgency"] in ctx.policy.urgencies,
        "platform": given["platform"] in platforms,
        "category": given["category"] in ctx.policy.categories,
        "place": bool(_PATH.fullmatch(given["place"])),
        "grid": given["grid"] == THEN and bool(given["place"]),
        "department": _uuid(given["department"]) is not None,
        "order": given["order"] in set(Order),
        "state": given["state"] in _states_ever(ctx),
        "q": True,
    }
    kept = {name: value for name, value in given.items() if value and known[name]}
    return Asked(kept, platforms.get(given["platform"]))


def filter_of(wanted: Asked) -> CaseFilter:
    """The filter of the engine."""
    view = wanted.get("view") or VIEWS[0]
    state = wanted.get("state")
    light = wanted.get("light")
    ends = {"open": OPEN, "closed": "closed"}.get(view, "")
    return CaseFilter(
        states=(state,) if state else (),
        light=Light(light) if light else None,
        category=wanted.get("category"),
        categories=wanted.platform.categories if wanted.platform else (),
        kinds=wanted.platform.kinds if wanted.platform else (),
        hands=wanted.platform.departments if wanted.platform else (),
        urgency=wanted.get("urgency"),
        path=wanted.get("place"),
        then=wanted.then,
        department=_uuid(wanted.get("department")),
        ends="" if state or (wanted.get("q") and not wanted.get("view")) else ends,
        text=wanted.get("q"),
        mine=view == "mine",
        supervised=view == "supervised",
        order=Order(wanted.get("order") or Order.DUE),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _states_ever(ctx: Context) -> dict[str, list[str]]:
    """What each state is called, in the order of the steps: once for every kind that has it."""
    names: dict[str, list[str]] = {}
    for kind in ctx.policy.ever.case_kinds:
        for state in kind.states:
            called = names.setdefault(state.code, [])
            called.extend([state.name] if state.name not in called else [])
    return names


def groups(
    ctx: Context, request: AnyRequest, wanted: Asked, *, numbers: Tally, known: Units
) -> list[dict[str, Any]]:
    """The filters as links with counts beside them."""

    def link(label: str, count: int | None = None, **other: str) -> dict[str, Any]:
        current = all(wanted.get(name) == value for name, value in other.items())
        target = dict.fromkeys(other, "") if current and "view" not in other else other
        address = url_of(ctx, request, "cases", **wanted.but(**target))
        return {"label": label, "url": address, "count": count, "current": current}

    view = wanted.get("view") or VIEWS[0]
    views = [
        link(N_("未结"), numbers.open, view="open", state="") | {"current": view == "open"},
        link(N_("轮到我办"), view="mine", state=""),
        link(N_("督办中"), view="supervised", state=""),
        link(N_("已结案"), view="closed", state=""),
        link(N_("全部"), view="all", state=""),
    ]
    lights = [
        link("", numbers.lights.get(light, 0), light=light) | {"light": light, "label": words}
        for light, words in LIGHTS.items()
    ]
    platforms = [link(one.name, platform=one.code) for one in ctx.policy.county.platforms]
    return [
        {"label": N_("范围"), "options": views},
        *([{"label": N_("平台"), "options": platforms}] if platforms else []),
        {"label": N_("灯"), "options": lights},
        {"label": N_("进展"), "options": _states(ctx, numbers, link)},
        *_places(ctx, request, wanted, known),
    ]


def _states(ctx: Context, numbers: Tally, link: Any) -> list[dict[str, Any]]:
    return [
        link(joined(names), numbers.states.get(code, 0), state=code)
        for code, names in _states_ever(ctx).items()
        if numbers.states.get(code, 0)
    ]


def _places(ctx: Context, request: AnyRequest, wanted: Asked, known: Units) -> list[dict[str, Any]]:
    """Down the tree from where one stands; the way back is the crumbs above the list."""

    def link(unit: Unit) -> dict[str, Any]:
        address = url_of(ctx, request, "cases", **wanted.but(place=unit.path))
        return {"label": unit.name, "url": address}

    below = [link(unit) for unit in known.below]
    return [{"label": N_("地方"), "options": below}] if below else []


class Named(Protocol):
    """A unit of the grid, there today or not."""

    @property
    def path(self) -> str: ...
    @property
    def name(self) -> str: ...


def place_crumbs(
    ctx: Context, request: AnyRequest, wanted: Asked, *, line: Iterable[Named], top: str
) -> Sequence[tuple[str, str]]:
    """From the top of the actor's view down to the chosen place; each leads back up."""
    links = [
        (unit.name, url_of(ctx, request, "cases", **wanted.but(place=unit.path)))
        for unit in line
        if unit.path.startswith(top)
    ]
    return [*links[:-1], (links[-1][0], "")] if links else []
