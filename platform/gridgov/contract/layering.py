"""Declarations laid over one another: over what a county builds on, and of plugins side by side.

Everything that is declared has a code (a kind of case also a version): by it two declarations are
known to be about the same thing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

from gridgov.contract.declarations import CaseKind, County, Level

GROUPS: Final = (
    "levels",
    "posts",
    "roles",
    "case_kinds",
    "categories",
    "urgencies",
    "settings",
    "navigation",
    "standards",
    "shifts",
    "seats",
    "zones",
    "joints",
    "platforms",
    "ledgers",
    "campaigns",
    "building_uses",
    "service_batches",
    "service_flags",
    "custody",
    "quotas",
    "duties",
    "kit",
    "team_kinds",
    "meeting_kinds",
    "figures",
    "sheets",
    "reviews",
    "honours",
    "lists",
    "remits",
    "rounds",
    "practices",
    "yearly",
)
"""The fields of a county that hold declarations with a code."""

OF_A_PART: Final = frozenset({"categories", "urgencies"})
"""What a plugin may say otherwise for its part of a county. The rest holds for the whole county."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two plugins that declare the same thing differently."""

    plugins: tuple[str, str]
    group: str
    code: str

    def __str__(self) -> str:
        first, second = self.plugins
        return f"{first} and {second} both declare {self.code!r} of {self.group}, differently."


def key_of(declaration: Any) -> str:
    """What it is known by among its kind."""
    if isinstance(declaration, CaseKind):
        return f"{declaration.code} v{declaration.version}"
    return str(declaration.code)


def over(base: County, top: County) -> County:
    """``top`` laid over ``base``: the same code takes the place of the one below.

    A new one follows the one that it is declared after; levels come from the root down.
    What is said once (name, reusable, ...) is what ``top`` says.
    """
    laid: dict[str, Any] = {
        group: _laid(getattr(base, group), getattr(top, group)) for group in GROUPS
    }
    laid["levels"] = _from_the_root(laid["levels"])
    return replace(top, **laid, glossary={**base.glossary, **top.glossary})


def together(counties: Mapping[str, County]) -> County:
    """Plugins side by side, in their order: everything that any of them declares.

    The first is the county; where codes meet, the earlier declaration stays (see ``clashes``).
    """
    first, *others = counties.values()
    for other in others:
        beside: dict[str, Any] = {
            group: _added(getattr(first, group), getattr(other, group)) for group in GROUPS
        }
        first = replace(first, **beside, glossary={**other.glossary, **first.glossary})
    return first


def clashes(counties: Mapping[str, County], chains: Mapping[str, Collection[str]]) -> list[Clash]:
    """Where two plugins, neither of which builds on the other, say different things of one code.

    ``counties`` are each one's own declarations; ``chains`` what each builds on, itself included.
    """
    return [
        Clash((one, other), group, code)
        for one, other in combinations(counties, 2)
        if one not in chains[other] and other not in chains[one]
        for group, code in _differing(counties[one], counties[other], GROUPS)
    ]


def clashes_of_part(whole: County, part: County, plugins: tuple[str, str]) -> list[Clash]:
    """What a plugin may not say otherwise for its part of the county: ``part`` is what it adds."""
    fixed = [group for group in GROUPS if group not in OF_A_PART]
    return [Clash(plugins, group, code) for group, code in _differing(whole, part, fixed)]


def _laid(base: Iterable[Any], top: Iterable[Any]) -> tuple[Any, ...]:
    found = {key_of(one): one for one in base}
    order = list(found)
    place = len(order)
    for one in top:
        key = key_of(one)
        if key not in found:
            order.insert(place, key)
        place = order.index(key) + 1
        found[key] = one
    return tuple(found[key] for key in order)


def _from_the_root(levels: Sequence[Level]) -> tuple[Level, ...]:
    above = {level.code: level.under for level in levels}

    def depth(code: str, below: tuple[str, ...] = ()) -> int:
        if code in below:  # a circle, which the linter names
            return 0
        return 1 + max((depth(one, (*below, code)) for one in above.get(code, ())), default=0)

    return tuple(sorted(levels, key=lambda level: depth(level.code)))


def _added(first: Collection[Any], other: Iterable[Any]) -> tuple[Any, ...]:
    known = {key_of(one) for one in first}
    return (*first, *(one for one in other if key_of(one) not in known))


def _differing(one: County, other: County, groups: Iterable[str]) -> Iterator[tuple[str, str]]:
    for group in groups:
        known = {key_of(each): each for each in getattr(one, group)}
        for each in getattr(other, group):
            code = key_of(each)
            if code in known and known[code] != each:
                yield group, code
