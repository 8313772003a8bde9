"""The statements of the overview, kept for what is looked at: only the time and the days travel."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, DateTime, and_, bindparam, func, or_, select, true, tuple_

from gridgov.cases.models import Case, CaseReporter, CaseStep
from gridgov.cases.queries.lights import Moment, has_light
from gridgov.cases.queries.seeing import SIGHTS, Sight, in_sight, lies_in
from gridgov.cases.types import LIGHTS, REPORTER
from gridgov.grid.rules.codes import depth_of
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import Ready, one_of

CLOSED: Final = "closed"
_DAY: Final = timedelta(days=1)
_ROOT: Final = 1
"""How many segments the path of the whole county has."""

_NOW: Final = bindparam("now", type_=DateTime(timezone=True))
_SINCE: Final = bindparam("since", type_=DateTime(timezone=True))


class Looked(NamedTuple):
    """What is looked at: as far as somebody sees, below a path, by which boundaries."""

    sight: Sight
    path: str
    then: bool

    def cases(self) -> ColumnElement[bool]:
        """The condition on ``Case``."""
        mine = in_sight(self.sight)
        below = depth_of(self.path) > _ROOT
        return and_(mine, lies_in(self.path, then=self.then)) if below else mine

    def closed(self) -> ColumnElement[bool]:
        """Those of them that were closed in the window."""
        return and_(self.cases(), Case.ends == CLOSED, Case.closed_at >= _SINCE)

    @property
    def place(self) -> Any:
        """Where a case is counted."""
        return Case.opened_path if self.then else Case.node_path


@lru_cache(SIGHTS)
def open_in(looked: Looked) -> Ready:
    """Open cases of each place: late ones, and by light."""
    return Ready(
        select(
            looked.place,
            func.count().filter(overdue(_NOW)),
            *(func.count().filter(has_light(light, _NOW)) for light in LIGHTS),
        )
        .where(looked.cases(), Case.ends == "")
        .group_by(looked.place)
    )


def overdue(now: Moment) -> ColumnElement[bool]:
    """Open, and the promise is already broken: for the on-time rate.

    A promise that was kept before the case is closed (handled in time, being checked) is no fault.
    """
    running = and_(Case.late.is_(None), Case.paused_at.is_(None), Case.promise_at <= now)
    return and_(Case.ends == "", or_(Case.late.is_(True), running))


@lru_cache(SIGHTS)
def closed_in(looked: Looked) -> Ready:
    """Closed cases of each place: all, those in time, and those that nobody has rated."""
    on_time = func.count().filter(Case.late.is_not(True))
    unanswered = func.count().filter(Case.turn == REPORTER)
    found = select(looked.place, func.count(), on_time, unanswered).where(looked.closed())
    return Ready(found.group_by(looked.place))


def _day(column: Any) -> ColumnElement[datetime]:
    """The local midnight before: ``since`` is one, and no clock in China is ever put forward.

    A third of the time that conversion to the local date takes.
    """
    return func.date_bin(_DAY, column, _SINCE)


def _by_day_and(column: Any, at: ColumnElement[datetime], which: ColumnElement[bool]) -> Ready:
    """Counted by day and, beside, by the column: the rows of one have no value in the other."""
    sets = func.grouping_sets(tuple_(at), tuple_(column))
    return Ready(select(at, column, func.count()).where(which).group_by(sets))


@lru_cache(SIGHTS)
def closing_days(looked: Looked) -> Ready:
    """Closed cases by day, and by the level that solved them."""
    return _by_day_and(Case.solved_level, _day(Case.closed_at), looked.closed())


@lru_cache(SIGHTS)
def opening_days(looked: Looked) -> Ready:
    """Cases that came in by day, and by category."""
    opened = and_(looked.cases(), Case.opened_at >= _SINCE)
    return _by_day_and(Case.category, _day(Case.opened_at), opened)


@lru_cache(SIGHTS)
def rated_in(looked: Looked, codes: tuple[str, ...]) -> Ready:
    """Ratings of the window: how many, and the mean of each question.

    Who oversees everything needs no look at the cases themselves.
    """
    means = (func.avg(CaseReporter.stars[code].as_integer()) for code in codes)
    given = select(func.count(), *means).where(CaseReporter.rated_at >= _SINCE)
    mine = looked.cases()
    if not mine.compare(true()):
        of_case = tied(Case.id, CaseReporter.case_id)
        given = given.join_from(CaseReporter, Case, of_case).where(mine)
    return Ready(given)


@lru_cache(SIGHTS)
def steps_in(looked: Looked, actions: tuple[str, ...]) -> Ready:
    """Steps of these actions in the window."""
    return Ready(
        select(CaseStep.action, func.count())
        .join(Case, tied(Case.id, CaseStep.case_id))
        .where(one_of(CaseStep.action, actions), CaseStep.at >= _SINCE, looked.cases())
        .group_by(CaseStep.action)
    )
