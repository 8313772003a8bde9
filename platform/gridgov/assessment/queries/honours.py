"""Who was nominated for what, as far as the actor may know."""

from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from gridgov.assessment.models import Nomination
from gridgov.assessment.types import NominationRow, NominationState
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.joins import tied
from gridgov.kernel.masks import mask_name
from gridgov.staff.models import StaffMember

MOST_SHOWN: Final = 100


async def nominations(ctx: Context, *, leading: bool) -> list[NominationRow]:
    """What is published; before that only who nominated, who is nominated and who decides see it.

    Until it is published a name is masked.
    """
    conditions = [
        Nomination.state == NominationState.PUBLISHED,
        Nomination.nominated_by == ctx.actor.account_id,
    ]
    if ctx.actor.staff_id is not None:
        conditions.append(Nomination.staff_id == ctx.actor.staff_id)
    if leading:
        conditions.append(Nomination.state.in_([NominationState.AGREED, NominationState.DECLINED]))
    found = await ctx.session.execute(
        select(
            Nomination.id,
            Nomination.honour,
            StaffMember.name,
            Nomination.post,
            GridNode.name.label("place"),
            Nomination.story,
            Nomination.nominated_at,
            Nomination.nominator,
            Nomination.state,
            Nomination.staff_id,
            Nomination.published_at,
        )
        .join(StaffMember, tied(StaffMember.id, Nomination.staff_id))
        .join(GridNode, tied(GridNode.id, Nomination.node_id))
        .where(or_(*conditions))
        .order_by(Nomination.nominated_at.desc(), Nomination.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        NominationRow(
            id=row.id,
            honour=row.honour,
            name=row.name if row.state == NominationState.PUBLISHED else mask_name(row.name),
            post=row.post,
            place=row.place,
            story=story_of(ctx, row.id, row.story),
            nominated_at=row.nominated_at,
            nominator=row.nominator,
            state=row.state,
            mine=row.staff_id == ctx.actor.staff_id,
            published_at=row.published_at,
        )
        for row in found
    ]


def story_of(ctx: Context, nomination_id: UUID, sealed: bytes) -> str:
    """The story, opened."""
    return ctx.vault.open("nominations", nomination_id, "story", sealed)
