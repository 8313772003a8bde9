"""What the calendar does by the clock: each county hears of what was loaded for all."""

from typing import Final

from gridgov.calendar.actions import tell_of_loads
from gridgov.context import Context
from gridgov.kernel.schedules import Every


async def tell(ctx: Context) -> None:
    """Tell of new loads, if there are any."""
    await tell_of_loads(ctx)


every: Final = {"calendar.tell": Every(minutes=5, run=tell)}
"""What the bell does by the clock."""
