"""Forming and ending teams, taking people in, and what a team did."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.audit.actions import record, record_reveal
from gridgov.context import Context
from gridgov.files.actions import attach
from gridgov.grid.queries.nodes import node_of
from gridgov.grid.types import ChangeKind, NodeRow, Redivision
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.organisations.actions.forgetting import forget_members
from gridgov.organisations.models import Activity, Team, TeamMember
from gridgov.organisations.queries.teams import team_seen
from gridgov.organisations.types import OrganisationRight, TeamRow
from gridgov.staff.models import StaffMember

ACTIVITY_OWNER: Final = "activity"
"""What the photos of an activity are filed under."""

MOST: Final = 9999
_DIGITS: Final = 5
_LIMITS: Final = {"name": 40, "role": 30, "person": 30, "phone": 20, "place": 60, "what": 500}


async def form_team(
    ctx: Context,
    kind: str,
    node_id: UUID,
    *,
    on: date,
    name: str = "",
    synthetic: bool = False,
) -> UUID:
    """Form a team on a unit; one of a kind that has no name of its own is there once."""
    node = await _unit(ctx, node_id)
    declared = next((one for one in ctx.policy.county.team_kinds if one.code == kind), None)
    if declared is None or declared.level != node.level:
        raise Invalid(fields={"kind": "这里没有这种队伍，请重新选择。"})
    name = _checked("name", name)
    there = await ctx.session.scalars(
        select(Team.name).where(Team.node_id == node.id, Team.kind == kind, Team.ended_on.is_(None))
    )
    if name in set(there):
        raise Conflict("“{team}”已经成立了。", team=name or declared.name)
    team_id = new_id()
    await ctx.session.execute(
        insert(Team).values(
            tenant_id=ctx.tenant.id,
            id=team_id,
            kind=kind,
            name=name,
            node_id=node.id,
            formed_on=on,
            synthetic=synthetic,
        )
    )
    record(ctx, "team.formed", "team", team_id, node=node.code, on=on)
    return team_id


async def end_team(ctx: Context, team_id: UUID, *, on: date) -> None:
    """``on`` is the first day without it. What it did stays; who was in it is forgotten then."""
    team = await team_seen(ctx, team_id, OrganisationRight.KEEP)
    if team.ended_on is not None:
        raise Conflict("这支队伍已经在 {day} 解散。", day=team.ended_on)
    if on < team.formed_on:
        raise Invalid(fields={"on": "不能早于成立的日子 {day}。"}, day=team.formed_on)
    await ctx.session.execute(update(Team).where(Team.id == team_id).values(ended_on=on))
    record(ctx, "team.ended", "team", team_id, on=on)
    await forget_members(ctx)


async def add_staff(ctx: Context, team_id: UUID, number: str, *, role: str) -> None:
    """Take in somebody of the staff by their number."""
    await _open_team(ctx, team_id)
    staff_id = await ctx.session.scalar(
        select(StaffMember.id).where(
            StaffMember.number == number.strip(), StaffMember.left_on.is_(None)
        )
    )
    if staff_id is None:
        raise Invalid(fields={"number": "没有这个工号，或者已经离职。"})
    there = await ctx.session.scalar(
        select(TeamMember.id).where(
            TeamMember.team_id == team_id,
            TeamMember.staff_id == staff_id,
            TeamMember.until.is_(None),
        )
    )
    if there is not None:
        raise Conflict("这个人已经在队里了。")
    await _add(ctx, team_id, role=role, staff_id=staff_id)


async def add_unnamed(ctx: Context, team_id: UUID, *, role: str, count: int) -> None:
    """So many people of a role: nobody need be named."""
    await _open_team(ctx, team_id)
    if not 1 <= count <= MOST:
        raise Invalid(fields={"count": "请填 1 到 {most} 之间的人数。"}, most=MOST)
    await _add(ctx, team_id, role=role, count=count)


async def add_resident(
    ctx: Context, team_id: UUID, *, role: str, name: str, phone: str, consent_on: date | None
) -> None:
    """A resident by name, who agreed to stand here; name and phone are sealed."""
    team = await _open_team(ctx, team_id)
    if _unnamed(ctx, team.kind):
        raise Invalid(fields={"how": "这支队伍里的居民只记人数，不登记姓名。"})
    if consent_on is None or consent_on > ctx.today:
        raise Invalid(
            fields={"consent_on": "本人哪天同意登记的？没有同意就不写姓名，只写角色和人数。"}
        )
    if not name.strip():
        raise Invalid(fields={"name": "请填写姓名；不写姓名就选“只写人数”。"})
    if phone.strip() and sum(sign.isdigit() for sign in phone) < _DIGITS:
        raise Invalid(fields={"phone": "请填写完整的电话号码。"})
    await _add(
        ctx,
        team_id,
        role=role,
        name=_checked("person", name, field="name"),
        phone=_checked("phone", phone),
        consent_on=consent_on,
    )


async def remove_member(ctx: Context, team_id: UUID, member_id: UUID) -> None:
    """They are no more in the team; a resident's name and phone are gone at once."""
    await team_seen(ctx, team_id, OrganisationRight.KEEP)
    gone = await ctx.session.scalar(
        update(TeamMember)
        .where(
            TeamMember.id == member_id, TeamMember.team_id == team_id, TeamMember.until.is_(None)
        )
        .values(until=ctx.today, name=None, phone=None)
        .returning(TeamMember.id)
        .execution_options(synchronize_session=False)
    )
    if gone is None:
        raise NotFound
    record(ctx, "team.left", "team", team_id, on=ctx.today)


