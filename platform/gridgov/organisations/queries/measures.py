"""What was recorded, to be counted: selects by unit and period that other rooms build on.

Each gives rows of (path of the unit, day, number); ``since`` is in the period, ``until`` no more.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, select

from gridgov.grid.models import GridNode
from gridgov.kernel.db import within
from gridgov.organisations.models import Activity, Meeting

Counted = Select[*tuple[Any, ...]]


def activities_held(path: str, since: date, until: date) -> Counted:
    """One row for each activity, with how many took part."""
    return (
        select(GridNode.path, Activity.on, Activity.took_part)
        .join(
            GridNode,
            and_(GridNode.tenant_id == Activity.tenant_id, GridNode.id == Activity.node_id),
        )
        .where(within(GridNode.path, path), Activity.on >= since, Activity.on < until)
    )


def meetings_held(path: str, since: datetime, until: datetime, kind: str = "") -> Counted:
    """One row for each meeting whose minutes are kept, with its kind."""
    found = (
        select(GridNode.path, Meeting.at, Meeting.kind)
        .join(
            GridNode,
            and_(GridNode.tenant_id == Meeting.tenant_id, GridNode.id == Meeting.node_id),
        )
        .where(
            within(GridNode.path, path),
            Meeting.at >= since,
            Meeting.at < until,
            Meeting.held_at.is_not(None),
        )
    )
    return found.where(Meeting.kind == kind) if kind else found
