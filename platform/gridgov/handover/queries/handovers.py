"""Hand-overs that somebody takes part in or answers for, and what passes on with each."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from gridgov.access.queries.passing import roles_passing
from gridgov.access.types import Passed, Passing
from gridgov.accounts.models import Membership
from gridgov.cases.models import Case
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.fieldwork.queries.lines import days_ahead
from gridgov.grid.models import GridNode
from gridgov.handover.models import Handover
from gridgov.handover.types import HandoverRight, HandoverRow, Show, Thing
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, after
from gridgov.kernel.ready import Ready, one_of
from gridgov.kernel.sentences import Sentence
from gridgov.services.queries.handing_on import assists_under, documents_under, visits_under
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import career_of, holders, holdings
from gridgov.staff.types import Holder, Term
from gridgov.staffing.queries.kit import still_held

PAGE: Final = 30
MOST_THINGS: Final = 200

Rows = Select[*tuple[Any, ...]]
_LEAVER = aliased(StaffMember)
_SUCCESSOR = aliased(StaffMember)
_SIGNER = aliased(StaffMember)


def _columns() -> list[Any]:
    named: dict[str, Any] = {
        "node_name": GridNode.name,
        "path": GridNode.path,
        "leaver": _LEAVER.name,
        "successor": _SUCCESSOR.name,
        "signer": _SIGNER.name,
    }
    return [named.get(each.name) or getattr(Handover, each.name) for each in fields(HandoverRow)]


def _handovers() -> Rows:
    return (
        select(*_columns())
        .join(GridNode, tied(GridNode.id, Handover.node_id))
        .join(_LEAVER, tied(_LEAVER.id, Handover.leaver_id))
        .join(_SUCCESSOR, tied(_SUCCESSOR.id, Handover.successor_id))
        .outerjoin(Membership, tied(Membership.account_id, Handover.given_by))
        .outerjoin(_SIGNER, tied(_SIGNER.id, Membership.staff_id))
    )


def handovers_seen_by(actor: Actor) -> Rows:
    """Those of one's own posts, those that one takes over, and those where one may open some."""
    ways = [
        Handover.leaver_id == actor.staff_id,
        Handover.successor_id == actor.staff_id,
        *(within(GridNode.path, scope.path) for scope in actor.scopes(HandoverRight.OPEN)),
    ]
    return _handovers().where(or_(*ways))


async def handovers(
    ctx: Context, cursor: Cursor | None = None, *, show: Show = Show.ALL, words: str = ""
) -> list[HandoverRow]:
    """The newest first, and one row more if there is a next page.

    ``words`` is part of a name: of one of the two, or of the unit.
    """
    found = handovers_seen_by(ctx.actor).where(*_shown(ctx, show))
    if words:
        names = (GridNode.name, _LEAVER.name, _SUCCESSOR.name)
        found = found.where(or_(*(func.strpos(name, words) > 0 for name in names)))
    columns = (Handover.opened_at, Handover.id)
    page = after(found, columns, cursor, descending=True).limit(PAGE + 1)
    return [HandoverRow(*row) for row in await Ready(page).rows(ctx.session)]


def _shown(ctx: Context, show: Show) -> Sequence[ColumnElement[bool]]:
    me = ctx.actor.staff_id
    waiting = [Handover.done_at.is_(None), Handover.cancelled_at.is_(None)]
    ways: dict[Show, Sequence[ColumnElement[bool]]] = {
        Show.ALL: [],
        Show.MINE: [
            *waiting,
            or_(
                and_(Handover.leaver_id == me, Handover.given_at.is_(None)),
                and_(Handover.successor_id == me, Handover.taken_at.is_(None)),
            ),
        ],
        Show.WAITING: waiting,
        Show.DONE: [Handover.done_at.is_not(None)],
        Show.CANCELLED: [Handover.cancelled_at.is_not(None)],
    }
    return ways[show]


async def handover_seen(ctx: Context, handover_id: UUID) -> HandoverRow:
    """The hand-over, if it is somebody's business."""
    mine = handovers_seen_by(ctx.actor).where(Handover.id == handover_id)
    row = await Ready(mine).row(ctx.session)
    if row is None:
        raise NotFound
    return HandoverRow(*row)


async def handovers_due(ctx: Context, day: date) -> list[HandoverRow]:
    """Those that both signed and whose day has come, whoever asks."""
    due = _handovers().where(
        Handover.done_at.is_(None),
        Handover.cancelled_at.is_(None),
        Handover.given_at.is_not(None),
        Handover.taken_at.is_not(None),
        Handover.on <= day,
    )
    return [HandoverRow(*row) for row in await Ready(due).rows(ctx.session)]


async def holding_of(ctx: Context, holding_id: UUID) -> Holder:
    """Who holds the post, if the actor may hand it over."""
    found = await holders(ctx, holdings().where(PostHolding.id == holding_id))
    if not found or not ctx.actor.may(HandoverRight.OPEN, path=found[0].path):
        raise NotFound
    return found[0]


