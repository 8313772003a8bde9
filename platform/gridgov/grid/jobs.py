"""What happens later: a re-division that was planned ahead is carried out when its day begins."""

from datetime import time
from typing import Final

from gridgov.grid.actions.redividing import apply_planned
from gridgov.kernel.schedules import Every

every: Final = {"grid.planned": Every(days=1, at=time(0, 5), run=apply_planned)}
