"""The re-divisions, each on a day: carried out at once, or planned until the day comes."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from gridgov.audit.actions import record
from gridgov.context import Context, tell_rooms
from gridgov.grid.actions.carrying_out import carry_out
from gridgov.grid.models import GridChange, GridVersion
from gridgov.grid.queries.ground import ground_of
from gridgov.grid.queries.history import (
    ChangeRow,
    change_of,
    concerned,
    planned_changes,
    since_when,
)
from gridgov.grid.queries.nodes import node_seen
from gridgov.grid.rules.redividing import (
    Ground,
    check_day,
    plan_merge,
    plan_move,
    plan_rename,
    plan_split,
)
from gridgov.grid.types import (
    ChangeKind,
    ChangeState,
    Command,
    GridRight,
    Merge,
    Move,
    Plan,
    Rename,
    Split,
)
from gridgov.kernel.errors import Conflict, Refusal
from gridgov.kernel.ids import new_id

_KINDS: dict[type[Command], ChangeKind] = {
    Split: ChangeKind.SPLIT,
    Merge: ChangeKind.MERGE,
    Rename: ChangeKind.RENAME,
    Move: ChangeKind.MOVE,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command. ``nodes`` are the ids that it led to; none while it is planned."""

    change_id: UUID
    state: ChangeState
    nodes: tuple[UUID, ...] = ()


async def redivide(ctx: Context, command: Command, *, effective_on: date, document: str) -> Outcome:
    """Carry a command out if its day has come, else keep it. What cannot be is refused at once."""
    await _lock_tree(ctx)
    plan = await preview(ctx, command, effective_on=effective_on)
    change = GridChange(
        tenant_id=ctx.tenant.id,
        id=new_id(),
        kind=plan.kind,
        state=ChangeState.PLANNED,
        effective_on=effective_on,
        document=document,
        details={"command": msgspec.to_builtins(command)} | await _in_words(ctx, plan, command),
        made_by=ctx.actor.account_id,
        made_at=ctx.now,
    )
    ctx.session.add(change)
    await ctx.session.flush()
    if effective_on > ctx.today:
        record(ctx, "grid.planned", "grid_change", change.id, kind=plan.kind, on=effective_on)
        return Outcome(change.id, ChangeState.PLANNED)
    return await _apply(ctx, plan, change.id, effective_on)


async def preview(ctx: Context, command: Command, *, effective_on: date) -> Plan:
    """What the command would do, after every check; writes nothing."""
    ground = await ground_of(ctx, command)
    since = await since_when(ctx, [drawn.node.id for drawn in ground.nodes])
    for drawn in ground.nodes:
        node = drawn.node
        check_day(effective_on, max(since.get(node.id, date.min), node.valid_from), node.name)
    return _plan(command, ground)


async def withdraw_change(ctx: Context, change_id: UUID) -> None:
    """Take back what was planned."""
    change = await change_of(ctx, change_id)
    for node_id in concerned(change.command):
        await node_seen(ctx, node_id, GridRight.REDIVIDE)
    if change.state is not ChangeState.PLANNED:
        raise Conflict("这项调整已经不在计划中，不能撤回。")
    await _settle(ctx, change_id, ChangeState.WITHDRAWN)
    record(ctx, "grid.withdrawn", "grid_change", change_id, kind=change.kind)


async def apply_planned(ctx: Context) -> None:
    """Carry out what was planned for today or earlier. What the tree no longer allows is refused.

    Run by the day; safe to repeat, for an applied change is no longer planned.
    """
    await _lock_tree(ctx)
    for change in await planned_changes(ctx, until=ctx.today):
        try:
            async with ctx.session.begin_nested():
                plan = await preview(ctx, change.command, effective_on=change.effective_on)
                await _apply(ctx, plan, change.id, change.effective_on)
        except Refusal as refusal:
            await _refuse(ctx, change, str(refusal))


async def _apply(ctx: Context, plan: Plan, change_id: UUID, effective_on: date) -> Outcome:
    nodes = await carry_out(ctx, plan, change_id, effective_on)
    await _settle(ctx, change_id, ChangeState.APPLIED)
    record(ctx, f"grid.{plan.kind}", "grid_change", change_id, nodes=nodes)
    await _count_up(ctx)
    return Outcome(change_id, ChangeState.APPLIED, nodes)


async def _refuse(ctx: Context, change: ChangeRow, reason: str) -> None:
    await _settle(ctx, change.id, ChangeState.REFUSED, reason=reason)
    record(ctx, "grid.refused", "grid_change", change.id, kind=change.kind)
    await tell_rooms(
        ctx,
        "grid.refused",
        change.id,
        reason=reason,
    )


async def _settle(ctx: Context, change_id: UUID, state: ChangeState, *, reason: str = "") -> None:
    applied_at = ctx.now if state is ChangeState.APPLIED else None
    await ctx.session.execute(
        update(GridChange)
        .where(GridChange.id == change_id)
        .values(state=state, applied_at=applied_at, reason=reason)
        .execution_options(synchronize_session=False)
    )


async def _lock_tree(ctx: Context) -> None:
    """One re-division at a time, and none while somebody holds the tree still."""
    await _touch_version(ctx, by=0)


async def _count_up(ctx: Context) -> None:
    """Last of all, so that nobody keeps shapes under a number that is then taken back."""
    await _touch_version(ctx, by=1)


async def _touch_version(ctx: Context, *, by: int) -> None:
    first = insert(GridVersion).values(tenant_id=ctx.tenant.id, id=ctx.tenant.id, version=1)
    await ctx.session.execute(
        first.on_conflict_do_update(
            index_elements=[GridVersion.tenant_id, GridVersion.id],
            set_={"version": GridVersion.version + by},
        )
    )


def _plan(command: Command, ground: Ground) -> Plan:
    match command:
        case Split():
            return plan_split(command, ground)
        case Merge():
            return plan_merge(command, ground)
        case Rename():
            return plan_rename(command, ground)
        case Move():
            return plan_move(command, ground)


async def _in_words(ctx: Context, plan: Plan, command: Command) -> dict[str, Any]:
    """Name and code of the nodes before and after, for the history page."""
    if plan.renamed is not None:
        node, name = plan.renamed
        return {"before": [[node.name, node.code]], "after": [[name, node.code]]}
    if isinstance(command, Move):
        node = await node_seen(ctx, command.node_id, GridRight.REDIVIDE)
        parent = await node_seen(ctx, command.parent_id, GridRight.REDIVIDE)
        return {
            "before": [[node.name, node.code]],
            "after": [[node.name, plan.moved[0].code]],
            "under": [parent.name, parent.code],
        }
    return {
        "before": [[node.name, node.code] for node in plan.ended],
        "after": [[made.name, made.code] for made in plan.made],
    }
