"""The duty roster of a hall, a week at a time."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from gridgov.audit.actions import record
from gridgov.calendar.lookup import calendar_for
from gridgov.context import Context
from gridgov.contract.stations import Seat
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import Sentence
from gridgov.stations.actions.places import workplace
from gridgov.stations.models import DutyTurn, StationSeat
from gridgov.stations.queries.halls import candidates, turns_of
from gridgov.stations.rules import WEEK, shifts_on, week_of
from gridgov.stations.types import StationRight, Turn

Slot = tuple[date, str]
"""A day and a shift."""

_LONGEST: Final = 20


def seat_of(ctx: Context, code: str, level: str) -> Seat:
    """The seat of a hall on this level."""
    for seat in ctx.policy.county.seats:
        if seat.code == code and level in seat.levels:
            return seat
    raise NotFound


async def plan_week(
    ctx: Context, node_id: UUID, seat: str, *, day: date, chosen: Mapping[Slot, UUID]
) -> None:
    """Put people on duty at a seat for the week of a day: a slot that is not named is vacant.

    Refused slot by slot: a shift that the seat does not keep on that day, somebody who cannot
    serve there, and somebody who sits elsewhere at the same time.
    """
    row = await workplace(ctx, node_id, StationRight.ROSTER)
    declared = seat_of(ctx, seat, row.level)
    week = week_of(day)
    wanted = list(dict.fromkeys(chosen.values()))
    able = {
        staff_id
        for staff_id, _, _ in (
            await candidates(ctx, node_id, declared, among=wanted) if wanted else ()
        )
    }
    others = [turn for turn in await turns_of(ctx, node_id, week[0], week[-1]) if turn.seat != seat]
    calendar = await calendar_for(ctx)
    kept = {
        (one, shift.code)
        for one in week
        for shift in shifts_on(declared, ctx.policy.county.shifts, working=calendar.is_working(one))
    }
    faults = {
        field_of(slot): sentence
        for slot, staff_id in chosen.items()
        if (sentence := _fault(slot, staff_id, kept=kept, able=able, others=others))
    }
    if faults:
        raise Invalid(fields=faults)
    await ctx.session.execute(
        delete(DutyTurn).where(
            DutyTurn.node_id == node_id,
            DutyTurn.seat == seat,
            DutyTurn.day >= week[0],
            DutyTurn.day <= week[-1],
        )
    )
    await _put(ctx, node_id, [(on, seat, shift, who) for (on, shift), who in chosen.items()])
    record(
        ctx,
        "duty.planned",
        "grid_node",
        node_id,
        seat=seat,
        week=week[0].isoformat(),
        filled=len(chosen),
        of=len(kept),
    )


def field_of(slot: Slot) -> str:
    """What the form calls a slot."""
    return f"{slot[0].isoformat()}.{slot[1]}"


def _fault(
    slot: Slot, staff_id: UUID, *, kept: set[Slot], able: set[UUID], others: Sequence[Turn]
) -> str:
    if slot not in kept:
        return "这一天没有这个班次。"
    if staff_id not in able:
        return "这个人不在可以值班的名单里。"
    if any((turn.day, turn.shift, turn.staff_id) == (*slot, staff_id) for turn in others):
        return "这个人同一班已经排在别的席位。"
    return ""


async def copy_week(ctx: Context, node_id: UUID, day: date) -> int:
    """Fill what is vacant in the week of a day as it was the week before; how many turns came.

    By the day of the week and the shift, so a holiday's shifts stay vacant if the week before had
    no such day.
    """
    row = await workplace(ctx, node_id, StationRight.ROSTER)
    week = week_of(day)
    before = week[0] - timedelta(days=WEEK)
    turns = await turns_of(ctx, node_id, before, week[-1])
    taken = {(turn.day, turn.seat, turn.shift) for turn in turns if turn.day >= week[0]}
    busy = {(turn.day, turn.shift, turn.staff_id) for turn in turns if turn.day >= week[0]}
    calendar = await calendar_for(ctx)
    kept = {
        (one, seat.code, shift.code)
        for one in week
        for seat in ctx.policy.county.seats
        if row.level in seat.levels
        for shift in shifts_on(seat, ctx.policy.county.shifts, working=calendar.is_working(one))
    }
    new = [
        (on, turn.seat, turn.shift, turn.staff_id)
        for turn in turns
        if turn.day < week[0]
        and (on := turn.day + timedelta(days=WEEK), turn.seat, turn.shift) in kept - taken
        and (on, turn.shift, turn.staff_id) not in busy
    ]
    await _put(ctx, node_id, new)
    record(ctx, "duty.copied", "grid_node", node_id, week=week[0].isoformat(), turns=len(new))
    return len(new)


async def save_seat(ctx: Context, node_id: UUID, seat: str, *, phone: str, place: str) -> None:
    """Write down a seat's phone and where in the hall it is."""
    row = await workplace(ctx, node_id, StationRight.ROSTER)
    seat_of(ctx, seat, row.level)
    said = {"phone": phone.strip(), "place": place.strip()}
    long = {name: "最多写 {most} 个字。" for name, words in said.items() if len(words) > _LONGEST}
    if long:
        raise Invalid(fields=long, most=_LONGEST)
    await ctx.session.execute(
        insert(StationSeat)
        .values(tenant_id=ctx.tenant.id, id=new_id(), node_id=node_id, seat=seat, **said)
        .on_conflict_do_update(index_elements=["tenant_id", "node_id", "seat"], set_=said)
    )
    record(ctx, "duty.seat_changed", "grid_node", node_id, seat=seat)


def copied(count: int) -> str:
    """What is said afterwards."""
    if count:
        return Sentence("照上周补了 {n} 班，请再看一遍节假日。", n=count)
    return Sentence("上周没有可以照搬的班次，或者本周已经排满。")


async def _put(ctx: Context, node_id: UUID, turns: Sequence[tuple[date, str, str, UUID]]) -> None:
    if not turns:
        return
    await ctx.session.execute(
        insert(DutyTurn),
        [
            {
                "tenant_id": ctx.tenant.id,
                "id": new_id(),
                "node_id": node_id,
                "day": day,
                "seat": seat,
                "shift": shift,
                "staff_id": staff_id,
                "made_by": ctx.actor.account_id,
                "made_at": ctx.now,
            }
            for day, seat, shift, staff_id in turns
        ],
    )