async def reveal_member(
    ctx: Context, team_id: UUID, member_id: UUID, *, purpose: str
) -> tuple[str, str]:
    """A resident's name and phone for a reason, which is logged."""
    await team_seen(ctx, team_id, OrganisationRight.REVEAL)
    if not purpose.strip():
        raise Invalid(fields={"purpose": "请写明为什么要看。"})
    row = (
        await ctx.session.execute(
            select(TeamMember.name, TeamMember.phone).where(
                TeamMember.id == member_id,
                TeamMember.team_id == team_id,
                TeamMember.name.is_not(None),
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    record_reveal(ctx, "team_member", member_id, fields=["name", "phone"], purpose=purpose.strip())
    name, phone = (
        ctx.vault.open("team_members", member_id, field, sealed) if sealed else ""
        for field, sealed in (("name", row.name), ("phone", row.phone))
    )
    return name, phone


async def keep_activity(
    ctx: Context,
    node_id: UUID,
    *,
    on: date,
    what: str,
    took_part: int,
    place: str = "",
    team_id: UUID | None = None,
    meeting_id: UUID | None = None,
    photos: Sequence[UUID] = (),
) -> UUID:
    """Keep what was done at a unit, by a team of it or by its people together."""
    node = await _unit(ctx, node_id)
    if team_id is not None:
        team = await team_seen(ctx, team_id, OrganisationRight.KEEP)
        if team.node_id != node.id:
            raise Invalid(fields={"team": "这支队伍不在这个网格。"})
    if on > ctx.today:
        raise Invalid(fields={"on": "还没到这一天，办完再记。"})
    if not what.strip():
        raise Invalid(fields={"what": "请写做了什么。"})
    if not 0 <= took_part <= MOST:
        raise Invalid(fields={"took_part": "请填 0 到 {most} 之间的人数。"}, most=MOST)
    activity_id = new_id()
    await ctx.session.execute(
        insert(Activity).values(
            tenant_id=ctx.tenant.id,
            id=activity_id,
            node_id=node.id,
            team_id=team_id,
            meeting_id=meeting_id,
            on=on,
            place=_checked("place", place),
            what=_checked("what", what),
            took_part=took_part,
            made_by=ctx.actor.account_id,
        )
    )
    await attach(ctx, photos, ACTIVITY_OWNER, activity_id)
    record(ctx, "activity.kept", "activity", activity_id, node=node.code, on=on)
    return activity_id


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """Teams go with the code of their unit; what they did stays where it was."""
    if change.kind is ChangeKind.MOVE:
        return
    await ctx.session.execute(
        update(Team)
        .where(Team.node_id.in_([node.id for node in change.before]), Team.ended_on.is_(None))
        .values(node_id=change.after[0].id)
        .execution_options(synchronize_session=False)
    )


async def _unit(ctx: Context, node_id: UUID) -> NodeRow:
    node = await node_of(ctx, node_id)
    if node is None or not ctx.actor.may(OrganisationRight.KEEP, path=node.path):
        raise NotFound
    if node.valid_to is not None:
        raise Conflict("“{name}”已于 {day} 撤销。", name=node.name, day=node.valid_to)
    return node


def _unnamed(ctx: Context, kind: str) -> bool:
    return any(one.unnamed for one in ctx.policy.county.team_kinds if one.code == kind)


async def _open_team(ctx: Context, team_id: UUID) -> TeamRow:
    team = await team_seen(ctx, team_id, OrganisationRight.KEEP)
    if team.ended_on is not None and team.ended_on <= ctx.today:
        raise Conflict("这支队伍已经在 {day} 解散。", day=team.ended_on)
    return team


async def _add(
    ctx: Context,
    team_id: UUID,
    *,
    role: str,
    staff_id: UUID | None = None,
    count: int = 1,
    name: str = "",
    phone: str = "",
    consent_on: date | None = None,
) -> None:
    if not role.strip():
        raise Invalid(fields={"role": "请写在队里做什么，比如队长、队员。"})
    member_id = new_id()

    def sealed(field: str, words: str) -> bytes | None:
        return ctx.vault.seal("team_members", member_id, field, words) if words else None

    await ctx.session.execute(
        insert(TeamMember).values(
            tenant_id=ctx.tenant.id,
            id=member_id,
            team_id=team_id,
            staff_id=staff_id,
            role=_checked("role", role),
            count=count,
            name=sealed("name", name),
            phone=sealed("phone", phone),
            consent_on=consent_on,
            since=ctx.today,
        )
    )
    record(ctx, "team.joined", "team", team_id, on=ctx.today)


def _checked(limit: str, words: str, *, field: str = "") -> str:
    words = words.strip()
    if len(words) > _LIMITS[limit]:
        raise Invalid(fields={field or limit: "写得太长了，最多 {n} 个字。"}, n=_LIMITS[limit])
    return words
