"""Which visits are booked, where, and what is still free."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, false, func, or_, select

from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.masks import mask_name, mask_phone
from gridgov.kernel.paging import after, decode, encode
from gridgov.kernel.ready import Ready, one_of
from gridgov.services.models import Appointment, ServiceItem
from gridgov.services.types import Booked, Half, ServiceRight, Visit

TABLE: Final = "service_appointments"
MOST: Final = 200
_ITEM: Final = tied(ServiceItem.id, Appointment.item_id)
_VISIT: Final[tuple[Any, ...]] = (
    Appointment.id,
    Appointment.code,
    Appointment.node_path,
    Appointment.building,
    Appointment.day,
    Appointment.half,
    Appointment.state,
    ServiceItem.name.label("item"),
    Appointment.moved,
    Appointment.made_at,
    Appointment.door,
    Appointment.name,
    Appointment.phone,
)
_WALKING: Final[tuple[Any, ...]] = (
    cast(Appointment.half != Half.MORNING, Integer),
    Appointment.node_path,
    Appointment.building,
    Appointment.code,
)


def last_day(ctx: Context) -> date:
    """The last day for which a visit may be booked today."""
    return ctx.today + timedelta(days=int(ctx.setting("booking_days_ahead")))


def visits_seen_by(actor: Actor, right: str = ServiceRight.BOOK) -> ColumnElement[bool]:
    """Where the actor takes bookings: the one door from an actor to SQL."""
    scopes = [within(Appointment.node_path, s.path) for s in actor.scopes(right)]
    return or_(*scopes) if scopes else false()


def _visit(ctx: Context, row: Any) -> Visit:
    door, name, phone = row.door, row.name, row.phone

    def opened(field: str, sealed: bytes | None) -> str:
        return ctx.vault.open(TABLE, row.id, field, sealed) if sealed else ""

    return Visit(
        row.id,
        row.code,
        row.node_path,
        row.building,
        row.day,
        row.half,
        row.state,
        row.item or "",
        row.moved,
        row.made_at,
        "***" if door else "",
        mask_name(opened("name", name)),
        mask_phone(opened("phone", phone)),
    )


async def visits_on(
    ctx: Context,
    day: date,
    *,
    until: date | None = None,
    right: str = ServiceRight.BOOK,
    limit: int = MOST,
) -> list[Visit]:
    """The visits of a day (or up to another) that the actor sees; cancelled ones are left out."""
    found = (
        select(*_VISIT)
        .outerjoin(ServiceItem, _ITEM)
        .where(
            Appointment.day >= day,
            Appointment.day <= (until or day),
            Appointment.state != Booked.CANCELLED,
            visits_seen_by(ctx.actor, right),
        )
        .order_by(Appointment.day, Appointment.node_path, Appointment.code)
        .limit(limit)
    )
    return [_visit(ctx, row) for row in await Ready(found).rows(ctx.session)]


async def walks_on(ctx: Context, day: date, cursor: str = "") -> tuple[list[Visit], str]:
    """One page of a day in the order of walking, cut between two walks; the cursor of the next."""
    found = (
        select(*_VISIT)
        .outerjoin(ServiceItem, _ITEM)
        .where(
            Appointment.day == day,
            Appointment.state != Booked.CANCELLED,
            visits_seen_by(ctx.actor),
        )
    )
    start = decode(cursor, "isss")
    page = after(found, _WALKING, start, descending=False).limit(MOST + 1)
    rows = await Ready(page).rows(ctx.session)
    if len(rows) <= MOST:
        return [_visit(ctx, row) for row in rows], ""
    broken = _walk(rows[-1])
    whole = [row for row in rows if _walk(row) != broken] or rows[:MOST]
    last = whole[-1]
    following = encode((int(last.half != Half.MORNING), *_walk(last)[1:], last.code))
    return [_visit(ctx, row) for row in whole], following


def _walk(row: Any) -> tuple[str, str, str]:
    return row.half, row.node_path, row.building


async def visits_of_day(ctx: Context, day: date, *states: Booked) -> int:
    """How many of a day are in one of these states, as far as the actor sees."""
    found = select(func.count(Appointment.id)).where(
        Appointment.day == day, one_of(Appointment.state, states), visits_seen_by(ctx.actor)
    )
    return await Ready(found).scalar(ctx.session) or 0


async def visit_of(ctx: Context, visit_id: UUID) -> Visit:
    """One visit that the actor sees; NotFound else."""
    found = (
        select(*_VISIT)
        .outerjoin(ServiceItem, _ITEM)
        .where(Appointment.id == visit_id, visits_seen_by(ctx.actor))
    )
    row: Any = await Ready(found).row(ctx.session)
    if row is None:
        raise NotFound
    return _visit(ctx, row)


async def own_visit(ctx: Context, visit_id: UUID) -> Visit | None:
    """The visit for who booked it: its ticket was asked for before."""
    found = select(*_VISIT).outerjoin(ServiceItem, _ITEM).where(Appointment.id == visit_id)
    row: Any = await Ready(found).row(ctx.session)
    return None if row is None else _visit(ctx, row)


async def keys_of(ctx: Context, code: str) -> Sequence[Any]:
    """What opens the visit with this code; nothing for no such code."""
    found = await ctx.session.execute(
        select(Appointment.id, Appointment.phone_tail, Appointment.pin).where(
            Appointment.code == code
        )
    )
    return found.all()
