"""Who holds which post where, and which people there are."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.accounts.models import Account, Membership
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.contract.declarations import Post
from gridgov.grid.models import GridNode
from gridgov.grid.rules.codes import prefixes
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, after
from gridgov.kernel.ready import Ready, one_of
from gridgov.staff.models import Department, PostHolding, StaffMember
from gridgov.staff.types import Holder, PersonRow, StaffRight

PAGE: Final = 50

Rows = Select[*tuple[Any, ...]]

_HOLDER: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    PostHolding.id,
    PostHolding.staff_id,
    Membership.account_id,
    StaffMember.name,
    StaffMember.employment,
    PostHolding.post,
    PostHolding.node_id,
    GridNode.name,
    GridNode.level,
    GridNode.path,
    PostHolding.acting,
    PostHolding.valid_from,
    PostHolding.valid_to,
)
_PERSON: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    StaffMember.id,
    StaffMember.number,
    StaffMember.name,
    StaffMember.title,
    StaffMember.employment,
    Department.name,
    StaffMember.phone,
    StaffMember.synthetic,
    StaffMember.left_on,
    Account.login,
)


_HOLDINGS: Final[Rows] = (
    select(*_HOLDER)
    .join(StaffMember, tied(StaffMember.id, PostHolding.staff_id))
    .join(GridNode, tied(GridNode.id, PostHolding.node_id))
    .outerjoin(
        Membership,
        and_(
            tied(Membership.staff_id, PostHolding.staff_id),
            Membership.ended_at.is_(None),
        ),
    )
)


def holdings() -> Rows:
    """Every holding with its person and place, to be narrowed; rows are :class:`Holder`."""
    return _HOLDINGS


def held_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Held on that day by somebody who has not left."""
    return and_(
        PostHolding.valid_from <= day,
        or_(PostHolding.valid_to.is_(None), PostHolding.valid_to > day),
        or_(StaffMember.left_on.is_(None), StaffMember.left_on > day),
    )


async def holders(ctx: Context, statement: Rows) -> list[Holder]:
    """Run a narrowed :func:`holdings`."""
    return [Holder(*row) for row in await Ready(statement).rows(ctx.session)]


_AT: Final = Ready(
    _HOLDINGS.where(
        GridNode.path == bindparam("path"),
        GridNode.valid_to.is_(None),
        held_on(bindparam("day", type_=Date)),
    ).order_by(PostHolding.acting, PostHolding.valid_from)
)


async def holders_at(ctx: Context, path: str, post: str | None = None) -> list[Holder]:
    """Who holds posts (or one post) on the node that stands there today; who acts comes last."""
    order = [declared.code for declared in ctx.policy.county.posts]
    found = [Holder(*row) for row in await _AT.rows(ctx.session, path=path, day=ctx.today)]
    rows = [row for row in found if post in (None, row.post)]
    return sorted(rows, key=lambda row: order.index(row.post) if row.post in order else len(order))


async def posts_at(ctx: Context, path: str, level: str) -> list[tuple[Post, list[Holder]]]:
    """Every post that the county has on this level, with its holders; empty means vacant."""
    filled = await holders_at(ctx, path)
    return [
        (post, [holder for holder in filled if holder.post == post.code])
        for post in ctx.policy.county.posts
        if level in post.levels
    ]


async def answering_at(ctx: Context, paths: Iterable[str]) -> dict[str, list[Holder]]:
    """Who answers for each of these nodes, there and above, one for a node, the nearest first.

    A vacancy climbs, up to the root. Who holds the post comes before who acts. One statement for
    all.
    """
    wanted = list(paths)
    answering = [post.code for post in ctx.policy.county.posts if post.answers]
    found = await holders(
        ctx,
        holdings().where(
            one_of(GridNode.path, sorted({above for path in wanted for above in prefixes(path)})),
            GridNode.valid_to.is_(None),
            one_of(PostHolding.post, answering),
            held_on(ctx.today),
        ),
    )
    first: dict[str, Holder] = {}
    for one in sorted(found, key=lambda one: (one.acting, one.valid_from, one.id)):
        first.setdefault(one.path, one)
    return {
        path: [
            first[above]
            for above in sorted(prefixes(path), key=len, reverse=True)
            if above in first
        ]
        for path in wanted
    }


