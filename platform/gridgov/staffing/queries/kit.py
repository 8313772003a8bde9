"""Who has which piece of kit."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.grid.models import GridNode
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, after
from gridgov.kernel.ready import Ready, one_of
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import held_on
from gridgov.staffing.models import KitPiece
from gridgov.staffing.rules import whole_set
from gridgov.staffing.types import KitState, Piece, StaffingRight

PAGE: Final = 50
MOST_EXPORTED: Final = 5000

Rows = Select[*tuple[Any, ...]]

_PIECE: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    KitPiece.id,
    KitPiece.item,
    KitPiece.node_id,
    GridNode.name,
    GridNode.path,
    KitPiece.staff_id,
    StaffMember.name,
    KitPiece.state,
    KitPiece.mark,
    KitPiece.issued_on,
    KitPiece.ended_on,
    KitPiece.note,
    KitPiece.struck_off_for,
)


class Show(StrEnum):
    """What the list of kit is narrowed to."""

    ALL = "all"
    LACKING = "lacking"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A unit with somebody who is handed kit there, or nobody."""

    node_id: UUID
    path: str
    code: str
    node_name: str
    area: str
    staff_id: UUID | None
    person: str | None


def pieces_seen_by(actor: Actor, right: StaffingRight = StaffingRight.READ) -> Rows:
    """The pieces on units where the actor holds the right, and what they were handed themselves.

    Rows are :class:`Piece`.
    """
    ways = [within(GridNode.path, scope.path) for scope in actor.scopes(right)]
    if actor.staff_id is not None and right is StaffingRight.READ:
        ways.append(KitPiece.staff_id == actor.staff_id)
    return (
        select(*_PIECE)
        .join(GridNode, tied(GridNode.id, KitPiece.node_id))
        .outerjoin(StaffMember, tied(StaffMember.id, KitPiece.staff_id))
        .where(or_(*ways) if ways else false())
    )


async def pieces(ctx: Context, statement: Rows) -> list[Piece]:
    """Run a narrowed :func:`pieces_seen_by`."""
    return [Piece(*row) for row in await Ready(statement).rows(ctx.session)]


async def piece_seen(
    ctx: Context, piece_id: UUID, right: StaffingRight = StaffingRight.READ
) -> Piece:
    """The piece, if the actor may see it."""
    found = await pieces(ctx, pieces_seen_by(ctx.actor, right).where(KitPiece.id == piece_id))
    if not found:
        raise NotFound
    return found[0]


async def pieces_of(ctx: Context, staff_id: UUID) -> list[Piece]:
    """All that a person was ever handed, the newest first."""
    mine = pieces_seen_by(ctx.actor).where(KitPiece.staff_id == staff_id)
    return await pieces(ctx, mine.order_by(KitPiece.issued_on.desc(), KitPiece.id.desc()))


async def still_held(ctx: Context, staff_id: UUID) -> list[Piece]:
    """What a person has not given back, whoever asks: for a hand-over."""
    statement = (
        select(*_PIECE)
        .join(GridNode, tied(GridNode.id, KitPiece.node_id))
        .join(StaffMember, tied(StaffMember.id, KitPiece.staff_id))
        .where(KitPiece.staff_id == staff_id, KitPiece.state == KitState.OUT)
        .order_by(KitPiece.item, KitPiece.id)
    )
    return await pieces(ctx, statement)


async def pieces_at(ctx: Context, node_id: UUID) -> list[Piece]:
    """What a unit itself was ever handed, the newest first."""
    there = pieces_seen_by(ctx.actor).where(
        KitPiece.node_id == node_id, KitPiece.staff_id.is_(None)
    )
    return await pieces(ctx, there.order_by(KitPiece.issued_on.desc(), KitPiece.id.desc()))


