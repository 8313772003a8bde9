"""What the address of the matrix asks for: read once, written back into links."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from gridgov.context import Context
from gridgov.contract.standards import Standard
from gridgov.kernel.pinyin import initials
from gridgov.kernel.sentences import N_
from gridgov.standards.queries import marks_under, sites
from gridgov.standards.rules import standard_of
from gridgov.standards.types import Mark, MarkState, Share, Site
from gridgov.web.urls import AnyRequest, url_of

_NAMES: Final = ("standard", "q", "town", "item", "state")
_LONGEST: Final = 60
STATES: Final[Mapping[str, str]] = {
    MarkState.MISSING: N_("没有"),
    MarkState.CLAIMED: N_("待认定"),
    MarkState.CONFIRMED: N_("已认定"),
    MarkState.RETURNED: N_("已退回"),
}
"""What the pages call them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A site with the state of each item, in the order of the standard."""

    site: Site
    states: tuple[MarkState, ...]

    @property
    def confirmed(self) -> int:
        """How many items are confirmed."""
        return self.states.count(MarkState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Group:
    """A place that confirms, or is the head of, the lines under it."""

    path: str
    name: str
    lines: tuple[Line, ...]
    share: Share


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters that are set."""

    given: dict[str, str]

    def get(self, name: str) -> str:
        """The value, or empty."""
        return self.given.get(name, "")

    def but(self, **other: str) -> dict[str, str | None]:
        """The same address with other values; empty ones are left out."""
        return {name: value for name, value in {**self.given, **other}.items() if value}

    @property
    def narrowed(self) -> int:
        """How many filters are set."""
        return sum(name != "standard" for name in self.given)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every site that the actor sees with every item, narrowed to what is asked for.

    Read in two statements, however many sites there are; the filters count over what was read.
    """

    standard: Standard
    asked: Asked
    lines: tuple[Line, ...]
    towns: tuple[tuple[str, str], ...]
    chosen: tuple[Line, ...]

    @property
    def groups(self) -> list[Group]:
        """The chosen lines by the top of their branch."""
        names = dict(self.towns)
        found: dict[str, list[Line]] = {}
        for line in self.chosen:
            found.setdefault(top_of(line.site.path, names), []).append(line)
        return [
            Group(path, names.get(path, ""), tuple(lines), self.share(lines))
            for path, lines in found.items()
        ]

    def share(self, lines: Iterable[Line]) -> Share:
        """How much of what is asked of these sites is confirmed."""
        these = tuple(lines)
        asked = len(these) * len(self.standard.items)
        return Share(sum(line.confirmed for line in these), asked)

    @property
    def by_item(self) -> list[int]:
        """How many of the chosen sites have each item confirmed."""
        places = range(len(self.standard.items))
        return [
            sum(line.states[place] is MarkState.CONFIRMED for line in self.chosen)
            for place in places
        ]


async def matrix_of(ctx: Context, request: AnyRequest) -> Matrix:
    """The matrix that the address asks for; what makes no sense is left out."""
    params = request.query_params
    given = {name: params.get(name, "").strip()[:_LONGEST] for name in _NAMES}
    standard = standard_of(ctx.policy.ever, given["standard"])
    held = await sites(ctx, standard)
    lines = lines_of(standard, held, await marks_under(ctx, standard))
    towns = tops(held)
    known = {
        "standard": True,
        "q": True,
        "town": given["town"] in dict(towns),
        "item": given["item"] in {item.code for item in standard.items},
        "state": given["state"] in set(MarkState),
    }
    asked = Asked({name: value for name, value in given.items() if value and known[name]})
    chosen = tuple(line for line in lines if _wanted(standard, asked, line))
    return Matrix(standard, asked, lines, towns, chosen)


def lines_of(standard: Standard, held: Sequence[Site], marks: Sequence[Mark]) -> tuple[Line, ...]:
    """Sites with their states."""
    known: dict[tuple[UUID, str], MarkState] = {
        (mark.node_id, mark.item): mark.state for mark in marks
    }
    return tuple(
        Line(
            site,
            tuple(known.get((site.id, item.code), MarkState.MISSING) for item in standard.items),
        )
        for site in held
    )


def tops(held: Sequence[Site]) -> tuple[tuple[str, str], ...]:
    """The sites that lie under no other one: what the rest is grouped by."""
    found: list[tuple[str, str]] = []
    for site in held:  # in the order of their paths, so a top comes before what lies below
        if not found or not site.path.startswith(found[-1][0]):
            found.append((site.path, site.name))
    return tuple(found)


def top_of(path: str, towns: Mapping[str, str]) -> str:
    """The top that a path lies under."""
    return next((top for top in towns if path.startswith(top)), path)


def _wanted(standard: Standard, asked: Asked, line: Line) -> bool:
    if not line.site.path.startswith(asked.get("town")):
        return False
    if (words := asked.get("q")) and not _says(line.site, words):
        return False
    if state := asked.get("state"):
        codes = [item.code for item in standard.items]
        item = asked.get("item")
        among = (line.states[codes.index(item)],) if item else line.states
        return MarkState(state) in among
    return True


def _says(site: Site, words: str) -> bool:
    return (
        words in site.name
        or site.code.startswith(words)
        or words.lower() in initials(site.name).lower()
    )


def filters(ctx: Context, request: AnyRequest, matrix: Matrix) -> list[dict[str, Any]]:
    """The filters as links with counts beside them."""
    asked, standard = matrix.asked, matrix.standard
    item = asked.get("item")
    codes = [one.code for one in standard.items]
    states = Counter(
        state
        for line in matrix.lines
        for state in ((line.states[codes.index(item)],) if item else line.states)
    )
    sizes = Counter(top_of(line.site.path, dict(matrix.towns)) for line in matrix.lines)

    def link(label: str, count: int | None, **other: str) -> dict[str, Any]:
        current = all(asked.get(name) == value for name, value in other.items())
        target = dict.fromkeys(other, "") if current else other
        address = url_of(ctx, request, "standards", **asked.but(**target))
        return {"label": label, "url": address, "count": count, "current": current}

    return [
        {
            "label": N_("进展"),
            "options": [
                link(words, states.get(MarkState(state), 0), state=state)
                for state, words in STATES.items()
            ],
        },
        {
            "label": N_("哪一项"),
            "options": [link(one.name, None, item=one.code) for one in standard.items],
        },
        {
            "label": N_("地方"),
            "options": [link(name, sizes[path], town=path) for path, name in matrix.towns]
            if len(matrix.towns) > 1
            else [],
        },
    ]
