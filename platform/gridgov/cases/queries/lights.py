"""The light of a case in SQL: the twin of ``rules.lights.light_of``; a test holds them equal."""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, case

from gridgov.cases.models import Case
from gridgov.cases.types import Light

Moment = datetime | BindParameter[datetime]
"""A time, or the place for one in a statement that is kept."""


def light_column(now: Moment) -> ColumnElement[str]:
    """The light as a column."""
    return case(
        (Case.ends != "", Light.NONE.value),
        (Case.paused_at.is_not(None), Light.PAUSED.value),
        (Case.due_at <= now, Light.RED.value),
        (Case.yellow_at <= now, Light.YELLOW.value),
        else_=Light.GREEN.value,
    )


def has_light(light: Light, now: Moment) -> ColumnElement[bool]:
    """The same as a condition that an index can serve."""
    still_open = Case.ends == ""
    if light is Light.NONE:
        return Case.ends != ""
    if light is Light.PAUSED:
        return and_(still_open, Case.paused_at.is_not(None))
    runs = and_(still_open, Case.paused_at.is_(None))
    if light is Light.RED:
        return and_(runs, Case.due_at <= now)
    if light is Light.YELLOW:
        return and_(runs, Case.due_at > now, Case.yellow_at <= now)
    return and_(runs, Case.due_at > now, Case.yellow_at > now)