async def bearers(
    ctx: Context,
    path: str = "",
    show: Show = Show.ALL,
    words: str = "",
    *,
    cursor: Cursor | None = None,
    limit: int = PAGE,
) -> list[Bearer]:
    """One page of units with those who are handed kit there; one row more if there is a next.

    ``words`` is part of a name: of the unit or the person.
    """
    kit = whole_set(ctx.policy.county.kit)
    posts = sorted({post for item in kit for post in item.posts})
    items = sorted(item.code for item in kit if item.posts)
    levels = sorted({level for post in posts for level in ctx.policy.posts[post].levels})
    scopes = [within(GridNode.path, scope.path) for scope in ctx.actor.scopes(StaffingRight.READ)]
    serving = (
        select(PostHolding.tenant_id, PostHolding.node_id, StaffMember.id, StaffMember.name)
        .join(StaffMember, tied(StaffMember.id, PostHolding.staff_id))
        .where(one_of(PostHolding.post, posts), held_on(ctx.today))
        .distinct()
        .subquery()
    )
    person = func.coalesce(serving.c.id, GridNode.id)
    found = (
        select(
            GridNode.id,
            GridNode.path,
            GridNode.code,
            GridNode.name,
            GridNode.area_type,
            serving.c.id,
            serving.c.name,
        )
        .outerjoin(
            serving,
            and_(serving.c.tenant_id == GridNode.tenant_id, serving.c.node_id == GridNode.id),
        )
        .where(
            GridNode.valid_to.is_(None),
            one_of(GridNode.level, levels),
            within(GridNode.path, path),
            or_(*scopes) if scopes else false(),
        )
    )
    if words:
        named = [func.strpos(name, words) > 0 for name in (GridNode.name, serving.c.name)]
        found = found.where(or_(*named))
    if show is Show.LACKING:
        found = found.where(_lacks(serving.c.id, items))
    elif show is Show.MISSING:
        found = found.where(_lost(serving.c.id))
    page = after(found, (GridNode.path, person), cursor, descending=False).limit(limit + 1)
    return [Bearer(*row) for row in await ctx.session.execute(page)]


def _lacks(staff_id: ColumnElement[UUID], items: Sequence[str]) -> ColumnElement[bool]:
    has = (
        select(func.count(KitPiece.item.distinct()))
        .where(
            KitPiece.tenant_id == GridNode.tenant_id,
            KitPiece.staff_id == staff_id,
            KitPiece.state == KitState.OUT,
            one_of(KitPiece.item, items),
        )
        .scalar_subquery()
    )
    return and_(staff_id.is_not(None), has < len(items))


def _lost(staff_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    return exists().where(
        KitPiece.tenant_id == GridNode.tenant_id,
        KitPiece.state == KitState.MISSING,
        or_(
            KitPiece.staff_id == staff_id,
            and_(KitPiece.staff_id.is_(None), KitPiece.node_id == GridNode.id),
        ),
    )


async def pieces_among(ctx: Context, shown: Sequence[Bearer]) -> list[Piece]:
    """What is out or missing with these people and on these units."""
    if not shown:
        return []
    people = [one.staff_id for one in shown if one.staff_id is not None]
    units = [one.node_id for one in shown]
    mine = pieces_seen_by(ctx.actor).where(
        one_of(KitPiece.state, [KitState.OUT, KitState.MISSING]),
        or_(
            one_of(KitPiece.staff_id, people),
            and_(KitPiece.staff_id.is_(None), one_of(KitPiece.node_id, units)),
        ),
    )
    return await pieces(ctx, mine.order_by(KitPiece.issued_on))


async def held_by_leavers(
    ctx: Context, path: str = "", cursor: Cursor | None = None
) -> list[Piece]:
    """What is still out with people who hold no post any more, the longest first.

    One page, and one row more if there is a next.
    """
    serves = exists().where(
        tied(PostHolding.staff_id, StaffMember.id),
        held_on(ctx.today),
    )
    left = pieces_seen_by(ctx.actor).where(
        KitPiece.state == KitState.OUT,
        KitPiece.staff_id.is_not(None),
        ~serves,
        within(GridNode.path, path),
    )
    order = (KitPiece.issued_on, KitPiece.id)
    return await pieces(ctx, after(left, order, cursor, descending=False).limit(PAGE + 1))
