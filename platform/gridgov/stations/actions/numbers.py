"""Numbers of the hall: taken, called, called again, done; and the notices beside them."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.contract.stations import Zone
from gridgov.grid.models import GridNode
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.stations.actions.places import workplace
from gridgov.stations.models import HallNotice, HallNumber
from gridgov.stations.queries.halls import next_number
from gridgov.stations.rules import check_number
from gridgov.stations.types import NumberState, StationRight

_LONGEST: Final = 60
_LONGEST_WINDOW: Final = 10


def zone_of(zones: Iterable[Zone], code: str, level: str) -> Zone:
    """The zone of a hall on this level."""
    for zone in zones:
        if zone.code == code and level in zone.levels:
            return zone
    raise NotFound


async def take_number(ctx: Context, node_id: UUID, zone: str) -> int:
    """The next number of a zone today, for whoever stands there."""
    row = await workplace(ctx, node_id, StationRight.HALL)
    if not zone_of(ctx.policy.county.zones, zone, row.level).tickets:
        raise Conflict("这个功能区不用取号。")
    await _one_at_a_time(ctx, node_id)
    number = await next_number(ctx, node_id, zone)
    await ctx.session.execute(
        insert(HallNumber).values(
            tenant_id=ctx.tenant.id,
            id=new_id(),
            node_id=node_id,
            day=ctx.today,
            zone=zone,
            number=number,
            state=NumberState.WAITING.value,
            taken_at=ctx.now,
        )
    )
    record(ctx, "hall.number_taken", "grid_node", node_id, zone=zone, number=number)
    return number


async def _one_at_a_time(ctx: Context, node_id: UUID) -> None:
    """Two who take a number at once get two numbers: the second waits for the first."""
    await ctx.session.execute(
        select(GridNode.id).where(GridNode.id == node_id).with_for_update(key_share=True)
    )


async def call_next(ctx: Context, node_id: UUID, zone: str, *, window: str) -> int:
    """Call the longest waiting number of a zone to a window."""
    row = await workplace(ctx, node_id, StationRight.HALL)
    zone_of(ctx.policy.ever.zones, zone, row.level)
    if not window.strip() or len(window.strip()) > _LONGEST_WINDOW:
        raise Invalid(fields={"window": "请写几号窗口，不超过 10 个字。"})
    found = (
        await ctx.session.execute(
            select(HallNumber.id, HallNumber.number)
            .where(
                HallNumber.node_id == node_id,
                HallNumber.day == ctx.today,
                HallNumber.zone == zone,
                HallNumber.state == NumberState.WAITING.value,
            )
            .order_by(HallNumber.number)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
    ).one_or_none()
    if found is None:
        raise Conflict("没有人在等了。")
    await _set(
        ctx,
        found.id,
        state=NumberState.CALLED.value,
        called_to=window.strip(),
        called_at=ctx.now,
        calls=1,
    )
    number: int = found.number
    record(ctx, "hall.number_called", "hall_number", found.id, number=number)
    return number


async def move_number(ctx: Context, node_id: UUID, number_id: UUID, to: NumberState) -> int:
    """Call a number once more, or say that it is done, or that nobody came."""
    await workplace(ctx, node_id, StationRight.HALL)
    found = (
        await ctx.session.execute(
            select(HallNumber.state, HallNumber.number)
            .where(
                HallNumber.id == number_id,
                HallNumber.node_id == node_id,
                HallNumber.day == ctx.today,
            )
            .with_for_update()
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    check_number(NumberState(found.state), to)
    if to is NumberState.CALLED:
        again: Any = {"called_at": ctx.now, "calls": HallNumber.calls + 1, "ended_at": None}
    else:
        again = {"ended_at": ctx.now}
    await _set(ctx, number_id, state=to.value, **again)
    number: int = found.number
    record(ctx, f"hall.number_{to}", "hall_number", number_id, number=number)
    return number


async def serve_number(ctx: Context, node_id: UUID, number_id: UUID, case_id: UUID) -> None:
    """Say that a called number led to a case, and is done."""
    await move_number(ctx, node_id, number_id, NumberState.DONE)
    await _set(ctx, number_id, case_id=case_id)


async def post_notice(ctx: Context, node_id: UUID, *, text: str, until: date) -> None:
    """Put a line on the hall's screen."""
    await workplace(ctx, node_id, StationRight.HALL)
    words = " ".join(text.split())
    if not words or len(words) > _LONGEST:
        raise Invalid(fields={"text": "写一句话，最多 {most} 个字。"}, most=_LONGEST)
    if until < ctx.today:
        raise Invalid(fields={"until": "这一天已经过去了。"})
    notice_id = new_id()
    await ctx.session.execute(
        insert(HallNotice).values(
            tenant_id=ctx.tenant.id,
            id=notice_id,
            node_id=node_id,
            text=words,
            until=until,
            made_by=ctx.actor.account_id,
            made_at=ctx.now,
        )
    )
    record(ctx, "hall.notice_posted", "hall_notice", notice_id)


async def remove_notice(ctx: Context, node_id: UUID, notice_id: UUID) -> None:
    """Take a line down."""
    await workplace(ctx, node_id, StationRight.HALL)
    gone = await ctx.session.scalar(
        update(HallNotice)
        .where(
            HallNotice.id == notice_id,
            HallNotice.node_id == node_id,
            HallNotice.removed_at.is_(None),
        )
        .values(removed_at=ctx.now)
        .returning(HallNotice.id)
    )
    if gone is None:
        raise NotFound
    record(ctx, "hall.notice_removed", "hall_notice", notice_id)


async def _set(ctx: Context, number_id: UUID, **values: Any) -> None:
    await ctx.session.execute(
        update(HallNumber)
        .where(HallNumber.id == number_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
