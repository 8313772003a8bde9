"""What the page of a review, its sheet of paper, its spreadsheet and the circular say alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.departments import DEFINITIONS, FIGURES
from gridgov.assessment.queries.places import working_below
from gridgov.assessment.rules.reviewing import figures_by, rated_by
from gridgov.assessment.types import Counts, DepartmentFigures, Evaluation, ReviewRow, ReviewState
from gridgov.cases.queries.units import Unit, units
from gridgov.context import Context
from gridgov.contract.assessment import Figure
from gridgov.contract.rulebook import Edition

Amounts = list[int | None]


@dataclass(frozen=True, slots=True)
class Work:
    """The work content of a place and of each unit that works below, in the order of the tree.

    ``rest`` is what lies at none of these: recorded for the place itself, or for a unit that is no
    more. ``opens`` are the units that have others below them.
    """

    place: str
    name: str
    line: tuple[Unit, ...]
    own: Amounts
    rows: tuple[tuple[Unit, Amounts], ...]
    rest: Amounts
    opens: frozenset[str]


async def work_at(
    ctx: Context, content: Counts, figures: Sequence[Figure], place: str, *, top: str
) -> Work:
    """What an evaluation counted at a place. ``top`` is where the reader's view begins."""
    line = (await units(ctx, [place])).line(place)
    below = await working_below(ctx, place, line[-1].level if line else "")
    base = {level.code for level in ctx.policy.ever.levels if level.base}

    def amounts(path: str) -> Amounts:
        return [content.under(figure.code, path) for figure in figures]

    own = amounts(place)
    rows = tuple((unit, amounts(unit.path)) for unit in below)
    rest: Amounts = [
        n - sum(row[at] or 0 for _, row in rows) if n else None for at, n in enumerate(own)
    ]
    return Work(
        place=place,
        name=line[-1].name if line else "",
        line=tuple(unit for unit in line if unit.path.startswith(top)),
        own=own,
        rows=rows,
        rest=rest if rows and any(rest) else [],
        opens=frozenset(unit.path for unit, _ in rows if unit.level not in base),
    )


def departments_shown(
    ctx: Context, review: ReviewRow, computed: list[Evaluation], *, leading: bool
) -> list[DepartmentFigures]:
    """All departments for who leads, and for everybody once published; before that one's own."""
    rows = computed[0].departments if computed else []
    if leading or review.state == ReviewState.PUBLISHED:
        return rows
    mine = {str(one) for one in queries.departments_of_actor(ctx)}
    return [row for row in rows if row.department in mine]


async def told(
    ctx: Context,
    review: ReviewRow,
    computed: list[Evaluation],
    *,
    leading: bool,
    place: str,
    top: str,
) -> dict[str, Any]:
    """The figures of the newest computation, by the rules that it names, and the work at a place.

    ``top`` is where the reader's view begins.
    """
    evaluation = computed[0] if computed else None
    county = queries.rules_of(ctx, evaluation)
    rules = queries.declared(ctx, review.kind, evaluation)
    figures = figures_by(county, rules)
    return {
        "review": review,
        "title": queries.title_of(ctx, review),
        "rules": rules,
        "evaluation": evaluation,
        "departments": departments_shown(ctx, review, computed, leading=leading),
        "ratings": rated_by(county),
        "fewest": 0 if leading else rules.fewest,
        "definitions": DEFINITIONS,
        "names": FIGURES,
        "figures": figures,
        "work": await work_at(ctx, evaluation.units, figures, place, top=top)
        if evaluation and evaluation.has_units
        else None,
        "leading": leading,
    }


def editions_named(ctx: Context) -> list[Edition]:
    """The editions of the rules to choose from, each once, the newest first."""
    return list({one.digest: one for one in reversed(ctx.policy.editions)}.values())[::-1]