async def held_now(ctx: Context, staff_id: UUID, node_id: UUID, post: str) -> Holder | None:
    """The post on a unit as somebody holds it today."""
    return next(
        (
            one
            for one in await career_of(ctx, staff_id)
            if (one.node_id, one.post) == (node_id, post)
            and one.term.overlaps(Term(ctx.today, ctx.today + timedelta(days=1)))
        ),
        None,
    )


async def number_of(ctx: Context, staff_id: UUID) -> str:
    """The number of a person who is still there; nothing for anything else."""
    found = select(StaffMember.number).where(
        StaffMember.id == staff_id, StaffMember.left_on.is_(None)
    )
    return await ctx.session.scalar(found) or ""


async def accounts_of(ctx: Context, staff_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The accounts of those who can log in, by person."""
    found = await ctx.session.execute(
        select(Membership.staff_id, Membership.account_id).where(
            Membership.tenant_id == ctx.tenant.id,
            one_of(Membership.staff_id, staff_ids),
            Membership.ended_at.is_(None),
        )
    )
    return {row.staff_id: row.account_id for row in found}


async def serves_besides(ctx: Context, row: HandoverRow) -> bool:
    """Whether the leaver holds another post on the same unit."""
    return any(
        one.id != row.holding_id
        and one.node_id == row.node_id
        and one.term.overlaps(Term(max(row.on, ctx.today)))
        for one in await career_of(ctx, row.leaver_id)
    )


async def rights_of_post(ctx: Context, row: HandoverRow) -> list[Passed]:
    """The roles that the leaver gives up there; all of them, if no other post is left there.

    With the last post of several also what was given above for all of them.
    """
    accounts = await accounts_of(ctx, (row.leaver_id, row.successor_id))
    giver = accounts.get(row.leaver_id)
    if giver is None:
        return []
    whole = not await serves_besides(ctx, row)
    passing = Passing(row.node_id, giver, accounts.get(row.successor_id), row.post, whole=whole)
    return await roles_passing(ctx, [passing], on=max(row.on, ctx.today))


async def things_of(ctx: Context, row: HandoverRow) -> list[Thing]:
    """All that hangs on the post today, whoever asks: cases with their clocks first."""
    account = (await accounts_of(ctx, (row.leaver_id,))).get(row.leaver_id)
    begun = await assists_under(ctx, row.path)
    cared = {one.case_id for one in begun}
    names = {item.code: item.name for item in ctx.policy.ever.kit}
    keys = {item.code for item in ctx.policy.ever.kit if item.key}
    return [
        *(one for one in await _cases(ctx, row, account) if one.id not in cared),
        *(
            Thing(
                "care",
                one.case_id,
                one.item,
                one.code,
                one.due_at,
                one.yellow_at,
                paused=one.paused,
            )
            for one in begun
        ),
        *await _promised(ctx, row, account),
        *(
            Thing("document", one.id, one.name, one.code)
            for one in await documents_under(ctx, row.path)
        ),
        *(
            Thing(
                "appointment",
                one.id,
                one.building,
                one.code,
                note=Sentence("约在 {day}", day=one.day),
            )
            for one in await visits_under(ctx, row.path)
        ),
        *(
            Thing(
                "key" if piece.item in keys else "kit",
                piece.id,
                names.get(piece.item, piece.item),
                piece.mark,
            )
            for piece in await still_held(ctx, row.leaver_id)
        ),
        *(
            Thing("right", one.node_id, ctx.policy.roles[one.role].name, note=one.refused)
            for one in await rights_of_post(ctx, row)
        ),
    ]


async def _promised(ctx: Context, row: HandoverRow, account: UUID | None) -> list[Thing]:
    """Whom the leaver told when they would be heard of again: only the line says who that is."""
    if account is None:
        return []
    return [
        Thing("care", line, label, note=Sentence("约在 {day}", day=day))
        for line, label, day in await days_ahead(ctx, row.path, account)
    ]


async def _cases(ctx: Context, row: HandoverRow, account: UUID | None) -> list[Thing]:
    """What waits at the desk of the unit, and what the person reported there and is not done."""
    found = (
        select(
            Case.id,
            Case.title,
            Case.code,
            Case.due_at,
            Case.yellow_at,
            Case.promise_at,
            Case.paused_at,
        )
        .where(
            Case.ends == "",
            within(Case.node_path, row.path),
            or_(Case.desk_path == row.path, Case.reported_by == account),
        )
        .order_by(Case.due_at, Case.id)
        .limit(MOST_THINGS)
    )
    return [
        Thing(
            "case",
            one.id,
            one.title,
            one.code,
            one.due_at,
            one.yellow_at,
            one.promise_at,
            paused=one.paused_at is not None,
        )
        for one in await Ready(found).rows(ctx.session)
    ]