def people_seen_by(actor: Actor, right: StaffRight, day: date) -> Rows:
    """The people whom the actor may look up; rows are :class:`PersonRow`.

    A right on the whole county shows everybody; one on a subtree those who hold a post in it.
    """
    return (
        select(*_PERSON)
        .outerjoin(Department, tied(Department.id, StaffMember.department_id))
        .outerjoin(
            Membership,
            and_(
                tied(Membership.staff_id, StaffMember.id),
                Membership.ended_at.is_(None),
            ),
        )
        .outerjoin(Account, Account.id == Membership.account_id)
        .where(_seen(actor, right, day))
    )


def _seen(actor: Actor, right: StaffRight, day: date) -> ColumnElement[bool]:
    paths = [scope.path for scope in actor.scopes(right)]
    if any(path.count(".") <= 1 for path in paths):
        return StaffMember.id.is_not(None)
    return serving_in(paths, day) if paths else false()


def serving_in(paths: Sequence[str], day: date) -> ColumnElement[bool]:
    """Holds a post somewhere in these subtrees on that day."""
    return exists().where(
        tied(PostHolding.staff_id, StaffMember.id),
        tied(GridNode.id, PostHolding.node_id),
        held_on(day),
        or_(*(within(GridNode.path, path) for path in paths)),
    )


def found_by(words: str) -> ColumnElement[bool]:
    """Name, number, title or pinyin initials; a county's staff is looked through, not indexed."""
    q = words.strip()
    return or_(
        func.strpos(StaffMember.name, q) > 0,
        func.strpos(func.lower(StaffMember.number), q.lower()) == 1,
        func.strpos(StaffMember.title, q) > 0,
        func.strpos(StaffMember.initials, q.lower()) > 0,
    )


async def people(
    ctx: Context, *, words: str = "", path: str = "", cursor: Cursor | None = None
) -> list[PersonRow]:
    """One page, and one row more if there is a next page. People who left are found by name."""
    day = ctx.today
    found = people_seen_by(ctx.actor, StaffRight.READ, day)
    if path:
        found = found.where(serving_in([path], day))
    found = found.where(found_by(words)) if words.strip() else found.where(_present(day))
    order: tuple[Any, ...] = (StaffMember.number, StaffMember.id)
    page = after(found, order, cursor, descending=False).limit(PAGE + 1)
    return [PersonRow(*row) for row in await ctx.session.execute(page)]


def _present(day: date) -> ColumnElement[bool]:
    return or_(StaffMember.left_on.is_(None), StaffMember.left_on > day)


async def person_seen(ctx: Context, staff_id: UUID) -> PersonRow:
    """The person, if the actor may see them."""
    found = people_seen_by(ctx.actor, StaffRight.READ, ctx.today)
    found = found.where(StaffMember.id == staff_id)
    row = (await ctx.session.execute(found)).first()
    if row is None:
        raise NotFound
    return PersonRow(*row)


async def duties_of(ctx: Context, staff_ids: Sequence[UUID]) -> dict[UUID, list[Holder]]:
    """The posts that these people hold today, highest place first."""
    found = await holders(
        ctx,
        holdings()
        .where(one_of(PostHolding.staff_id, staff_ids), held_on(ctx.today))
        .order_by(GridNode.path),
    )
    duties: dict[UUID, list[Holder]] = {staff_id: [] for staff_id in staff_ids}
    for holder in found:
        duties[holder.staff_id].append(holder)
    return duties


async def career_of(ctx: Context, staff_id: UUID) -> list[Holder]:
    """Every post that the person has held or will hold, the latest first."""
    found = holdings().where(PostHolding.staff_id == staff_id)
    return await holders(ctx, found.order_by(PostHolding.valid_from.desc(), GridNode.path))
