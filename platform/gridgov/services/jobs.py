"""What follows at once, on an event, and by the clock."""

from datetime import time
from typing import Final

from gridgov.cases.actions.telling import CLOSED, REFUSED, TAKEN_UP
from gridgov.context import Context
from gridgov.grid.types import REDIVIDED
from gridgov.kernel.schedules import Every
from gridgov.services.actions.assisting import refuse_without_authority
from gridgov.services.actions.booking import follow_redivision
from gridgov.services.actions.custody import refuse_while_held
from gridgov.services.actions.forgetting import (
    forget_visits,
    forget_witnesses,
    keep_signatures,
    keep_signatures_on,
)
from gridgov.services.types import AUTHORISED, NOTHING_HELD


async def forget(ctx: Context) -> None:
    """Let go what tells of people and is no longer needed."""
    await forget_witnesses(ctx)
    await forget_visits(ctx)


together: Final = {
    NOTHING_HELD: refuse_while_held,
    AUTHORISED: refuse_without_authority,
    REDIVIDED: follow_redivision,
}

on: Final = {
    CLOSED: keep_signatures,
    REFUSED: keep_signatures,
    **dict.fromkeys(TAKEN_UP, keep_signatures_on),
}

every: Final = {"services.forget": Every(days=1, at=time(3, 25), run=forget)}
