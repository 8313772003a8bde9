"""Writing lines of ledgers: at once, or a patrol that begins now and ends later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select, update

from gridgov.audit.actions import record
from gridgov.cases.rules.words import terms_of
from gridgov.context import Context
from gridgov.contract.fieldwork import LedgerKind
from gridgov.fieldwork.models import LedgerLine, LedgerTerm
from gridgov.fieldwork.queries.lines import own_line
from gridgov.fieldwork.rules import (
    Words,
    becomes,
    check_item,
    check_words,
    ledger_of,
    searchable,
)
from gridgov.fieldwork.types import FieldRight, LineRow
from gridgov.grid.queries.nodes import node_of
from gridgov.grid.queries.places import hold_still
from gridgov.grid.types import NodeRow
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import id_at
from gridgov.kernel.sentences import N_
from gridgov.registry.queries import building_seen

_TABLE: Final = "ledger_lines"
_SEALED: Final = "sealed"
_OLDEST: Final = timedelta(days=7)
_AHEAD: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What somebody writes into a ledger. ``words`` are by the codes of its fields.

    ``device_at`` is when the phone says that it was written: sent later, both times are kept.
    """

    node_id: UUID
    words: Mapping[str, Any] = field(default_factory=dict[str, Any])
    building_id: UUID | None = None
    item: str = ""
    count: int | None = None
    device_at: datetime | None = None


async def write_line(ctx: Context, code: str, writing: Writing) -> UUID:
    """Write a line. What spans a time is written when it ends: see ``begin_line``."""
    ledger = ledger_of(ctx.policy.county.ledgers, code)
    if ledger.spans:
        raise Conflict("先点“开始”，结束时再写看到了什么。")
    check_item(ledger, writing.item, writing.count)
    return await _write(ctx, ledger, writing, check_words(ledger, writing.words, today=ctx.today))


async def begin_line(ctx: Context, code: str, writing: Writing) -> UUID:
    """Begin what ends later. One at a time: who has one running ends that first."""
    ledger = ledger_of(ctx.policy.county.ledgers, code)
    if not ledger.spans:
        raise NotFound
    running = select(LedgerLine.id).where(
        LedgerLine.account_id == ctx.actor.account_id,
        LedgerLine.ledger == code,
        LedgerLine.began_at.is_not(None),
        LedgerLine.ended_at.is_(None),
    )
    if await ctx.session.scalar(running.limit(1)) is not None:
        raise Conflict("上一次还没有结束，请先结束它。")
    words = check_words(ledger, writing.words, today=ctx.today, partly=True)
    return await _write(ctx, ledger, writing, words, began_at=ctx.now)


async def end_line(
    ctx: Context, line_id: UUID, words: Mapping[str, Any], *, device_at: datetime | None = None
) -> None:
    """End what one began, saying what was seen."""
    found = await own_line(ctx, line_id)
    ledger = ledger_of(ctx.policy.ever.ledgers, found.ledger)
    if not found.running:
        raise Conflict("这一次已经结束了。")
    checked = check_words(ledger, words, today=ctx.today)
    searched = searchable(ledger, checked.said, found.item)
    await ctx.session.execute(
        update(LedgerLine)
        .where(LedgerLine.id == line_id)
        .values(
            ended_at=ctx.now,
            said=checked.said,
            words=searched,
            sealed=seal(ctx, line_id, checked.sealed),
            device_at=_device(ctx, device_at),
        )
        .execution_options(synchronize_session=False)
    )
    mine = LedgerTerm.tenant_id == ctx.tenant.id
    await ctx.session.execute(delete(LedgerTerm).where(mine, LedgerTerm.id == line_id))
    await _keep_terms(ctx, line_id, searched)
    record(ctx, "ledger.ended", "ledger_line", line_id, ledger=ledger.code)


async def make_line_of(ctx: Context, line_id: UUID, code: str, writing: Writing) -> UUID:
    """Write a line of another ledger that is made of one's own: a diary's line as an opinion."""
    found = await own_line(ctx, line_id)
    if not becomes(ledger_of(ctx.policy.ever.ledgers, found.ledger), code):
        raise NotFound
    ledger = ledger_of(ctx.policy.county.ledgers, code)
    check_item(ledger, writing.item, writing.count)
    words = check_words(ledger, writing.words, today=ctx.today)
    return await _write(ctx, ledger, writing, words, from_id=line_id)


def seal(ctx: Context, line_id: UUID, words: Mapping[str, str]) -> bytes | None:
    """What must not lie open, as one sealed text; None for nothing."""
    if not words:
        return None
    return ctx.vault.seal(_TABLE, line_id, _SEALED, msgspec.json.encode(words).decode())


def unseal(ctx: Context, line: LineRow) -> dict[str, str]:
    """The sealed words again: only for their author, or after a reveal that was recorded."""
    if line.sealed is None:
        return {}
    text = ctx.vault.open(_TABLE, line.id, _SEALED, line.sealed)
    return msgspec.json.decode(text, type=dict[str, str])


async def _write(
    ctx: Context, ledger: LedgerKind, writing: Writing, words: Words, **values: Any
) -> UUID:
    await hold_still(ctx)
    node = await _place(ctx, writing.node_id)
    building = await _building(ctx, ledger, writing, node)
    line_id = id_at(ctx.now)
    item = writing.item if ledger.items else ""
    searched = searchable(ledger, words.said, item)
    days = int(ctx.setting(ledger.kept)) if ledger.kept else None
    await ctx.session.execute(
        insert(LedgerLine).values(
            tenant_id=ctx.tenant.id,
            id=line_id,
            ledger=ledger.code,
            node_id=node.id,
            node_path=node.path,
            building_id=building,
            account_id=ctx.actor.account_id,
            who=ctx.actor.title or ctx.actor.name,
            at=ctx.now,
            device_at=_device(ctx, writing.device_at),
            said=words.said,
            words=searched,
            sealed=seal(ctx, line_id, words.sealed),
            item=item,
            count=writing.count if ledger.items else None,
            private=ledger.private,
            expires_on=None if days is None else ctx.today + timedelta(days=days),
            **values,
        )
    )
    await _keep_terms(ctx, line_id, searched)
    record(ctx, "ledger.written", "ledger_line", line_id, ledger=ledger.code)
    return line_id


async def _keep_terms(ctx: Context, line_id: UUID, words: str) -> None:
    if words:
        rows = [
            {"tenant_id": ctx.tenant.id, "id": line_id, "term": term} for term in terms_of(words)
        ]
        await ctx.session.execute(insert(LedgerTerm), rows)


async def _place(ctx: Context, node_id: UUID) -> NodeRow:
    node = await node_of(ctx, node_id)
    if node is None or not ctx.actor.may(FieldRight.RECORD, path=node.path):
        raise NotFound
    if node.valid_to is not None:
        raise Invalid(fields={"node": N_("没有这个网格，请重新选择。")})
    return node


async def _building(
    ctx: Context, ledger: LedgerKind, writing: Writing, node: NodeRow
) -> UUID | None:
    if writing.building_id is None or not ledger.building:
        return None
    building = await building_seen(ctx, writing.building_id)
    if not building.node_path.startswith(node.path):
        raise Invalid(fields={"building": N_("这栋房屋不在所选的网格里。")})
    return building.id


def _device(ctx: Context, at: datetime | None) -> datetime | None:
    """What a phone may say: a little ahead, or some days without a signal. Else it is not kept."""
    if at is None or not ctx.now - _OLDEST <= at <= ctx.now + _AHEAD:
        return None
    return at
