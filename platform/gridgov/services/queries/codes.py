"""Which codes hang where, and who is behind one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, func, or_, select

from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.grid.models import GridNode
from gridgov.kernel.db import within
from gridgov.kernel.paging import after, decode, encode
from gridgov.kernel.ready import Ready, one_of
from gridgov.services.models import PlaceCode
from gridgov.services.types import ServiceRight
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import held_on
from gridgov.staffing.models import KitPiece
from gridgov.staffing.types import KitState

MOST: Final = 240
_NODE: Final = and_(GridNode.tenant_id == PlaceCode.tenant_id, GridNode.id == PlaceCode.node_id)


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code that hangs somewhere, or hung there."""

    id: UUID
    token: str
    kind: str
    place: str
    node_id: UUID
    node: str
    issued_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Behind:
    """The grid that a code leads to."""

    node_id: UUID
    path: str
    code: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Who serves there, as everybody may know them: family name and post, and the duty phone."""

    name: str
    post: str
    phone: str


def codes_seen_by(actor: Actor) -> ColumnElement[bool]:
    """Where the actor hangs codes: the one door from an actor to SQL."""
    scopes = [within(PlaceCode.node_path, s.path) for s in actor.scopes(ServiceRight.CODES)]
    return or_(*scopes) if scopes else false()


async def codes_under(
    ctx: Context,
    path: str = "",
    cursor: str = "",
    *,
    revoked: bool = False,
    alone: UUID | None = None,
    limit: int = MOST,
) -> tuple[list[CodeRow], str]:
    """What hangs below a unit as far as the actor sees, or what was revoked; ``alone``: one."""
    found = (
        select(
            PlaceCode.id,
            PlaceCode.token,
            PlaceCode.kind,
            PlaceCode.place,
            PlaceCode.node_id,
            GridNode.name,
            PlaceCode.issued_at,
            PlaceCode.revoked_at,
            PlaceCode.node_path,
        )
        .join(GridNode, _NODE)
        .where(_seen(ctx, path, revoked=revoked))
    )
    if alone is not None:
        found = found.where(PlaceCode.id == alone)
    start = decode(cursor, "su") if cursor else None
    page = after(found, (PlaceCode.node_path, PlaceCode.id), start, descending=False)
    rows: Any = await Ready(page.limit(limit + 1)).rows(ctx.session)
    last = rows[limit - 1] if len(rows) > limit else None
    following = encode((last.node_path, last.id)) if last else ""
    return [CodeRow(*row[:-1]) for row in rows[:limit]], following


async def codes_hanging(ctx: Context, path: str = "") -> int:
    """How many hang there."""
    found = select(func.count(PlaceCode.id)).where(_seen(ctx, path, revoked=False))
    return await Ready(found).scalar(ctx.session) or 0


def _seen(ctx: Context, path: str, *, revoked: bool) -> ColumnElement[bool]:
    return and_(
        codes_seen_by(ctx.actor),
        within(PlaceCode.node_path, path),
        PlaceCode.revoked_at.is_not(None) if revoked else PlaceCode.revoked_at.is_(None),
    )


_BEHIND: Final = Ready(
    select(GridNode.id, GridNode.path, GridNode.code, GridNode.name, PlaceCode.place)
    .join(GridNode, _NODE)
    .where(PlaceCode.token == bindparam("token"), PlaceCode.revoked_at.is_(None))
)


async def behind(ctx: Context, token: str) -> Behind | None:
    """Where a code hangs; nothing for one that was revoked or never was."""
    row: Any = await _BEHIND.row(ctx.session, token=token) if token.isprintable() else None
    return None if row is None else Behind(*row)


async def on_duty(ctx: Context, path: str, *, scanned: bool) -> list[Duty]:
    """Who does things for residents there: the posts that go with a role that may.

    A number is told only to who stands before a code (``scanned``), and only that of somebody
    who was handed a work phone and has it: any other number in the staff list is their own.
    """
    posts = {
        role.post: ctx.policy.posts[role.post].name
        for role in ctx.policy.county.roles
        if role.post in ctx.policy.posts and ServiceRight.ASSIST in role.rights
    }
    found = (
        select(
            StaffMember.id,
            StaffMember.name,
            PostHolding.post,
            (_has_work_phone(ctx) if scanned else false()).label("reachable"),
            StaffMember.phone,
        )
        .join(
            PostHolding,
            and_(
                PostHolding.tenant_id == StaffMember.tenant_id,
                PostHolding.staff_id == StaffMember.id,
            ),
        )
        .join(
            GridNode,
            and_(GridNode.tenant_id == PostHolding.tenant_id, GridNode.id == PostHolding.node_id),
        )
        .where(
            GridNode.path == path,
            GridNode.valid_to.is_(None),
            one_of(PostHolding.post, sorted(posts)),
            held_on(ctx.today),
        )
        .order_by(PostHolding.acting, PostHolding.valid_from)
    )
    order = list(posts)
    rows = sorted(await Ready(found).rows(ctx.session), key=lambda row: order.index(row.post))
    return [
        Duty(
            row.name[:1],
            posts[row.post],
            ctx.vault.open("staff", row.id, "phone", row.phone)
            if row.reachable and row.phone
            else "",
        )
        for row in rows
    ]


def _has_work_phone(ctx: Context) -> ColumnElement[bool]:
    phones = [item.code for item in ctx.policy.county.kit if item.phone]
    return exists().where(
        KitPiece.tenant_id == StaffMember.tenant_id,
        KitPiece.staff_id == StaffMember.id,
        KitPiece.state == KitState.OUT,
        one_of(KitPiece.item, phones),
    )
