"""Lines from before there was a search are found by their words as well."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, or_, select, update

from gridgov.audit.actions import record
from gridgov.cases.rules.words import terms_of
from gridgov.context import Context
from gridgov.fieldwork.models import LedgerLine, LedgerTerm
from gridgov.fieldwork.rules import searchable

_AT_ONCE: Final = 500


async def index_lines(ctx: Context) -> int:
    """Give every line that says something and has no words its words; how many there were.

    Done again it finds nothing more to do: what has words is passed over.
    """
    ledgers = {ledger.code: ledger for ledger in ctx.policy.ever.ledgers}
    done, last = 0, UUID(int=0)
    while True:
        found = await ctx.session.execute(
            select(LedgerLine.id, LedgerLine.ledger, LedgerLine.said, LedgerLine.item)
            .where(
                LedgerLine.words == "",
                or_(LedgerLine.said != {}, LedgerLine.item != ""),
                LedgerLine.ledger.in_(ledgers),
                LedgerLine.id > last,
            )
            .order_by(LedgerLine.id)
            .limit(_AT_ONCE)
        )
        rows = found.all()
        if not rows:
            break
        last = rows[-1].id
        words = {row.id: searchable(ledgers[row.ledger], row.said, row.item) for row in rows}
        done += await _keep(ctx, {line: text for line, text in words.items() if text})
    if done:
        record(ctx, "ledger.indexed", "ledger_line", None, count=done)
    return done


async def _keep(ctx: Context, words: dict[UUID, str]) -> int:
    if not words:
        return 0
    mine: dict[str, Any] = {"tenant_id": ctx.tenant.id}
    connection = await ctx.session.connection()
    await connection.execute(
        update(LedgerLine)
        .where(
            LedgerLine.tenant_id == ctx.tenant.id,
            LedgerLine.id == bindparam("line"),
        )
        .values(words=bindparam("text")),
        [{"line": line, "text": text} for line, text in words.items()],
    )
    await ctx.session.execute(
        delete(LedgerTerm)
        .where(LedgerTerm.tenant_id == ctx.tenant.id, LedgerTerm.id.in_(words))
        .execution_options(synchronize_session=False)
    )
    await ctx.session.execute(
        insert(LedgerTerm),
        [
            mine | {"id": line, "term": term}
            for line, text in words.items()
            for term in terms_of(text)
        ],
    )
    return len(words)
