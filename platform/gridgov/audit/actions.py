"""Writing the audit: collected during a transaction, chained on as its last statement.

The head of the chain is one row per tenant. Touched last, it is locked only while the commit itself
runs, so that an audited action does not hold up the tenant's other writers.
"""

from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    Connection,
    Select,
    Table,
    bindparam,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from gridgov.audit.chain import GENESIS, content_of, digest_of, exact, key_of, link
from gridgov.audit.models import AuditEntry, AuditHead
from gridgov.audit.types import Kind
from gridgov.context import Context
from gridgov.kernel.db import TenantSession
from gridgov.kernel.ids import new_id
from gridgov.kernel.ready import Ready

_PENDING: Final = "audit_pending"


class ChainMissing(Exception):
    """The tenant has no chain (any more). No act without its entry: the transaction is refused."""


async def begin_chain(session: AsyncSession, tenant_id: UUID) -> None:
    """Begin a new tenant's chain; one that has begun goes on."""
    await session.execute(
        upsert(AuditHead)
        .values(tenant_id=tenant_id, id=tenant_id, seq=0, hash=GENESIS)
        .on_conflict_do_nothing()
    )


def record(
    ctx: Context, verb: str, subject_kind: str, subject_id: UUID | None, **details: Any
) -> None:
    """Note that the actor did ``verb`` (``case.dispatched``). No personal data in ``details``."""
    _queue(ctx, Kind.ACT, str(verb), (subject_kind, subject_id), details=details)


def record_reveal(
    ctx: Context, subject_kind: str, subject_id: UUID, *, fields: list[str], purpose: str
) -> None:
    """Note that the actor saw personal fields of one record, and why (domain.md R6)."""
    subject = (subject_kind, subject_id)
    _queue(
        ctx, Kind.REVEAL, "personal.revealed", subject, purpose=purpose, details={"fields": fields}
    )


def _queue(
    ctx: Context,
    kind: Kind,
    verb: str,
    subject: tuple[str, UUID | None],
    *,
    purpose: str = "",
    details: dict[str, Any],
) -> None:
    entry: dict[str, Any] = {
        "tenant_id": ctx.tenant.id,
        "id": new_id(),
        "at": ctx.now,
        "kind": kind.value,
        "verb": verb,
        "subject_kind": str(subject[0]),
        "subject_id": subject[1],
        "account_id": ctx.actor.account_id,
        "who": ctx.actor.title or ctx.actor.name,
        "device": "",
        "purpose": purpose,
        "details": exact(details),
    }
    entry["digest"] = digest_of(key_of(ctx.vault), content_of(entry))
    ctx.session.info.setdefault(_PENDING, []).append(entry)


@event.listens_for(TenantSession, "before_commit")
def _seal(session: Session) -> None:
    if session.in_nested_transaction():
        return
    pending: list[dict[str, Any]] = session.info.pop(_PENDING, [])
    if pending:
        session.flush()
        if len(pending) == 1:
            _chain_one(session, pending[0])
        else:
            _chain_many(session.connection(), pending)


@event.listens_for(TenantSession, "after_rollback")
def _forget(session: Session) -> None:
    """What was undone was not done."""
    session.info.pop(_PENDING, None)


def _chain_one(session: Session, entry: dict[str, Any]) -> None:
    """One statement, so one round trip while the head is locked."""
    if not _CHAINING.rows_at_once(session, **{f"entry_{name}": entry[name] for name in entry}):
        raise ChainMissing


def _chaining() -> ClauseElement:
    """The statement that chains one entry on."""
    table = cast("Table", AuditEntry.__table__)
    names = [column.name for column in table.c if column.name not in {"seq", "hash"}]
    entry: dict[str, BindParameter[Any]] = {
        name: bindparam(f"entry_{name}", type_=table.c[name].type) for name in names
    }
    head = (
        update(AuditHead)
        .where(AuditHead.tenant_id == entry["tenant_id"])
        .values(seq=AuditHead.seq + 1, hash=func.sha256(AuditHead.hash.op("||")(entry["digest"])))
        .returning(AuditHead.seq, AuditHead.hash)
        .cte("head")
    )
    chained: Select[*tuple[Any, ...]] = select(*entry.values(), head.c.seq, head.c.hash)
    return (
        insert(AuditEntry).from_select([*names, "seq", "hash"], chained).returning(AuditEntry.seq)
    )


_CHAINING: Final = Ready(_chaining())
"""Made once, for it is part of nearly every act."""


def _chain_many(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Three statements, however many entries: onboarding writes thousands."""
    mine = AuditHead.tenant_id == entries[0]["tenant_id"]
    head = connection.execute(
        select(AuditHead.seq, AuditHead.hash).where(mine).with_for_update()
    ).one_or_none()
    if head is None:
        raise ChainMissing
    seq, before = head
    chained: list[dict[str, Any]] = []
    for entry in entries:
        seq, before = seq + 1, link(before, entry["digest"])
        chained.append(entry | {"seq": seq, "hash": before})
    connection.execute(insert(AuditEntry), chained)
    connection.execute(update(AuditHead).where(mine).values(seq=seq, hash=bindparam("new", before)))
