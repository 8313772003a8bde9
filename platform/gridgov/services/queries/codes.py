"""Which codes hang where, and who is behind one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Text,
    and_,
    any_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)

from gridgov.accounts.models import Membership
from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.grid.models import GridNode
from gridgov.kernel.db import within
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Rows, after, cut, decode
from gridgov.kernel.ready import Ready
from gridgov.services.models import PlaceCode
from gridgov.services.types import CodeKind, ServiceRight
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import held_on
from gridgov.staffing.models import KitPiece
from gridgov.staffing.types import KitState

MOST: Final = 240
_NODE: Final = tied(GridNode.id, PlaceCode.node_id)


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
    revoked_why: str | None
    revoked_by: str | None


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
    found = _codes(ctx, path, revoked=revoked)
    if alone is not None:
        found = found.where(PlaceCode.id == alone)
    start = decode(cursor, "su")
    page = after(found, (PlaceCode.node_path, PlaceCode.id), start, descending=False)
    rows = await Ready(page.limit(limit + 1)).rows(ctx.session)
    shown, following = cut(rows, limit, lambda last: (last.node_path, last.id))
    return [CodeRow(*row[:-1]) for row in shown], following


async def code_of_grid(ctx: Context, path: str) -> CodeRow | None:
    """The code that stands for a whole grid and hangs there, as far as the actor sees."""
    found = _codes(ctx, path, revoked=False).where(
        PlaceCode.node_path == path, PlaceCode.kind == CodeKind.GRID
    )
    row: Any = await Ready(found.order_by(PlaceCode.id.desc()).limit(1)).row(ctx.session)
    return None if row is None else CodeRow(*row[:-1])


async def codes_hanging(ctx: Context, path: str = "") -> int:
    """How many hang there."""
    found = select(func.count(PlaceCode.id)).where(_seen(ctx, path, revoked=False))
    return await Ready(found).scalar(ctx.session) or 0


def _codes(ctx: Context, path: str, *, revoked: bool) -> Rows:
    return (
        select(
            PlaceCode.id,
            PlaceCode.token,
            PlaceCode.kind,
            PlaceCode.place,
            PlaceCode.node_id,
            GridNode.name,
            PlaceCode.issued_at,
            PlaceCode.revoked_at,
            PlaceCode.revoked_why,
            StaffMember.name,
            PlaceCode.node_path,
        )
        .join(GridNode, _NODE)
        .outerjoin(Membership, tied(Membership.account_id, PlaceCode.revoked_by))
        .outerjoin(StaffMember, tied(StaffMember.id, Membership.staff_id))
        .where(_seen(ctx, path, revoked=revoked))
    )


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


_HAS_WORK_PHONE: Final = exists().where(
    tied(KitPiece.staff_id, StaffMember.id),
    KitPiece.state == KitState.OUT,
    KitPiece.item == any_(bindparam("phones", type_=ARRAY(Text))),
)
_ON_DUTY: Final = Ready(
    select(
        StaffMember.id,
        StaffMember.name,
        StaffMember.phone,
        PostHolding.post,
        _HAS_WORK_PHONE.label("reachable"),
    )
    .join(PostHolding, tied(PostHolding.staff_id, StaffMember.id))
    .join(GridNode, tied(GridNode.id, PostHolding.node_id))
    .where(
        GridNode.path == bindparam("path"),
        GridNode.valid_to.is_(None),
        PostHolding.post == any_(bindparam("posts", type_=ARRAY(Text))),
        held_on(bindparam("day", type_=Date)),
    )
    .order_by(PostHolding.acting, PostHolding.valid_from)
)


async def on_duty(ctx: Context, path: str, *, scanned: bool) -> list[Duty]:
    """Who serves there: the posts that go with a role that settles matters on the spot.

    A number is told only to who stands before a code (``scanned``), and only that of somebody
    who was handed a work phone and has it: any other number in the staff list is their own.
    """
    posts = ctx.policy.posts_by_right.get(CaseRight.SPOT, {})
    phones = [item.code for item in ctx.policy.county.kit if item.phone and scanned]
    found = await _ON_DUTY.rows(
        ctx.session, path=path, posts=list(posts), phones=phones, day=ctx.today
    )
    order = list(posts)
    rows = sorted(found, key=lambda row: order.index(row.post))
    return [
        Duty(
            row.name[:1],
            posts[row.post].name,
            ctx.vault.open("staff", row.id, "phone", row.phone)
            if row.reachable and row.phone
            else "",
        )
        for row in rows
    ]
