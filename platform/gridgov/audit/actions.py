"""Writing the audit: collected during a transaction, chained on as its last statement.

The head of the chain is one row per tenant. Touched last, it is locked only while the commit itself
runs, so that an audited action does not hold up the tenant's other writers.
"""

import hashlib
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, event, func, insert, literal, select, update
from sqlalchemy.orm import Session

from gridgov.audit.models import AuditEntry, AuditHead
from gridgov.context import Context
from gridgov.kernel.db import TenantSession
from gridgov.kernel.ids import new_id

ACT = "act"
REVEAL = "reveal"
_PENDING = "audit_pending"


def record(
    ctx: Context, verb: str, subject_kind: str, subject_id: UUID | None, **details: Any
) -> None:
    """Note that the actor did ``verb`` (``case.dispatched``). No personal data in ``details``."""
    _queue(ctx, ACT, verb, subject_kind, subject_id, "", details)


def record_reveal(
    ctx: Context, subject_kind: str, subject_id: UUID, *, fields: list[str], purpose: str
) -> None:
    """Note that the actor saw personal fields of one record, and why (domain.md R6)."""
    _queue(ctx, REVEAL, "personal.revealed", subject_kind, subject_id, purpose, {"fields": fields})


def _queue(
    ctx: Context,
    kind: str,
    verb: str,
    subject_kind: str,
    subject_id: UUID | None,
    purpose: str,
    details: dict[str, Any],
) -> None:
    entry: dict[str, Any] = {
        "tenant_id": ctx.tenant.id,
        "id": new_id(),
        "at": ctx.now,
        "kind": kind,
        "verb": verb,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "account_id": ctx.actor.account_id,
        "who": ctx.actor.title or ctx.actor.name,
        "purpose": purpose,
        "details": msgspec.to_builtins(details),
    }
    ctx.session.info.setdefault(_PENDING, []).append(entry)


def digest_of(entry: dict[str, Any]) -> bytes:
    """The SHA-256 of an entry's content in canonical JSON: what the chain protects."""
    content = {key: entry[key] for key in sorted(entry)} | {"at": entry["at"].timestamp()}
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).digest()


@event.listens_for(TenantSession, "before_commit")
def _seal(session: Session) -> None:
    if session.in_nested_transaction():
        return
    pending: list[dict[str, Any]] = session.info.pop(_PENDING, [])
    if pending:
        connection = session.connection()
        for entry in pending:
            _chain_on(connection, entry)


def _chain_on(connection: Connection, entry: dict[str, Any]) -> None:
    digest = digest_of(entry)
    tenant_id = entry["tenant_id"]
    head = (
        update(AuditHead)
        .where(AuditHead.tenant_id == tenant_id)
        .values(seq=AuditHead.seq + 1, hash=func.sha256(AuditHead.hash.op("||")(digest)))
        .returning(AuditHead.seq, AuditHead.hash)
        .cte("head")
    )
    values = entry | {"digest": digest}
    names = list(values)
    columns = AuditEntry.__table__.c
    chained = select(
        *(literal(values[name], columns[name].type) for name in names), head.c.seq, head.c.hash
    )
    connection.execute(insert(AuditEntry).from_select([*names, "seq", "hash"], chained))
