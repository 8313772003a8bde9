"""Where somebody may be nominated or an officer be spoken of; what works below a place."""

from typing import Final

from sqlalchemy import or_, select

from gridgov.assessment.types import AssessmentRight
from gridgov.cases.queries.units import Unit
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.db import within
from gridgov.kernel.ready import Ready

_MOST: Final = 300

_UNIT: Final = (
    GridNode.id,
    GridNode.path,
    GridNode.code,
    GridNode.name,
    GridNode.level,
)


async def working_below(ctx: Context, path: str, level: str) -> list[Unit]:
    """The next units below a place that work: towns, stations, grids; not what only bundles them.

    In the order of the tree.
    """
    levels = ctx.policy.ever.levels
    codes = [one.code for one in levels]
    deeper = levels[codes.index(level) + 1 :] if level in codes else ()
    working = next((one.code for one in deeper if one.desk or one.base), None)
    if working is None:
        return []
    found = (
        select(*_UNIT)
        .where(GridNode.level == working, GridNode.valid_to.is_(None), within(GridNode.path, path))
        .order_by(GridNode.path)
    )
    return [Unit(*row) for row in await Ready(found).rows(ctx.session)]


Choice = tuple[str, str, str, str]
"""Code, name, group and what else finds it, as a list to choose from wants it."""


async def places_to_name(ctx: Context, right: AssessmentRight) -> list[Choice]:
    """The units that the right reaches; none if they are more than a list can hold."""
    scopes = ctx.actor.scopes(right)
    if not scopes:
        return []
    found = (
        select(GridNode.code, GridNode.name, GridNode.initials)
        .where(
            GridNode.valid_to.is_(None), or_(*(within(GridNode.path, one.path) for one in scopes))
        )
        .order_by(GridNode.path)
        .limit(_MOST + 1)
    )
    rows = await Ready(found).rows(ctx.session)
    return [(row.code, row.name, "", row.initials) for row in rows] if len(rows) <= _MOST else []
