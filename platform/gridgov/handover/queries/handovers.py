"""Hand-overs that somebody takes part in or answers for, and what passes on with each."""

from dataclasses import fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from gridgov.accounts.models import Membership
from gridgov.cases.models import Case
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.grid.models import GridNode
from gridgov.handover.models import Handover
from gridgov.handover.types import HandoverRight, HandoverRow, Thing
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.paging import Cursor, after
from gridgov.kernel.ready import Ready
from gridgov.services.models import Appointment, HeldDocument
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import holders, holdings
from gridgov.staff.types import Holder
from gridgov.staffing.queries.kit import still_held

PAGE: Final = 30
MOST_THINGS: Final = 200

Rows = Select[*tuple[Any, ...]]
_LEAVER = aliased(StaffMember)
_SUCCESSOR = aliased(StaffMember)


def _columns() -> list[Any]:
    named: dict[str, Any] = {
        "node_name": GridNode.name,
        "path": GridNode.path,
        "leaver": _LEAVER.name,
        "successor": _SUCCESSOR.name,
    }
    return [named.get(each.name) or getattr(Handover, each.name) for each in fields(HandoverRow)]


def _handovers() -> Rows:
    return (
        select(*_columns())
        .join(
            GridNode,
            and_(GridNode.tenant_id == Handover.tenant_id, GridNode.id == Handover.node_id),
        )
        .join(
            _LEAVER,
            and_(_LEAVER.tenant_id == Handover.tenant_id, _LEAVER.id == Handover.leaver_id),
        )
        .join(
            _SUCCESSOR,
            and_(
                _SUCCESSOR.tenant_id == Handover.tenant_id, _SUCCESSOR.id == Handover.successor_id
            ),
        )
    )


def handovers_seen_by(actor: Actor) -> Rows:
    """Those of one's own posts, those that one takes over, and those where one may open some."""
    ways = [
        Handover.leaver_id == actor.staff_id,
        Handover.successor_id == actor.staff_id,
        *(within(GridNode.path, scope.path) for scope in actor.scopes(HandoverRight.OPEN)),
    ]
    return _handovers().where(or_(*ways))


async def handovers(ctx: Context, cursor: Cursor | None = None) -> list[HandoverRow]:
    """The newest first, and one row more if there is a next page."""
    columns = (Handover.opened_at, Handover.id)
    page = after(handovers_seen_by(ctx.actor), columns, cursor, descending=True).limit(PAGE + 1)
    return [HandoverRow(*row) for row in await Ready(page).rows(ctx.session)]


async def handover_seen(ctx: Context, handover_id: UUID) -> HandoverRow:
    """The hand-over, if it is somebody's business."""
    mine = handovers_seen_by(ctx.actor).where(Handover.id == handover_id)
    row = await Ready(mine).row(ctx.session)
    if row is None:
        raise NotFound
    return HandoverRow(*row)


async def handovers_due(ctx: Context, day: date) -> list[HandoverRow]:
    """Those that both signed and whose day has come, whoever asks."""
    due = _handovers().where(
        Handover.done_at.is_(None),
        Handover.cancelled_at.is_(None),
        Handover.given_at.is_not(None),
        Handover.taken_at.is_not(None),
        Handover.on <= day,
    )
    return [HandoverRow(*row) for row in await Ready(due).rows(ctx.session)]


async def holding_of(ctx: Context, holding_id: UUID) -> Holder:
    """Who holds the post, if the actor may hand it over."""
    found = await holders(ctx, holdings().where(PostHolding.id == holding_id))
    if not found or not ctx.actor.may(HandoverRight.OPEN, path=found[0].path):
        raise NotFound
    return found[0]


async def account_of(ctx: Context, staff_id: UUID) -> UUID | None:
    """The account of somebody, if they can log in."""
    account: UUID | None = await ctx.session.scalar(
        select(Membership.account_id).where(
            Membership.tenant_id == ctx.tenant.id,
            Membership.staff_id == staff_id,
            Membership.ended_at.is_(None),
        )
    )
    return account


async def things_of(ctx: Context, row: HandoverRow) -> list[Thing]:
    """All that hangs on the post today, whoever asks: cases with their clocks first."""
    account = await account_of(ctx, row.leaver_id)
    return [
        *await _cases(ctx, row, account),
        *await _documents(ctx, row),
        *await _appointments(ctx, row),
        *await _kit(ctx, row),
    ]


async def _cases(ctx: Context, row: HandoverRow, account: UUID | None) -> list[Thing]:
    """What waits at the desk of the unit, and what the person reported there and is not done."""
    found = (
        select(
            Case.id,
            Case.title,
            Case.code,
            Case.due_at,
            Case.yellow_at,
            Case.promise_at,
            Case.paused_at,
        )
        .where(
            Case.ends == "",
            within(Case.node_path, row.path),
            or_(Case.desk_path == row.path, Case.reported_by == account),
        )
        .order_by(Case.due_at, Case.id)
        .limit(MOST_THINGS)
    )
    return [
        Thing(
            "case",
            one.id,
            one.title,
            one.code,
            one.due_at,
            one.yellow_at,
            one.promise_at,
            paused=one.paused_at is not None,
        )
        for one in await Ready(found).rows(ctx.session)
    ]


async def _documents(ctx: Context, row: HandoverRow) -> list[Thing]:
    found = (
        select(HeldDocument.id, HeldDocument.name, Case.code)
        .join(Case, and_(Case.tenant_id == HeldDocument.tenant_id, Case.id == HeldDocument.case_id))
        .where(HeldDocument.place.in_(("worker", "station")), within(Case.node_path, row.path))
        .order_by(HeldDocument.since)
        .limit(MOST_THINGS)
    )
    return [Thing("document", *one) for one in await ctx.session.execute(found)]


async def _appointments(ctx: Context, row: HandoverRow) -> list[Thing]:
    found = (
        select(Appointment.id, Appointment.building, Appointment.code, Appointment.day)
        .where(
            Appointment.state == "booked",
            Appointment.day >= ctx.today,
            within(Appointment.node_path, row.path),
        )
        .order_by(Appointment.day)
        .limit(MOST_THINGS)
    )
    return [
        Thing("appointment", one[0], f"{one[3].isoformat()} {one[1]}", one[2])
        for one in await ctx.session.execute(found)
    ]


async def _kit(ctx: Context, row: HandoverRow) -> list[Thing]:
    names = {item.code: item.name for item in ctx.policy.county.kit}
    return [
        Thing("kit", piece.id, names.get(piece.item, piece.item), piece.mark)
        for piece in await still_held(ctx, row.leaver_id)
    ]
