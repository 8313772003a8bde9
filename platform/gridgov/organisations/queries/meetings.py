"""Meetings with their items, and what stands on the next agenda."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, or_, select

from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import cases_seen_by, seen
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.contract.organisations import MeetingKind
from gridgov.grid.models import GridNode
from gridgov.grid.types import NodeRow
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, after
from gridgov.kernel.ready import Ready, one_of
from gridgov.organisations.models import Meeting, MeetingItem
from gridgov.organisations.types import (
    Item,
    ItemState,
    MeetingRow,
    OrganisationRight,
    Reason,
)
from gridgov.staff.models import PostHolding
from gridgov.staff.queries import held_on, holders, holdings
from gridgov.staff.types import Holder

PAGE: Final = 30
MOST_MATTERS: Final = 40

Rows = Select[*tuple[Any, ...]]


def meetings_seen_by(actor: Actor, right: OrganisationRight = OrganisationRight.READ) -> Rows:
    """The meetings at units where the actor holds the right; rows are :class:`MeetingRow`.

    One about a single case is as much seen as the case is: all of it is about that.
    """
    about = cases_seen_by(actor).with_only_columns(Case.id).where(Case.id == Meeting.case_id)
    return (
        select(*_columns())
        .join(GridNode, tied(GridNode.id, Meeting.node_id))
        .where(
            _reaches(actor, right),
            or_(Meeting.case_id.is_(None), about.correlate(Meeting).exists()),
        )
    )


def _columns() -> list[Any]:
    named = {"node_name": GridNode.name, "path": GridNode.path}
    return [named.get(each.name) or getattr(Meeting, each.name) for each in fields(MeetingRow)]


def _reaches(actor: Actor, right: OrganisationRight) -> ColumnElement[bool]:
    scopes = [within(GridNode.path, scope.path) for scope in actor.scopes(right)]
    return or_(*scopes) if scopes else false()


async def meetings(
    ctx: Context,
    *,
    path: str = "",
    kind: str = "",
    cursor: Cursor | None = None,
) -> list[MeetingRow]:
    """The newest first, and one row more if there is a next page."""
    found = meetings_seen_by(ctx.actor).where(within(GridNode.path, path))
    if kind:
        found = found.where(Meeting.kind == kind)
    page = after(found, (Meeting.at, Meeting.id), cursor, descending=True).limit(PAGE + 1)
    return [MeetingRow(*row) for row in await Ready(page).rows(ctx.session)]


async def meeting_seen(
    ctx: Context, meeting_id: UUID, right: OrganisationRight = OrganisationRight.READ
) -> MeetingRow:
    """The meeting, if the actor may see it."""
    mine = meetings_seen_by(ctx.actor, right).where(Meeting.id == meeting_id)
    row = await Ready(mine).row(ctx.session)
    if row is None:
        raise NotFound
    return MeetingRow(*row)


async def consultations_on(ctx: Context, case_id: UUID) -> list[MeetingRow]:
    """The meetings about a case. Ask it only for a case that the actor may see."""
    found = (
        select(*_columns())
        .join(GridNode, tied(GridNode.id, Meeting.node_id))
        .where(Meeting.case_id == case_id)
        .order_by(Meeting.at)
    )
    return [MeetingRow(*row) for row in await Ready(found).rows(ctx.session)]


async def items_of(ctx: Context, meeting_id: UUID) -> list[Item]:
    """The items in their order. Ask it only for a meeting that the actor may see."""
    found = (
        select(
            MeetingItem.id,
            MeetingItem.meeting_id,
            case(
                (MeetingItem.case_id.is_(None), MeetingItem.title),
                (seen(ctx.actor), Case.title),
                else_=Case.code,
            ),
            MeetingItem.reason,
            MeetingItem.resolution,
            MeetingItem.state,
            MeetingItem.case_id,
            Case.code,
            MeetingItem.led_to,
            MeetingItem.led_to.in_(_became(ctx.actor)),
        )
        .outerjoin(Case, tied(Case.id, MeetingItem.case_id))
        .where(MeetingItem.meeting_id == meeting_id)
        .order_by(MeetingItem.id)
    )
    return [Item(*row) for row in await Ready(found).rows(ctx.session)]


def _became(actor: Actor) -> Rows:
    return cases_seen_by(actor).with_only_columns(Case.id).correlate(None)


async def item_seen(
    ctx: Context, item_id: UUID, right: OrganisationRight = OrganisationRight.READ
) -> tuple[MeetingRow, Item]:
    """An item with its meeting, if the actor may see that."""
    meeting_id = await ctx.session.scalar(
        select(MeetingItem.meeting_id).where(MeetingItem.id == item_id)
    )
    if meeting_id is None:
        raise NotFound
    meeting = await meeting_seen(ctx, meeting_id, right)
    return meeting, next(one for one in await items_of(ctx, meeting_id) if one.id == item_id)


async def last_meeting(ctx: Context, node_id: UUID, kind: str) -> tuple[UUID, datetime] | None:
    """The latest meeting of a kind at a unit."""
    row = (
        await ctx.session.execute(
            select(Meeting.id, Meeting.at)
            .where(Meeting.node_id == node_id, Meeting.kind == kind)
            .order_by(Meeting.at.desc())
            .limit(1)
        )
    ).first()
    return (row.id, row.at) if row else None


async def left_open(ctx: Context, meeting_id: UUID) -> list[Item]:
    """What a meeting did not finish, and nobody finished since."""
    return [one for one in await items_of(ctx, meeting_id) if one.state == ItemState.OPEN]


async def open_matters(ctx: Context, path: str) -> list[tuple[UUID, Reason]]:
    """The open cases of a unit to talk about, the most pressing first, with the reason."""
    now = ctx.now
    found = (
        cases_seen_by(ctx.actor)
        .with_only_columns(Case.id, Case.due_at, Case.yellow_at, Case.paused_at, Case.bounces)
        .where(
            within(Case.node_path, path),
            Case.ends == "",
            or_(
                and_(Case.paused_at.is_(None), Case.yellow_at <= now),
                Case.bounces > 0,
                Case.passed_from.is_not(None),
            ),
        )
        .order_by(Case.due_at, Case.id)
        .limit(MOST_MATTERS)
    )
    return [(row.id, _reason(row, now)) for row in await Ready(found).rows(ctx.session)]


def _reason(row: Any, now: datetime) -> Reason:
    if row.paused_at is None and row.due_at <= now:
        return Reason.OVERDUE
    if row.paused_at is None and row.yellow_at <= now:
        return Reason.YELLOW
    return Reason.RETURNED if row.bounces else Reason.PASSED_UP


async def expected(ctx: Context, kind: MeetingKind, node: NodeRow) -> list[Holder]:
    """Who is asked to a meeting: the holders of its posts on the unit and below, by post."""
    there = holdings().where(
        within(GridNode.path, node.path),
        GridNode.valid_to.is_(None),
        one_of(PostHolding.post, kind.posts),
        held_on(ctx.today),
    )
    found = await holders(ctx, there.order_by(GridNode.path, PostHolding.id))
    return sorted(found, key=lambda one: kind.posts.index(one.post))
