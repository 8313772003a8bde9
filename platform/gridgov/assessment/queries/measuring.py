"""A measure says where its records are, and whose place and day they have.

One definition serves the number and the list behind it, so neither can tell what the other does
not. Which records are seen is said by the room that they belong to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, true

from gridgov.assessment.types import AssessmentRight
from gridgov.context import Context
from gridgov.kernel.db import within
from gridgov.kernel.paging import Rows

Which = tuple[str, ...]
"""What a figure narrows its measure to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Records of one kind.

    ``amount`` is what one of them counts, one if it is None. ``whole``: all of it is kept by the
    platform itself, so nothing found means none. ``steady``: what is there at the end of a period,
    whenever it began. ``route`` opens a record by ``key``: its own id, or ``opens``.
    """

    id: Any
    at: Any
    path: Any
    title: Any
    where: Callable[[Context, Which], ColumnElement[bool]]
    route: str
    key: str
    opens: Any = None
    amount: Any = None
    join: Callable[[Rows], Rows] | None = None
    whole: bool = False
    steady: bool = False


def selected(
    ctx: Context, measure: Measure, of: Which, *, window: tuple[datetime, datetime], path: str
) -> Rows:
    """The records of a measure in a place and a time, without columns yet."""
    found: Select[Any] = select(measure.id)
    if measure.join is not None:
        found = measure.join(found)
    since, until = window
    begun = true() if measure.steady else measure.at >= since
    return found.where(
        measure.where(ctx, of), begun, measure.at < until, within(measure.path, path)
    )


def totals(found: Rows, measure: Measure, code: str) -> Rows:
    """How much there is at each place."""
    amount: Any = func.count() if measure.amount is None else func.sum(measure.amount)
    return found.with_only_columns(literal(code).label("figure"), measure.path, amount).group_by(
        measure.path
    )


def records(found: Rows, measure: Measure) -> Rows:
    """The records themselves."""
    amount = literal(1) if measure.amount is None else measure.amount
    return found.with_only_columns(
        measure.id,
        measure.at,
        measure.path,
        amount.label("amount"),
        measure.title,
        (measure.id if measure.opens is None else measure.opens).label("opens"),
    )


def places_seen(ctx: Context, path: Any) -> ColumnElement[bool]:
    """Records at places whose figures the actor may read."""
    scopes = ctx.actor.scopes(AssessmentRight.READ)
    return or_(*(within(path, scope.path) for scope in scopes)) if scopes else literal(value=False)
