"""Who waits and who is called in a hall, as the counter and the wall show it."""

from collections.abc import Sequence
from typing import Any

from gridgov.context import Context
from gridgov.contract.stations import Zone
from gridgov.stations.types import Number, NumberState, StationRow


def zones_of(ctx: Context, row: StationRow) -> list[Zone]:
    """The zones of the hall at this place; none where it has no hall."""
    return [zone for zone in ctx.policy.county.zones if row.level in zone.levels]


def zones_ever(ctx: Context, row: StationRow) -> list[Zone]:
    """With those that the hall had before: numbers may still be out there."""
    return [zone for zone in ctx.policy.ever.zones if row.level in zone.levels]


def queues_of(ctx: Context, row: StationRow, found: list[Number]) -> list[dict[str, Any]]:
    """The zones that people take numbers in, each with its numbers of today."""
    now = zones_of(ctx, row)
    return [
        {
            "zone": zone,
            "open": zone in now,
            "waiting": [one for one in mine if one.state is NumberState.WAITING],
            "called": called(mine),
            "missed": [one for one in mine if one.state is NumberState.MISSED],
            "done": sum(one.state is NumberState.DONE for one in mine),
            "taken": len(mine),
        }
        for zone in zones_ever(ctx, row)
        if zone.tickets
        for mine in ([one for one in found if one.zone == zone.code],)
        if mine or zone in now
    ]


def called(found: Sequence[Number]) -> list[Number]:
    """Those who are at a window now, the latest call first."""
    called = [one for one in found if one.state is NumberState.CALLED]
    return sorted(called, key=lambda one: (one.called_at or one.taken_at, one.number), reverse=True)
