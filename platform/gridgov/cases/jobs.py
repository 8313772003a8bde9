"""What happens to cases by the clock, on an event, and together with the grid."""

from datetime import date, time
from typing import Final

from gridgov.access.types import EXPLAIN
from gridgov.calendar.actions import CHANGED
from gridgov.cases.actions.circulars import ISSUED, tell_of_circular
from gridgov.cases.actions.explaining import explain_case
from gridgov.cases.actions.following import follow_redivision
from gridgov.cases.actions.forgetting import (
    forget_circulars,
    forget_contacts,
    keep_photos,
    keep_photos_on,
)
from gridgov.cases.actions.lights import RED, YELLOW, tell_lights
from gridgov.cases.actions.reckoning import reckon_anew
from gridgov.cases.actions.telling import (
    CLOSED,
    REFUSED,
    TAKEN_UP,
    TOLD,
    remind_of_light,
    tell_of_move,
)
from gridgov.context import Context
from gridgov.grid.types import REDIVIDED
from gridgov.kernel.outbox import Event
from gridgov.kernel.schedules import Every


async def reckon(ctx: Context, event: Event) -> None:
    """The calendar changed from a day on."""
    await reckon_anew(ctx, date.fromisoformat(event.payload["first"]))


async def lights(ctx: Context) -> None:
    """Tell which lights turned."""
    await tell_lights(ctx)


async def forget(ctx: Context) -> None:
    """Let go the contact data, and the words of circulars, that are no longer needed."""
    await forget_contacts(ctx)
    await forget_circulars(ctx)


on: Final = {
    YELLOW: remind_of_light,
    RED: remind_of_light,
    CHANGED: reckon,
    ISSUED: tell_of_circular,
    **dict.fromkeys(TOLD, tell_of_move),
    CLOSED: [tell_of_move, keep_photos],
    REFUSED: [tell_of_move, keep_photos],
    **{kind: [tell_of_move, keep_photos_on] for kind in TAKEN_UP},
}

every: Final = {
    "cases.lights": Every(minutes=1, run=lights),
    "cases.forget": Every(days=1, at=time(3, 20), run=forget),
}

together: Final = {REDIVIDED: follow_redivision, EXPLAIN: explain_case}
