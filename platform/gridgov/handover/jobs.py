"""What happens later: posts that pass on on a day that was planned."""

from datetime import time
from typing import Final

from gridgov.handover.actions.handovers import complete_due
from gridgov.handover.actions.turnovers import apply_due
from gridgov.kernel.schedules import Every

every: Final = {
    "handover.due": Every(days=1, at=time(0, 10), run=complete_due),
    "handover.turnovers": Every(days=1, at=time(0, 10), run=apply_due),
}
