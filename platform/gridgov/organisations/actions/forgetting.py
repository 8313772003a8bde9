"""What tells of people goes: names with their team, what was said after its time."""

from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.organisations.models import Meeting, MeetingItem, Team, TeamMember

_WORDS: Final = ("minutes", "conclusion", "next_step")


async def forget_meetings(ctx: Context) -> int:
    """Empty the words of meetings longer ago than the setting says. How many."""
    days = int(ctx.setting("record_days"))
    over = Meeting.at < ctx.now - timedelta(days=days)
    gone = await ctx.session.scalars(
        update(Meeting)
        .where(
            over,
            or_(*(getattr(Meeting, name) != "" for name in _WORDS), Meeting.earlier != []),
        )
        .values(earlier=[], **dict.fromkeys(_WORDS, ""))
        .returning(Meeting.id)
        .execution_options(synchronize_session=False)
    )
    await ctx.session.execute(
        update(MeetingItem)
        .where(
            MeetingItem.meeting_id.in_(select(Meeting.id).where(over)),
            or_(MeetingItem.title != "", MeetingItem.resolution != ""),
        )
        .values(title="", resolution="")
        .execution_options(synchronize_session=False)
    )
    count = len(gone.all())
    if count:
        record(ctx, "meeting.forgotten", "meeting", None, count=count, days=days)
    return count


async def forget_members(ctx: Context) -> int:
    """Empty names and phones in teams that are no more, or whose kind names nobody (any more)."""
    unnamed = [kind.code for kind in ctx.policy.county.team_kinds if kind.unnamed]
    over = select(Team.id).where(or_(Team.ended_on <= ctx.today, Team.kind.in_(unnamed)))
    gone = await ctx.session.scalars(
        update(TeamMember)
        .where(
            TeamMember.team_id.in_(over),
            or_(TeamMember.name.is_not(None), TeamMember.phone.is_not(None)),
        )
        .values(name=None, phone=None)
        .returning(TeamMember.id)
        .execution_options(synchronize_session=False)
    )
    count = len(gone.all())
    if count:
        record(ctx, "team.members_forgotten", "team", None, count=count)
    return count
