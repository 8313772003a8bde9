"""Urging, supervising and noting: nothing moves, everything is kept."""

from gridgov.cases.actions.act import Act


async def urge(act: Act) -> None:
    """催办: whoever has it is reminded, and the record counts it."""
    act.changes["urged"] = act.head.urged + 1


async def supervise(act: Act) -> None:
    """Put on the list of what is watched until it is struck off."""
    act.changes["supervised"] = True


async def strike_off(act: Act) -> None:
    """Off the list."""
    act.changes["supervised"] = False


async def note(act: Act) -> None:
    """A remark on the timeline."""
