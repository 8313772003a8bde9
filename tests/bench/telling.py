"""The figures as a table for people and documents, with what each should be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.measuring import PAGES, Figures

_NAMES: Final = dict(
    zip(PAGES, ("worklist", "case page", "overview", "a scanned code"), strict=True)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what, how it is told, and whether it is good enough."""

    what: str
    tell: Callable[[Figures], str]
    goal: str = ""
    met: Callable[[Figures], bool] = lambda _: True


def per_core(figures: Figures) -> float:
    """Lifecycles in a second of a core."""
    return 1000 / (figures.lives.web + figures.lives.database)


def lines(least: Figures) -> list[Line]:
    """What is told of each size, ``least`` being the smallest."""
    return [
        Line(
            "lifecycles per core and second",
            lambda f: f"{per_core(f):.1f}",
            "≥ 10",
            lambda f: per_core(f) >= 10,
        ),
        Line(
            "… against the floor",
            lambda f: f"{1 / f.lives.ratio:.2f}",
            "≥ 0.5",
            lambda f: f.lives.ratio <= 2,
        ),
        Line(
            "… against the smallest size",
            lambda f: f"{per_core(f) / per_core(least):.2f}",
            "≥ 0.9",
            lambda f: per_core(f) >= 0.9 * per_core(least),
        ),
        Line("… by the clock, the load beside it", lambda f: f"{f.lives.a_second:.1f}/s"),
        Line(
            "a lifecycle: web + database (floor)",
            lambda f: f"{f.lives.web:.0f} + {f.lives.database:.0f} ({f.lives.floor:.0f}) ms",
        ),
        Line("… and later, told by the worker", lambda f: f"{f.afterwards:.0f} ms"),
        *(_page(name) for name in PAGES),
        Line(
            "pages at half of their highest rate: p99",
            lambda f: f"{f.half_p99:.0f} ms at {f.half_rate:.0f}/s",
            "< 250 ms",
            lambda f: f.half_p99 < 250,
        ),
        Line(
            "burst: errors",
            lambda f: f"{f.burst.faults} of {f.burst.lives} lives",
            "0",
            lambda f: not f.burst.faults,
        ),
        Line("… p99 of a request, quiet / worst", _told_burst),
        Line("… back to quiet after", _told_back, "≤ 60 s", lambda f: f.burst.back is not None),
        Line(
            "memory of a web process",
            lambda f: f"{f.memory:.0f} MiB",
            "< 250 MiB",
            lambda f: f.memory < 250,
        ),
    ]


def _page(name: str) -> Line:
    return Line(
        f"{_NAMES[name]}: web + database (floor), ratio",
        lambda f: (
            f"{f.pages[name].web:.1f} + {f.pages[name].database:.1f} "
            f"({f.pages[name].floor:.1f}) ms, {f.pages[name].ratio:.2f}"
        ),
        "≤ 1.5",
        lambda f: f.pages[name].ratio <= 1.5,
    )


def _told_burst(figures: Figures) -> str:
    return f"{figures.burst.quiet:.0f} / {figures.burst.worst:.0f} ms"


def _told_back(figures: Figures) -> str:
    return "never" if figures.burst.back is None else f"{figures.burst.back:.0f} s"


def table(sizes: Sequence[Figures]) -> str:
    """In Markdown; what misses its goal is marked."""
    head = ["", "goal", *(f"{figures.cases:,} cases" for figures in sizes)]
    rows = [head, ["---"] * len(head)]
    for line in lines(sizes[0]):
        told = [line.tell(f) + ("" if line.met(f) else " ✗") for f in sizes]
        rows.append([line.what, line.goal, *told])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
