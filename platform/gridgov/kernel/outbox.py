"""What happened, kept in the same transaction as the change, told later by the relay.

An event is one row. Each handler's delivery is another, written in the transaction of the handler's
own effects: killed anywhere, a handler has either done its work once or not yet.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index
from gridgov.kernel.ids import new_id
from gridgov.kernel.pokes import note_work

DONE: Final = "done"
WAITING: Final = "waiting"
PARKED: Final = "parked"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to ``subject``. ``actor`` is the account that did it, if one did."""

    id: UUID
    tenant_id: UUID
    kind: str
    subject: UUID
    actor: UUID | None
    payload: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Handler:
    """Who listens. ``name`` is kept with the delivery: renamed, it counts as another handler."""

    name: str
    run: Callable[[Any, Event], Awaitable[None]]


class OutboxEvent(TenantRow):
    """An event until all its handlers have run.

    ``lease_until`` is a worker's claim on it; ``claims`` counts those that ended without an
    outcome, for an event may kill its worker. ``done_at`` is set when no handler waits any more.
    """

    __tablename__ = "outbox_events"

    kind: Mapped[str]
    subject: Mapped[UUID]
    actor: Mapped[UUID | None]
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    claims: Mapped[int] = mapped_column(server_default="0")
    done_at: Mapped[datetime | None]

    __table_args__ = (
        tenant_index("run_at", postgresql_where="done_at IS NULL"),
        tenant_index("done_at"),
    )


class OutboxDelivery(TenantRow):
    """One handler's dealing with one event: ``done``, ``waiting`` for another try, or ``parked``.

    What is parked waits for a person; ``error`` is the class of the fault, never its words.
    """

    __tablename__ = "outbox_deliveries"

    event_id: Mapped[UUID]
    handler: Mapped[str]
    state: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    error: Mapped[str | None]
    at: Mapped[datetime]

    __table_args__ = (
        *tenant_fk("event_id", OutboxEvent, index=False),
        tenant_index("event_id", "handler", unique=True),
        tenant_index("state", postgresql_where="state <> 'done'"),
    )


async def emit(
    session: AsyncSession,
    tenant_id: UUID,
    kind: str,
    subject: UUID,
    *,
    at: datetime,
    actor: UUID | None = None,
    **payload: Any,
) -> None:
    """Write the event into the running transaction; a worker is woken when it commits."""
    await session.execute(
        insert(OutboxEvent).values(
            tenant_id=tenant_id,
            id=new_id(),
            kind=kind,
            subject=subject,
            actor=actor,
            payload=payload,
            at=at,
            run_at=at,
        )
    )
    note_work(session.info, tenant_id)
