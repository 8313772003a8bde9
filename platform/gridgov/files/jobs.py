"""What happens to files by the clock: what nobody needs any more goes, first its row, then it."""

from datetime import time
from typing import Final

from gridgov.context import Context
from gridgov.files.actions import purge_files, sweep_shelf
from gridgov.kernel.schedules import Every


async def purge(ctx: Context) -> None:
    """Let go what has no owner or has been kept long enough."""
    await purge_files(ctx)


async def sweep(ctx: Context) -> None:
    """Remove from the disk what has no row."""
    await sweep_shelf(ctx)


every: Final = {
    "files.purge": Every(hours=1, run=purge),
    "files.sweep": Every(days=1, at=time(3, 40), run=sweep),
}
"""What the bell does by the clock."""
