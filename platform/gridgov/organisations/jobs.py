"""What follows at once and by the clock: links of cases, units that change, what is forgotten."""

from datetime import time
from typing import Final

from gridgov.cases.types import AROSE
from gridgov.context import Context
from gridgov.grid.types import REDIVIDED
from gridgov.kernel.schedules import Every
from gridgov.organisations.actions.forgetting import forget_meetings, forget_members
from gridgov.organisations.actions.meetings import keep_arisen
from gridgov.organisations.actions.teams import follow_redivision


async def forget(ctx: Context) -> None:
    """Let go who was in teams that are no more, and what was said long ago."""
    await forget_members(ctx)
    await forget_meetings(ctx)


every: Final = {"organisations.forget": Every(days=1, at=time(3, 45), run=forget)}

together: Final = {REDIVIDED: follow_redivision, AROSE: keep_arisen}
