"""What happens later: posts that pass on on a day that was planned, and the end of lists."""

from datetime import time
from typing import Final

from gridgov.context import Context
from gridgov.handover.actions.forgetting import forget_handovers
from gridgov.handover.actions.handovers import complete_due
from gridgov.handover.actions.turnovers import apply_due
from gridgov.kernel.schedules import Every


async def forget(ctx: Context) -> None:
    """Let go what passed on long ago."""
    await forget_handovers(ctx)


every: Final = {
    "handover.forget": Every(days=1, at=time(3, 50), run=forget),
    "handover.due": Every(days=1, at=time(0, 10), run=complete_due),
    "handover.turnovers": Every(days=1, at=time(0, 10), run=apply_due),
}
