"""The outbox as a queue: claimed by a lease, held by a lock, settled with an outcome.

Every statement is of one tenant and runs on the session that is cut to it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.kernel.ids import new_id
from gridgov.kernel.joins import tied
from gridgov.kernel.outbox import DONE, PARKED, WAITING, Event, OutboxDelivery, OutboxEvent
from gridgov.kernel.pokes import note_work

Held = dict[str, tuple[str, int]]
"""State and attempts of each handler that has tried."""

_SETTLED: Final = frozenset({DONE, PARKED})
_COLUMNS = (
    OutboxEvent.id,
    OutboxEvent.tenant_id,
    OutboxEvent.kind,
    OutboxEvent.subject,
    OutboxEvent.actor,
    OutboxEvent.payload,
    OutboxEvent.at,
)


def _due(now: datetime) -> ColumnElement[bool]:
    free = OutboxEvent.lease_until.is_(None) | (OutboxEvent.lease_until < now)
    return OutboxEvent.done_at.is_(None) & (OutboxEvent.run_at <= now) & free


async def is_due(session: AsyncSession, now: datetime) -> bool:
    """Whether the session's tenant has anything to relay."""
    return bool(await session.scalar(select(exists().where(_due(now)))))


async def claim(
    session: AsyncSession, now: datetime, *, lease: timedelta, most: int, again: bool = False
) -> list[tuple[Event, int]]:
    """Take due events for the length of the lease, each with how often it was taken.

    ``again``: one that was taken before and left without an outcome, the least often taken first.
    """
    before = OutboxEvent.claims > 0 if again else OutboxEvent.claims == 0
    order = (OutboxEvent.claims,) if again else ()
    due = (
        select(OutboxEvent.tenant_id, OutboxEvent.id)
        .where(_due(now), before)
        .order_by(*order, OutboxEvent.run_at, OutboxEvent.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = await session.execute(
        update(OutboxEvent)
        .where(OutboxEvent.tenant_id == due.c.tenant_id, OutboxEvent.id == due.c.id)
        .values(lease_until=now + lease, claims=OutboxEvent.claims + 1)
        .returning(*_COLUMNS, OutboxEvent.run_at, OutboxEvent.claims)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(taken, key=lambda row: (row.run_at, row.id))
    return [(Event(*row[:7]), row.claims) for row in rows]


async def give_back(session: AsyncSession, event_ids: Collection[UUID]) -> None:
    """End the claim on events to which nothing has been done; whoever comes next begins anew."""
    await session.execute(
        update(OutboxEvent)
        .where(OutboxEvent.id.in_(event_ids), OutboxEvent.done_at.is_(None))
        .values(lease_until=None, claims=0)
        .execution_options(synchronize_session=False)
    )


async def hold(session: AsyncSession, event_id: UUID) -> Held | None:
    """Lock the event for this transaction: state and attempts of each handler that has tried.

    None if another worker has it now, or if there is nothing more to do.
    """
    mine = await session.scalar(
        select(OutboxEvent.id)
        .where(OutboxEvent.id == event_id, OutboxEvent.done_at.is_(None))
        .with_for_update(skip_locked=True, key_share=True)
    )
    if mine is None:
        return None
    rows = await session.execute(
        select(OutboxDelivery.handler, OutboxDelivery.state, OutboxDelivery.attempts).where(
            OutboxDelivery.event_id == event_id
        )
    )
    return {row.handler: (row.state, row.attempts) for row in rows}


async def deliver(
    session: AsyncSession,
    event: Event,
    handler: str,
    *,
    state: str,
    attempts: int,
    at: datetime,
    error: str | None = None,
) -> None:
    """Write down how a handler's try ended."""
    outcome = {"state": state, "attempts": attempts, "error": error, "at": at}
    await session.execute(
        insert(OutboxDelivery)
        .values(
            tenant_id=event.tenant_id, id=new_id(), event_id=event.id, handler=handler, **outcome
        )
        .on_conflict_do_update(index_elements=["tenant_id", "event_id", "handler"], set_=outcome)
    )


def is_settled(held: Held, handler: str) -> bool:
    """Whether this handler has nothing more to do with the event."""
    return handler in held and held[handler][0] in _SETTLED


async def settle(
    session: AsyncSession,
    event_ids: Collection[UUID],
    *,
    done_at: datetime | None = None,
    run_at: datetime | None = None,
) -> None:
    """End the claim with an outcome: done, or another try later."""
    values: dict[str, Any] = {"lease_until": None, "claims": 0, "done_at": done_at}
    if run_at is not None:
        values["run_at"] = run_at
    await session.execute(
        update(OutboxEvent)
        .where(OutboxEvent.id.in_(event_ids))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def replay(session: AsyncSession, delivery_id: UUID, *, now: datetime) -> bool:
    """Let a parked delivery be tried again; False if it is not parked (any more)."""
    event_id = await session.scalar(
        update(OutboxDelivery)
        .where(OutboxDelivery.id == delivery_id, OutboxDelivery.state == PARKED)
        .values(state=WAITING, attempts=0, at=now)
        .returning(OutboxDelivery.event_id)
        .execution_options(synchronize_session=False)
    )
    if event_id is None:
        return False
    await settle(session, [event_id], run_at=now)
    note_work(session.info, session.info["tenant_id"])
    return True


async def purge(session: AsyncSession, *, before: datetime, most: int = 5000) -> int:
    """Delete events that were done before, with their deliveries; how many events.

    An event with a parked delivery stays until a person has seen to it.
    """
    parked = exists().where(
        tied(OutboxDelivery.event_id, OutboxEvent.id),
        OutboxDelivery.state == PARKED,
    )
    old: Sequence[UUID] = (
        await session.scalars(
            select(OutboxEvent.id)
            .where(OutboxEvent.done_at < before, ~parked)
            .order_by(OutboxEvent.done_at)
            .limit(most)
        )
    ).all()
    if old:
        await session.execute(delete(OutboxDelivery).where(OutboxDelivery.event_id.in_(old)))
        await session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_(old)))
    return len(old)


async def backlog(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many events wait, and since when the oldest is due."""
    row = (
        await session.execute(
            select(func.count(), func.min(OutboxEvent.run_at)).where(OutboxEvent.done_at.is_(None))
        )
    ).one()
    return row[0], row[1]


async def parked(session: AsyncSession, *, most: int = 200) -> Sequence[Any]:
    """What waits for a person: delivery, event, kind, handler, the fault's class and when."""
    return (
        await session.execute(
            select(
                OutboxDelivery.id,
                OutboxDelivery.event_id,
                OutboxEvent.kind,
                OutboxDelivery.handler,
                OutboxDelivery.error,
                OutboxDelivery.at,
            )
            .join(OutboxEvent, OutboxEvent.id == OutboxDelivery.event_id)
            .where(OutboxDelivery.state == PARKED)
            .order_by(OutboxDelivery.at)
            .limit(most)
        )
    ).all()
