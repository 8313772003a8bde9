"""What the pages of services share: addresses, the words for halves of a day, lights."""

from datetime import date
from typing import Any, Final

from gridgov.cases.rules.lights import light_of
from gridgov.context import Context
from gridgov.contract.declarations import State
from gridgov.contract.services import ASSIST
from gridgov.kernel.sentences import N_
from gridgov.services.types import Booked, Half

HALVES: Final = ((Half.MORNING, N_("上午")), (Half.AFTERNOON, N_("下午")))
BOOKED: Final = {
    Booked.BOOKED: N_("等上门"),
    Booked.DONE: N_("办完了"),
    Booked.MISSED: N_("没见到人"),
}


def day_asked(ctx: Context, text: str) -> date:
    """The day that an address names, else today; the weeks around it must be in the calendar."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ctx.today
    return day if date.min.year < day.year < date.max.year else ctx.today


def state_in(ctx: Context, row: Any) -> State:
    """The state of an assisted service as its kind declares it."""
    kind = ctx.policy.kinds[(ASSIST, row.kind_version)]
    return next(state for state in kind.states if state.code == row.state)


def light_in(ctx: Context, row: Any) -> str:
    """Its light; ``done`` once it has ended."""
    if row.ends:
        return "done"
    light = light_of(
        row.due_at, row.yellow_at, paused=row.paused_at is not None, ended=False, now=ctx.now
    )
    return str(light)
