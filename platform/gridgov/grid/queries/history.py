"""What became of a node: the changes that it went through, and who took over from whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import or_, select, union

from gridgov.context import Context
from gridgov.grid.models import GridChange, GridNode, GridPast, GridSuccession
from gridgov.grid.queries.nodes import nodes_seen_by, rows
from gridgov.grid.types import (
    ChangeKind,
    ChangeState,
    Command,
    Merge,
    Move,
    NodeRow,
    Rename,
    Split,
)
from gridgov.kernel.errors import NotFound
from gridgov.kernel.ready import Ready, one_of

_COMMANDS: dict[ChangeKind, type[Command]] = {
    ChangeKind.SPLIT: Split,
    ChangeKind.MERGE: Merge,
    ChangeKind.RENAME: Rename,
    ChangeKind.MOVE: Move,
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A re-division as pages show it. ``before`` and ``after`` are lists of name and code."""

    id: UUID
    kind: ChangeKind
    state: ChangeState
    effective_on: date
    document: str
    reason: str
    details: dict[str, Any]

    @property
    def command(self) -> Command:
        """What was asked for."""
        return msgspec.convert(self.details["command"], _COMMANDS[self.kind])

    @property
    def before(self) -> list[list[str]]:
        """Name and code of each node concerned, as they were."""
        named: list[list[str]] = self.details.get("before", [])
        return named

    @property
    def after(self) -> list[list[str]]:
        """Name and code of each node that it led to."""
        named: list[list[str]] = self.details.get("after", [])
        return named


@dataclass(frozen=True, slots=True)
class Kinship:
    """The nodes that one took over from, and those that took over from it."""

    before: tuple[NodeRow, ...]
    after: tuple[NodeRow, ...]


def concerned(command: Command) -> tuple[UUID, ...]:
    """The nodes that a command names."""
    if isinstance(command, Merge):
        return command.node_ids
    if isinstance(command, Move):
        return (command.node_id, command.parent_id)
    return (command.node_id,)


async def changes_of(ctx: Context, node_id: UUID) -> list[ChangeRow]:
    """The carried-out changes of a node, the latest first."""
    ids = union(
        select(GridPast.change_id).where(GridPast.node_id == node_id),
        select(GridSuccession.change_id).where(
            or_(GridSuccession.before_id == node_id, GridSuccession.after_id == node_id)
        ),
    )
    return await _changes(ctx, GridChange.id.in_(ids))


async def planned_changes(ctx: Context, *, until: date | None = None) -> list[ChangeRow]:
    """What lies ahead, or what is due by a day, in the order in which it is carried out."""
    due = GridChange.state == ChangeState.PLANNED
    found = await _changes(ctx, due if until is None else due & (GridChange.effective_on <= until))
    return found[::-1]


async def change_of(ctx: Context, change_id: UUID) -> ChangeRow:
    """One change."""
    found = await _changes(ctx, GridChange.id == change_id)
    if not found:
        raise NotFound
    return found[0]


async def recent_changes(ctx: Context, *, limit: int) -> list[ChangeRow]:
    """The latest changes of the whole tree, those that lie ahead first."""
    return await _changes(ctx, GridChange.state != ChangeState.WITHDRAWN, limit=limit)


_REDIVIDED: Final = Ready(
    select(GridChange.id)
    .where(GridChange.state == ChangeState.APPLIED, GridChange.kind != ChangeKind.RENAME)
    .limit(1)
)


async def redivided(ctx: Context) -> bool:
    """Whether anything was ever split, merged or moved: else then and now are the same."""
    return await _REDIVIDED.scalar(ctx.session) is not None


async def kinship(ctx: Context, node_id: UUID) -> Kinship:
    """Predecessors and successors, as far as the actor may see them."""
    pairs = await ctx.session.execute(
        select(GridSuccession.before_id, GridSuccession.after_id).where(
            or_(GridSuccession.before_id == node_id, GridSuccession.after_id == node_id)
        )
    )
    before, after = set[UUID](), set[UUID]()
    for before_id, after_id in pairs:
        if after_id == node_id:
            before.add(before_id)
        else:
            after.add(after_id)
    if not before and not after:
        return Kinship((), ())
    seen = await rows(ctx, nodes_seen_by(ctx.actor).where(one_of(GridNode.id, before | after)))
    return Kinship(
        tuple(node for node in seen if node.id in before),
        tuple(node for node in seen if node.id in after),
    )


async def since_when(ctx: Context, node_ids: Iterable[UUID]) -> dict[UUID, date]:
    """From which day on the nodes have been what they are now; those never changed are left out."""
    found = await ctx.session.execute(
        select(GridPast.node_id, GridPast.valid_to)
        .where(GridPast.node_id.in_(list(node_ids)))
        .order_by(GridPast.valid_to)
    )
    return {row[0]: row[1] for row in found}


async def _changes(ctx: Context, where: Any, limit: int | None = None) -> list[ChangeRow]:
    found = await ctx.session.execute(
        select(
            GridChange.id,
            GridChange.kind,
            GridChange.state,
            GridChange.effective_on,
            GridChange.document,
            GridChange.reason,
            GridChange.details,
        )
        .where(where)
        .order_by(GridChange.effective_on.desc(), GridChange.made_at.desc(), GridChange.id.desc())
        .limit(limit)
    )
    return [ChangeRow(row[0], ChangeKind(row[1]), ChangeState(row[2]), *row[3:]) for row in found]
