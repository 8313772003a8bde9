"""Teams, their members, and what they did."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, cast, false, func, or_, select

from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import COLUMNS
from gridgov.grid.types import NodeRow
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.masks import mask_name, mask_phone
from gridgov.kernel.paging import Cursor, after
from gridgov.kernel.ready import Ready, one_of
from gridgov.organisations.models import Activity, Team, TeamMember
from gridgov.organisations.types import ActivityRow, Member, OrganisationRight, TeamRow
from gridgov.staff.models import StaffMember

PAGE: Final = 50
MOST_EXPORTED: Final = 5000
QUARTER: Final = timedelta(days=90)

Rows = Select[*tuple[Any, ...]]


def _reaches(actor: Actor, right: OrganisationRight) -> ColumnElement[bool]:
    scopes = [within(GridNode.path, scope.path) for scope in actor.scopes(right)]
    return or_(*scopes) if scopes else false()


def teams_seen_by(
    actor: Actor, day: date, right: OrganisationRight = OrganisationRight.READ
) -> Rows:
    """The teams on units where the actor holds the right; rows are :class:`TeamRow`."""
    members = (
        select(cast(func.coalesce(func.sum(TeamMember.count), 0), BigInteger))
        .where(
            tied(TeamMember.team_id, Team.id),
            or_(TeamMember.until.is_(None), TeamMember.until > day),
        )
        .scalar_subquery()
    )
    acted = (
        select(func.count())
        .where(
            tied(Activity.team_id, Team.id),
            Activity.on > day - QUARTER,
        )
        .scalar_subquery()
    )
    last = select(func.max(Activity.on)).where(tied(Activity.team_id, Team.id)).scalar_subquery()
    return (
        select(
            Team.id,
            Team.kind,
            Team.name,
            Team.node_id,
            GridNode.name,
            GridNode.path,
            Team.formed_on,
            Team.ended_on,
            Team.synthetic,
            members,
            acted,
            last,
        )
        .join(GridNode, tied(GridNode.id, Team.node_id))
        .where(_reaches(actor, right))
    )


async def teams(ctx: Context, statement: Rows) -> list[TeamRow]:
    """Run a narrowed :func:`teams_seen_by`."""
    found = await ctx.session.execute(statement)
    return [TeamRow(*row) for row in found]


async def team_seen(
    ctx: Context, team_id: UUID, right: OrganisationRight = OrganisationRight.READ
) -> TeamRow:
    """The team, if the actor may see it."""
    mine = teams_seen_by(ctx.actor, ctx.today, right).where(Team.id == team_id)
    found = await teams(ctx, mine)
    if not found:
        raise NotFound
    return found[0]


async def teams_on(ctx: Context, node_ids: Sequence[UUID]) -> list[TeamRow]:
    """The teams that these units have today."""
    if not node_ids:
        return []
    there = teams_seen_by(ctx.actor, ctx.today).where(
        one_of(Team.node_id, node_ids), or_(Team.ended_on.is_(None), Team.ended_on > ctx.today)
    )
    return await teams(ctx, there.order_by(Team.formed_on, Team.id))


async def teams_below(ctx: Context, path: str) -> list[TeamRow]:
    """All teams of today in a subtree, by place, and one row more than an export holds."""
    there = teams_seen_by(ctx.actor, ctx.today).where(
        within(GridNode.path, path), or_(Team.ended_on.is_(None), Team.ended_on > ctx.today)
    )
    return await teams(
        ctx, there.order_by(GridNode.path, Team.kind, Team.id).limit(MOST_EXPORTED + 1)
    )


async def units_with_teams(
    ctx: Context, path: str, level: str, cursor: Cursor | None
) -> list[NodeRow]:
    """One page of the units that have teams, and one row more if there is a next page."""
    found = select(*COLUMNS).where(
        GridNode.valid_to.is_(None),
        GridNode.level == level,
        within(GridNode.path, path),
        _reaches(ctx.actor, OrganisationRight.READ),
    )
    page = after(found, (GridNode.path,), cursor, descending=False).limit(PAGE + 1)
    return [NodeRow(*row) for row in await Ready(page).rows(ctx.session)]


async def members_of(ctx: Context, team_id: UUID) -> list[Member]:
    """Who is in the team today, residents masked. Ask it only for a team that the actor may see."""
    found = await ctx.session.execute(
        select(
            TeamMember.id,
            TeamMember.staff_id,
            TeamMember.role,
            TeamMember.count,
            TeamMember.name,
            TeamMember.phone,
            TeamMember.consent_on,
            TeamMember.since,
            StaffMember.name.label("staff_name"),
        )
        .outerjoin(StaffMember, tied(StaffMember.id, TeamMember.staff_id))
        .where(
            TeamMember.team_id == team_id,
            or_(TeamMember.until.is_(None), TeamMember.until > ctx.today),
        )
        .order_by(TeamMember.since, TeamMember.id)
    )
    return [_member(ctx, row) for row in found]


def _member(ctx: Context, row: Any) -> Member:
    def opened(name: str, sealed: bytes | None) -> str:
        return ctx.vault.open("team_members", row.id, name, sealed) if sealed is not None else ""

    return Member(
        id=row.id,
        staff_id=row.staff_id,
        role=row.role,
        count=row.count,
        name=row.staff_name or mask_name(opened("name", row.name)),
        phone=mask_phone(opened("phone", row.phone)),
        sealed=row.name is not None,
        consent_on=row.consent_on,
        since=row.since,
    )


def activities_seen_by(actor: Actor) -> Rows:
    """What was done on units where the actor may read; rows are :class:`ActivityRow`."""
    return (
        select(
            Activity.id,
            Activity.team_id,
            Team.kind,
            Team.name,
            Activity.node_id,
            GridNode.name,
            GridNode.path,
            Activity.on,
            Activity.place,
            Activity.what,
            Activity.took_part,
            Activity.meeting_id,
        )
        .join(GridNode, tied(GridNode.id, Activity.node_id))
        .outerjoin(Team, tied(Team.id, Activity.team_id))
        .where(_reaches(actor, OrganisationRight.READ))
    )


async def activities(
    ctx: Context,
    *,
    path: str = "",
    team_id: UUID | None = None,
    meeting_id: UUID | None = None,
    kind: str = "",
    since: date | None = None,
    cursor: Cursor | None = None,
    limit: int = PAGE,
) -> list[ActivityRow]:
    """The newest first, and one row more than ``limit`` if there is a next page."""
    found = activities_seen_by(ctx.actor).where(within(GridNode.path, path))
    if team_id is not None:
        found = found.where(Activity.team_id == team_id)
    if meeting_id is not None:
        found = found.where(Activity.meeting_id == meeting_id)
    if kind:
        found = found.where(Team.kind == kind)
    if since is not None:
        found = found.where(Activity.on >= since)
    page = after(found, (Activity.on, Activity.id), cursor, descending=True).limit(limit + 1)
    return [ActivityRow(*row) for row in await Ready(page).rows(ctx.session)]


async def activity_of(ctx: Context, activity_id: UUID) -> ActivityRow | None:
    """The activity, if the actor may see it."""
    row = await Ready(activities_seen_by(ctx.actor).where(Activity.id == activity_id)).row(
        ctx.session
    )
    return ActivityRow(*row) if row is not None else None


async def activity_seen(ctx: Context, activity_id: UUID) -> bool:
    """Whether the actor may see an activity, and so its photos."""
    return await activity_of(ctx, activity_id) is not None
