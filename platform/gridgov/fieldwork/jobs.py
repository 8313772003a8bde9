"""What happens to fieldwork by the clock, and together with cases and the grid."""

from datetime import time
from typing import Final

from gridgov.cases.types import AROSE
from gridgov.context import Context
from gridgov.fieldwork.actions.answering import (
    follow_redivision,
    forget_lines,
    forget_notes,
    keep_origin,
)
from gridgov.fieldwork.actions.indexing import index_lines
from gridgov.grid.types import REDIVIDED
from gridgov.kernel.schedules import Every


async def forget(ctx: Context) -> None:
    """Let go the lines, and the words about targets, that were kept long enough."""
    await forget_lines(ctx)
    await forget_notes(ctx)


async def index(ctx: Context) -> None:
    """Let lines from before there was a search be found."""
    await index_lines(ctx)


every: Final = {
    "fieldwork.forget": Every(days=1, at=time(3, 40), run=forget),
    "fieldwork.index": Every(days=1, at=time(3, 45), run=index),
}

together: Final = {AROSE: keep_origin, REDIVIDED: follow_redivision}
