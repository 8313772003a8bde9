"""Checklists that places are held to, item by item, with evidence for each."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardItem:
    """One thing that a place must have. ``category`` is what a case about its lack is about."""

    code: str
    name: str
    help: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A checklist. ``confirmed`` pairs each level that is held to it with the one that confirms.

    A place shows what it has and the evidence for it; somebody who sits at the confirming level or
    above, and is not who showed it, confirms it or sends it back with a reason.
    """

    code: str
    name: str
    items: tuple[StandardItem, ...]
    confirmed: tuple[tuple[str, str], ...]
    about: str = ""
    source: str = ""

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that are held to it."""
        return tuple(level for level, _ in self.confirmed)


def faults_of(
    standard: Standard, *, above: dict[str, Collection[str]], leaves: Collection[str]
) -> Iterator[tuple[str, str]]:
    """A field and a sentence for each fault.

    ``above`` are for each level those that may lie above it; ``leaves`` the categories of cases.
    """
    yield from _faults_of_items(standard, leaves)
    if not standard.confirmed:
        yield "confirmed", "No level is held to it."
    for level, by in standard.confirmed:
        if level not in above:
            yield "confirmed", f"There is no level {level}."
        elif by not in above[level]:
            yield "confirmed", f"{by} does not lie above {level}, so it cannot confirm it."


def _faults_of_items(standard: Standard, leaves: Collection[str]) -> Iterator[tuple[str, str]]:
    if not standard.items:
        yield "items", "It asks for nothing."
    codes = [item.code for item in standard.items]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield "items", f"The item {code} is asked for twice."
    for item in standard.items:
        if item.category and item.category not in leaves:
            yield f"item {item.code}", f"There is no category {item.category}."
