"""Who is on duty at which seat, which numbers were taken today, what stands on the screen."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select

from gridgov.access.models import Binding
from gridgov.accounts.models import Membership
from gridgov.context import Context
from gridgov.contract.stations import Seat
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import Ready, one_of
from gridgov.staff.models import Department, PostHolding, StaffMember
from gridgov.staff.queries import held_on
from gridgov.stations.models import DutyTurn, HallNotice, HallNumber, HallScreen, StationSeat
from gridgov.stations.types import Desk, Number, NumberState, Posted, Screen, Turn

MOST_CANDIDATES: Final = 80

_TURNS: Final = Ready(
    select(DutyTurn.day, DutyTurn.seat, DutyTurn.shift, DutyTurn.staff_id, StaffMember.name)
    .join(StaffMember, tied(StaffMember.id, DutyTurn.staff_id))
    .where(
        DutyTurn.node_id == bindparam("node"),
        DutyTurn.day >= bindparam("first"),
        DutyTurn.day <= bindparam("last"),
    )
)
_DESKS: Final = Ready(
    select(StationSeat.seat, StationSeat.phone, StationSeat.place).where(
        StationSeat.node_id == bindparam("node")
    )
)
_NUMBERS: Final = Ready(
    select(
        HallNumber.id,
        HallNumber.zone,
        HallNumber.number,
        HallNumber.state,
        HallNumber.called_to,
        HallNumber.taken_at,
        HallNumber.called_at,
        HallNumber.calls,
        HallNumber.case_id,
    )
    .where(HallNumber.node_id == bindparam("node"), HallNumber.day == bindparam("day"))
    .order_by(HallNumber.zone, HallNumber.number)
)
_NOTICES: Final = Ready(
    select(HallNotice.id, HallNotice.text, HallNotice.until, HallNotice.made_at)
    .where(
        HallNotice.node_id == bindparam("node"),
        HallNotice.until >= bindparam("day"),
        HallNotice.removed_at.is_(None),
    )
    .order_by(HallNotice.made_at.desc())
)
_SCREENS: Final = Ready(
    select(HallScreen.id, HallScreen.token, HallScreen.name, HallScreen.opened_at)
    .where(HallScreen.node_id == bindparam("node"), HallScreen.revoked_at.is_(None))
    .order_by(HallScreen.opened_at, HallScreen.id)
)
_WALL: Final = Ready(
    select(HallScreen.node_id).where(
        HallScreen.token == bindparam("token"), HallScreen.revoked_at.is_(None)
    )
)


async def turns_of(ctx: Context, node_id: UUID, first: date, last: date) -> list[Turn]:
    """The roster of a hall from one day to another, both included."""
    found = await _TURNS.rows(ctx.session, node=node_id, first=first, last=last)
    return [Turn(*row) for row in found]


async def desks_of(ctx: Context, node_id: UUID) -> dict[str, Desk]:
    """Phone and place of the hall's seats, by their code."""
    return {row[0]: Desk(*row) for row in await _DESKS.rows(ctx.session, node=node_id)}


async def numbers_of(ctx: Context, node_id: UUID) -> list[Number]:
    """The numbers of today."""
    found = await _NUMBERS.rows(ctx.session, node=node_id, day=ctx.today)
    return [Number(row[0], row[1], row[2], NumberState(row[3]), *row[4:]) for row in found]


async def notices_of(ctx: Context, node_id: UUID) -> list[Posted]:
    """What stands on the screen today, the newest first."""
    found = await _NOTICES.rows(ctx.session, node=node_id, day=ctx.today)
    return [Posted(*row) for row in found]


async def screens_of(ctx: Context, node_id: UUID) -> list[Screen]:
    """The screens on the wall of a hall, those that were revoked left out."""
    return [Screen(*row) for row in await _SCREENS.rows(ctx.session, node=node_id)]


async def hall_behind(ctx: Context, token: str) -> UUID | None:
    """The hall that a screen's address shows; nothing for one that was revoked or never was."""
    row: Any = await _WALL.row(ctx.session, token=token) if token.isprintable() else None
    return None if row is None else row[0]


async def candidates(
    ctx: Context, node_id: UUID, seat: Seat, *, words: str = "", among: Sequence[UUID] = ()
) -> list[tuple[UUID, str, str]]:
    """Who can be put on duty at a seat: the people of its department, or of the hall's posts.

    Found by ``words`` of a name, or ``among`` these; one more than MOST_CANDIDATES if there are.
    """
    day = ctx.today
    here = (
        select(PostHolding.id)
        .where(
            tied(PostHolding.staff_id, StaffMember.id),
            PostHolding.node_id == node_id,
            held_on(day),
        )
        .correlate(StaffMember)
        .exists()
    )
    found = (
        select(StaffMember.id, StaffMember.name, StaffMember.title)
        .outerjoin(Department, tied(Department.id, StaffMember.department_id))
        .where(
            or_(Department.code == seat.department, here),
            or_(StaffMember.left_on.is_(None), StaffMember.left_on > day),
        )
        .order_by(StaffMember.number)
    )
    if among:
        found = found.where(one_of(StaffMember.id, among))
    else:
        found = found.limit(MOST_CANDIDATES + 1)
    if words:
        found = found.where(func.strpos(StaffMember.name, words) > 0)
    return [(row[0], row[1], row[2]) for row in await Ready(found).rows(ctx.session)]


async def holders_of_roles(
    ctx: Context, node_id: UUID, roles: Sequence[str]
) -> list[tuple[str, str]]:
    """Role and name of everybody who holds one of these roles just there."""
    if not roles:
        return []
    found = (
        select(Binding.role, StaffMember.name)
        .join(
            Membership,
            and_(
                tied(Membership.account_id, Binding.account_id),
                Membership.ended_at.is_(None),
            ),
        )
        .join(
            StaffMember,
            and_(StaffMember.tenant_id == Binding.tenant_id, StaffMember.id == Membership.staff_id),
        )
        .where(
            Binding.node_id == node_id,
            one_of(Binding.role, roles),
            Binding.valid_from <= ctx.today,
            or_(Binding.valid_to.is_(None), Binding.valid_to > ctx.today),
        )
        .order_by(Binding.role, StaffMember.number)
    )
    return [(row[0], row[1]) for row in await Ready(found).rows(ctx.session)]


async def next_number(ctx: Context, node_id: UUID, zone: str) -> int:
    """The number that the next person in a zone gets today."""
    last: Any = await ctx.session.scalar(
        select(func.max(HallNumber.number)).where(
            HallNumber.node_id == node_id, HallNumber.day == ctx.today, HallNumber.zone == zone
        )
    )
    return int(last or 0) + 1
