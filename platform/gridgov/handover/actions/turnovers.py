"""换届: hundreds of posts from one sheet on one day; taken back until then, and countered after."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.access.actions.passing import check_may_pass, pass_roles
from gridgov.access.queries.bindings import accounts_with
from gridgov.access.types import AccessRight
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.handover.models import Turnover
from gridgov.handover.queries.turnovers import (
    known_for,
    rights_of_sheet,
    turnover_of,
    turnovers_due,
)
from gridgov.handover.rules.sheets import lines_of
from gridgov.handover.rules.turnovers import planned
from gridgov.handover.types import Fault, HandoverRight, Line, Move, TurnoverRow, TurnoverState
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import Sentence
from gridgov.notices.actions import notify
from gridgov.staff.actions import change_posts
from gridgov.staff.types import Change

_LONGEST: Final = 100


async def read_sheet(
    ctx: Context, data: bytes, *, on: date, document: str
) -> tuple[UUID | None, list[Fault]]:
    """Read a sheet and keep it to be looked at; with a fault in any line nothing is kept."""
    _check(ctx, on, document)
    moves, faults = await _planned(ctx, await asyncio.to_thread(lines_of, data), on)
    if faults:
        return None, faults
    return await _keep(ctx, moves, on=on, document=document), []


async def agree_rights(ctx: Context, turnover_id: UUID) -> int:
    """Let the roles of those who leave go over on the day; how many they are today.

    Two people change who may do what: one draws the posts up, another, who could give each of
    these roles there, agrees before the day.
    """
    states = (TurnoverState.DRAFT, TurnoverState.PLANNED)
    row = await _locked(ctx, turnover_id, *states, right=AccessRight.GRANT)
    if row.agreed_at is not None:
        raise Conflict("已经同意过了。")
    passed = await rights_of_sheet(ctx, row)
    await check_may_pass(ctx, passed)
    await ctx.session.execute(
        update(Turnover)
        .where(Turnover.id == turnover_id)
        .values(agreed_at=ctx.now, agreed_by=ctx.actor.account_id)
    )
    count = sum(not one.refused for one in passed)
    record(ctx, "turnover.agreed", "turnover", turnover_id, count=count)
    return count


async def confirm_turnover(ctx: Context, turnover_id: UUID) -> TurnoverState:
    """Carry it out on its day, at once if that is today. Checked again: posts may have moved."""
    row = await _locked(ctx, turnover_id, TurnoverState.DRAFT)
    if row.effective_on < ctx.today:
        raise Conflict("生效日已经过去，请重新上传。")
    record(ctx, "turnover.confirmed", "turnover", turnover_id, on=row.effective_on)
    if row.effective_on > ctx.today:
        await _set(ctx, turnover_id, TurnoverState.PLANNED)
        return TurnoverState.PLANNED
    faults = await _apply(ctx, row)
    if faults:
        raise Conflict("名单上传以后岗位有变动：{what}请重新上传。", what=faults[0].sentence)
    return TurnoverState.APPLIED


async def withdraw_turnover(ctx: Context, turnover_id: UUID) -> None:
    """Take it back before its day; nothing has changed by it."""
    await _locked(ctx, turnover_id, TurnoverState.DRAFT, TurnoverState.PLANNED)
    await _set(ctx, turnover_id, TurnoverState.WITHDRAWN)
    record(ctx, "turnover.withdrawn", "turnover", turnover_id)


async def counter_turnover(
    ctx: Context, turnover_id: UUID, *, on: date, document: str
) -> tuple[UUID | None, list[Fault]]:
    """The same sheet the other way round, to be looked at: who left comes back, who came leaves."""
    row = await _locked(ctx, turnover_id, TurnoverState.APPLIED)
    _check(ctx, on, document)
    lines = [
        Line(move["row"], move["code"], move["post"], move["into_number"], move["out_number"])
        for move in row.moves
    ]
    moves, faults = await _planned(ctx, lines, on)
    if faults:
        return None, faults
    return await _keep(ctx, moves, on=on, document=document, counters=turnover_id), []


async def apply_due(ctx: Context) -> None:
    """What is planned for a day that has come. For the schedule."""
    for row in await turnovers_due(ctx, ctx.today):
        faults = await _apply(ctx, row)
        if faults:
            await ctx.session.execute(
                update(Turnover)
                .where(Turnover.id == row.id)
                .values(state=TurnoverState.REFUSED, reason=str(faults[0].sentence))
            )
            record(ctx, "turnover.refused", "turnover", row.id)


Numbered = tuple[Move, Line]


async def _planned(
    ctx: Context, lines: Sequence[Line], on: date
) -> tuple[list[Numbered], list[Fault]]:
    moves, faults = planned(lines, await known_for(ctx, lines, on))
    typed = {line.row: line for line in lines}
    return [(move, typed[move.row]) for move in moves], faults


async def _apply(ctx: Context, row: TurnoverRow) -> list[Fault]:
    lines = [
        Line(move["row"], move["code"], move["post"], move["out_number"], move["into_number"])
        for move in row.moves
    ]
    moves, faults = await _planned(ctx, lines, row.effective_on)
    if faults:
        return faults
    rights = await rights_of_sheet(ctx, row)
    passed = rights if row.agreed_at is not None else []
    await change_posts(
        ctx,
        [
            Change(move.node_id, move.post, move.holding_id, move.out, move.into)
            for move, _ in moves
        ],
        on=row.effective_on,
    )
    gone_over = await pass_roles(ctx, passed, on=row.effective_on, by=row.agreed_by)
    await ctx.session.execute(
        update(Turnover)
        .where(Turnover.id == row.id)
        .values(state=TurnoverState.APPLIED, applied_at=ctx.now)
    )
    record(ctx, "turnover.applied", "turnover", row.id, count=len(moves), on=row.effective_on)
    if waiting := len(rights) - gone_over:
        await notify(
            ctx,
            await accounts_with(ctx, AccessRight.GRANT),
            about=f"turnover.applied:{row.id}",
            text=Sentence(
                "{document} 已生效，还有 {n} 项权限没有随岗位移交，要给接任人的请逐人授予。",
                document=row.document,
                n=waiting,
            ),
            link=f"/{ctx.tenant.slug}/access/bindings",
            urgent=True,
        )
    return []


async def _keep(
    ctx: Context,
    moves: Sequence[Numbered],
    *,
    on: date,
    document: str,
    counters: UUID | None = None,
) -> UUID:
    turnover_id = new_id()
    await ctx.session.execute(
        insert(Turnover).values(
            tenant_id=ctx.tenant.id,
            id=turnover_id,
            state=TurnoverState.DRAFT,
            effective_on=on,
            document=document.strip(),
            moves=[_plain(move, line) for move, line in moves],
            counters=counters,
            made_by=ctx.actor.account_id,
            made_at=ctx.now,
        )
    )
    record(ctx, "turnover.read", "turnover", turnover_id, count=len(moves), on=on)
    if not await rights_of_sheet(ctx, await turnover_of(ctx, turnover_id)):
        return turnover_id
    await notify(
        ctx,
        await accounts_with(ctx, AccessRight.GRANT),
        about=f"turnover.read:{turnover_id}",
        text=Sentence(
            "请看权限是否随岗位移交：{document}，{day} 生效", document=document.strip(), day=on
        ),
        link=f"/{ctx.tenant.slug}/turnovers/{turnover_id}/rights",
    )
    return turnover_id


def _plain(move: Move, line: Line) -> dict[str, Any]:
    kept = {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in asdict(move).items()
        if name not in {"holding_id", "out", "into"}
    }
    return {**kept, "code": line.code, "out_number": line.out, "into_number": line.into}


def _check(ctx: Context, on: date, document: str) -> None:
    faults: dict[str, str] = {}
    if on < ctx.today:
        faults["on"] = "生效日不能早于今天。"
    if not document.strip() or len(document) > _LONGEST:
        faults["document"] = "请填文号或者会议名称，一百字以内。"
    if faults:
        raise Invalid(fields=faults)


async def _locked(
    ctx: Context,
    turnover_id: UUID,
    *states: TurnoverState,
    right: str = HandoverRight.TURNOVER,
) -> TurnoverRow:
    await ctx.session.execute(
        select(Turnover.id).where(Turnover.id == turnover_id).with_for_update()
    )
    row = await turnover_of(ctx, turnover_id, right)
    if row.state not in states:
        raise Conflict("这张名单现在不能这样办，请刷新看最新状态。")
    return row


async def _set(ctx: Context, turnover_id: UUID, state: TurnoverState) -> None:
    await ctx.session.execute(
        update(Turnover).where(Turnover.id == turnover_id).values(state=state)
    )
