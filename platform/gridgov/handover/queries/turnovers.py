"""Sheets, and what their lines are held against."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, cast, column, exists, false, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from gridgov.access.queries.passing import roles_passing
from gridgov.access.types import Passed, Passing
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import COLUMNS
from gridgov.grid.types import NodeRow
from gridgov.handover.models import Turnover
from gridgov.handover.queries.handovers import accounts_of
from gridgov.handover.rules.turnovers import Known, Somebody
from gridgov.handover.types import HandoverRight, Line, TurnoverRow, TurnoverState
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, Rows, after
from gridgov.kernel.ready import Ready, one_of
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import held_on, holders, holdings
from gridgov.staff.types import Holder

PAGE: Final = 20
MOST_EXPORTED: Final = 5000

_COLUMNS: Final = tuple(getattr(Turnover, each.name) for each in fields(TurnoverRow))


def turnovers_seen_by(actor: Actor, right: str = HandoverRight.TURNOVER) -> Rows:
    """The sheets all of whose lines lie where the actor holds the right; rows are TurnoverRow."""
    line = func.jsonb_array_elements(Turnover.moves).table_valued(column("value", JSONB))
    inside = exists().where(
        GridNode.tenant_id == Turnover.tenant_id,
        GridNode.id == cast(line.c.value["node_id"].astext, Uuid),
        or_(false(), *(within(GridNode.path, scope.path) for scope in actor.scopes(right))),
    )
    return select(*_COLUMNS).where(~select(line.c.value).where(~inside).exists())


async def turnovers(ctx: Context, cursor: Cursor | None = None) -> list[TurnoverRow]:
    """The newest first, and one row more if there is a next page."""
    columns = (Turnover.made_at, Turnover.id)
    page = after(turnovers_seen_by(ctx.actor), columns, cursor, descending=True).limit(PAGE + 1)
    return [TurnoverRow(*row) for row in await Ready(page).rows(ctx.session)]


async def turnover_of(
    ctx: Context, turnover_id: UUID, right: str = HandoverRight.TURNOVER
) -> TurnoverRow:
    """One sheet, if the actor holds the right on all its lines."""
    mine = turnovers_seen_by(ctx.actor, right).where(Turnover.id == turnover_id)
    row = await Ready(mine).row(ctx.session)
    if row is None:
        raise NotFound
    return TurnoverRow(*row)


async def turnovers_due(ctx: Context, day: date) -> list[TurnoverRow]:
    """Those that are planned for a day that has come, the earliest first."""
    due = (
        select(*_COLUMNS)
        .where(Turnover.state == TurnoverState.PLANNED, Turnover.effective_on <= day)
        .order_by(Turnover.effective_on, Turnover.id)
    )
    return [TurnoverRow(*row) for row in await Ready(due).rows(ctx.session)]


async def rights_of_sheet(ctx: Context, row: TurnoverRow) -> list[Passed]:
    """The roles of those who leave a post to somebody else, in five statements for any sheet."""
    both = [move for move in row.moves if move["out_number"] and move["into_number"]]
    numbers = {move[end].upper() for move in both for end in ("out_number", "into_number")}
    people = await _people(ctx, numbers)
    nodes = {node.code: node for node in await _nodes(ctx, {move["code"] for move in both})}
    accounts = await accounts_of(ctx, [one.id for one in people.values()])
    passings: list[Passing] = []
    for move in both:
        out, into = (people.get(move[end].upper()) for end in ("out_number", "into_number"))
        if out is None or into is None or out.id not in accounts or move["code"] not in nodes:
            continue
        node = nodes[move["code"]]
        passings.append(Passing(node.id, accounts[out.id], accounts.get(into.id), move["post"]))
    return await roles_passing(ctx, passings, on=row.effective_on)


async def names_of(ctx: Context, row: TurnoverRow) -> dict[UUID, str]:
    """The names of the people of a sheet, by account."""
    numbers = {move[end].upper() for move in row.moves for end in ("out_number", "into_number")}
    people = {one.id: one.name for one in (await _people(ctx, numbers - {""})).values()}
    accounts = await accounts_of(ctx, people)
    return {account: people[staff] for staff, account in accounts.items()}


async def known_for(ctx: Context, lines: Sequence[Line], on: date) -> Known:
    """All that the lines name, in three statements however many they are.

    A unit where the actor may not change posts is none that they can name.
    """
    nodes = {
        node.code: node
        for node in await _nodes(ctx, {line.code for line in lines})
        if ctx.actor.may(HandoverRight.TURNOVER, path=node.path)
    }
    numbers = {number.upper() for line in lines for number in (line.out, line.into) if number}
    people = await _people(ctx, numbers)
    return Known(
        posts=ctx.policy.posts,
        levels=ctx.policy.levels,
        nodes=nodes,
        people=people,
        held=await _held(ctx, nodes.values(), people.values(), on),
        on=on,
    )


async def _nodes(ctx: Context, codes: Iterable[str]) -> list[NodeRow]:
    found = select(*COLUMNS).where(one_of(GridNode.code, codes), GridNode.valid_to.is_(None))
    return [NodeRow(*row) for row in await Ready(found).rows(ctx.session)]


async def _people(ctx: Context, numbers: Iterable[str]) -> dict[str, Somebody]:
    found = select(
        StaffMember.number,
        StaffMember.id,
        StaffMember.name,
        StaffMember.employment,
        StaffMember.left_on,
    ).where(one_of(StaffMember.number, numbers))
    return {row[0].upper(): Somebody(*row[1:]) for row in await Ready(found).rows(ctx.session)}


async def _held(
    ctx: Context, nodes: Iterable[NodeRow], people: Iterable[Somebody], on: date
) -> list[Holder]:
    """Who holds a post on these units or is one of these people, on that day or later."""
    return await holders(
        ctx,
        holdings().where(
            or_(PostHolding.valid_to.is_(None), PostHolding.valid_to > on),
            or_(
                one_of(PostHolding.node_id, [node.id for node in nodes]),
                one_of(PostHolding.staff_id, [who.id for who in people]),
            ),
        ),
    )


async def sheet_lines(ctx: Context, path: str) -> list[tuple[Any, ...]]:
    """Who holds what today below a place: (code, unit, post, number, name), to begin a sheet.

    One more than :data:`MOST_EXPORTED` if there are more.
    """
    found = (
        select(GridNode.code, GridNode.name, PostHolding.post, StaffMember.number, StaffMember.name)
        .join(StaffMember, tied(StaffMember.id, PostHolding.staff_id))
        .join(GridNode, tied(GridNode.id, PostHolding.node_id))
        .where(held_on(ctx.today), within(GridNode.path, path))
        .order_by(GridNode.path, PostHolding.post, StaffMember.number)
    )
    return [tuple(row) for row in await ctx.session.execute(found.limit(MOST_EXPORTED + 1))]


async def ids_named(ctx: Context, number: str) -> UUID | None:
    """The person with a number who has not left."""
    person: UUID | None = await ctx.session.scalar(
        select(StaffMember.id).where(StaffMember.number == number, StaffMember.left_on.is_(None))
    )
    return person
