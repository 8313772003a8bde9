"""Where somebody may be nominated, or an officer be spoken of."""

from typing import Final

from sqlalchemy import or_, select

from gridgov.assessment.types import AssessmentRight
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.db import within
from gridgov.kernel.ready import Ready

_MOST: Final = 300

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
