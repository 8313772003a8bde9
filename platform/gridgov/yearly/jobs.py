"""What the year does by the clock: whoever keeps it is reminded in the morning."""

from datetime import time
from typing import Final

from gridgov.kernel.schedules import Every
from gridgov.yearly.actions import remind_of_year

every: Final = {"yearly.remind": Every(days=1, at=time(8, 40), run=remind_of_year)}
