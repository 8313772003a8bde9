"""Where somebody is lacking, and who is there."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Text, and_, cast, column, false, func, or_, select, values
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.grid.types import NodeRow
from gridgov.kernel.db import within
from gridgov.kernel.joins import tied
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import held_on, holders_at
from gridgov.staff.types import Holder
from gridgov.staffing.rules import needs_on
from gridgov.staffing.types import Filled, Gap, Need, StaffingRight

_PLACE: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    GridNode.id,
    GridNode.path,
    GridNode.code,
    GridNode.name,
)


def needs(ctx: Context) -> tuple[Need, ...]:
    """What is asked for in this county today."""
    return needs_on(ctx.policy.county.quotas, ctx.setting, ctx.today)


async def gaps(ctx: Context, path: str = "", post: str = "") -> list[Gap]:
    """Every gap that the actor may see below a place, by place and then as the county orders posts.

    One statement: a county of a thousand units asks for some ten thousand holders.
    """
    asked = [need for need in needs(ctx) if post in {"", need.post}]
    if not asked:
        return []
    wanted = values(
        column("post", Text),
        column("level", Text),
        column("area", Text),
        column("employment", Text),
        column("count", BigInteger),
        column("place", BigInteger),
        name="wanted",
    ).data(
        [
            (need.post, need.level, need.area, need.employment, need.count, place)
            for place, need in enumerate(asked)
        ]
    )
    there = (
        select(
            PostHolding.tenant_id,
            PostHolding.node_id,
            PostHolding.post,
            StaffMember.employment,
            func.count().label("count"),
        )
        .join(StaffMember, tied(StaffMember.id, PostHolding.staff_id))
        .where(held_on(ctx.today))
        .group_by(
            PostHolding.tenant_id, PostHolding.node_id, PostHolding.post, StaffMember.employment
        )
        .subquery()
    )
    held = cast(func.coalesce(func.sum(there.c.count), 0), BigInteger)
    scopes = [within(GridNode.path, scope.path) for scope in ctx.actor.scopes(StaffingRight.READ)]
    found: Sequence[Any] = (
        await ctx.session.execute(
            select(*_PLACE, wanted.c.post, wanted.c.employment, wanted.c.count, held)
            .join(
                wanted,
                and_(
                    GridNode.level == wanted.c.level,
                    or_(wanted.c.area == "", wanted.c.area == GridNode.area_type),
                ),
            )
            .outerjoin(
                there,
                and_(
                    there.c.tenant_id == GridNode.tenant_id,
                    there.c.node_id == GridNode.id,
                    there.c.post == wanted.c.post,
                    or_(wanted.c.employment == "", there.c.employment == wanted.c.employment),
                ),
            )
            .where(
                GridNode.valid_to.is_(None),
                within(GridNode.path, path),
                or_(*scopes) if scopes else false(),
            )
            .group_by(*_PLACE, wanted.c.post, wanted.c.employment, wanted.c.count, wanted.c.place)
            .having(held < wanted.c.count)
            .order_by(GridNode.path, wanted.c.place)
        )
    ).all()
    return [Gap(*row) for row in found]


async def filled_at(ctx: Context, node: NodeRow) -> tuple[list[Filled], list[Holder]]:
    """The needs of one unit with who is there for each, and everybody who holds a post on it."""
    there = await holders_at(ctx, node.path)
    return [
        Filled(need, _names(need, there))
        for need in needs(ctx)
        if need.on(node.level, node.area_type)
    ], there


def _names(need: Need, there: Sequence[Holder]) -> tuple[str, ...]:
    return tuple(
        one.name
        for one in there
        if one.post == need.post and need.employment in {"", one.employment}
    )
