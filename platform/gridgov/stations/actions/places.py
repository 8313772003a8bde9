"""What is known of a working place, written down by who works there."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.grid.types import ChangeKind, Redivision
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import Sentence
from gridgov.stations.models import (
    DutyTurn,
    HallNotice,
    HallNumber,
    HallScreen,
    Station,
    StationSeat,
)
from gridgov.stations.queries.places import station_seen
from gridgov.stations.rules import check_hours
from gridgov.stations.types import StationRight, StationRow

_FOLLOWING = (Station, StationSeat, DutyTurn, HallNumber, HallNotice, HallScreen)
_LONGEST = {"address": 100, "phone": 20}


async def workplace(ctx: Context, node_id: UUID, right: StationRight) -> StationRow:
    """The working place, if the actor holds the right there."""
    row = await station_seen(ctx, node_id)
    if not ctx.actor.may(right, path=row.path):
        raise NotFound
    return row


async def save_station(
    ctx: Context, node_id: UUID, *, address: str, phone: str, hours: str, rest_hours: str
) -> None:
    """Write down where it is, how to call it and when it is open; the audit keeps what was before.

    ``rest_hours`` hold on days on which offices rest; empty means closed.
    """
    row = await workplace(ctx, node_id, StationRight.EDIT)
    said = {"address": address.strip(), "phone": phone.strip()}
    faults: dict[str, str] = {
        name: Sentence("最多写 {most} 个字。", most=most)
        for name, most in _LONGEST.items()
        if len(said[name]) > most
    }
    if not all(sign.isdigit() or sign in "-+ " for sign in said["phone"]):
        faults.setdefault("phone", "电话只写数字和短横，比如 0731-23230000。")
    for name, words in (("hours", hours), ("rest_hours", rest_hours)):
        try:
            said[name] = check_hours(name, words)
        except Invalid as fault:
            faults |= fault.fields
    if faults:
        raise Invalid(fields=faults)
    before = {name: getattr(row, name) or "" for name in said}
    changed = {name: [before[name], now] for name, now in said.items() if before[name] != now}
    if not changed:
        return
    values = {
        **said,
        "synthetic": False,
        "changed_by": ctx.actor.account_id,
        "changed_at": ctx.now,
    }
    await ctx.session.execute(
        insert(Station)
        .values(tenant_id=ctx.tenant.id, id=new_id(), node_id=node_id, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "node_id"], set_=values)
    )
    record(ctx, "station.changed", "grid_node", node_id, changed=changed)


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """The office goes with the code of its node; those of merged nodes stay with what they were."""
    first, heir = change.before[0], change.after[0]
    if change.kind is ChangeKind.MOVE or first.id == heir.id:
        return
    for model in _FOLLOWING:
        await ctx.session.execute(
            update(model)
            .where(model.node_id == first.id)
            .values(node_id=heir.id)
            .execution_options(synchronize_session=False)
        )
