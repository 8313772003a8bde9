"""The relay: tells what happened to whoever listens, each handler exactly once per event.

A handler's effects, its delivery row and, after the last handler, the event's end are one
transaction under a lock on the event. So a lease that runs out early costs a wasted look, never a
second effect.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.kernel import queue
from gridgov.kernel.outbox import DONE, PARKED, WAITING, Event, Handler

_log = logging.getLogger("gridgov.relay")


class JobContext(Protocol):
    """What the kernel knows of a context: a transaction of one tenant, and its one clock."""

    @property
    def session(self) -> AsyncSession: ...

    @property
    def now(self) -> datetime: ...


class Workplace(Protocol):
    """One active tenant, made ready to work in."""

    @property
    def tenant_id(self) -> UUID: ...

    def transaction(
        self, name: str, *, now: datetime | None = None
    ) -> AbstractAsyncContextManager[Any]:
        """A context of the system under this name: committed, or undone by an exception."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How patient the relay is."""

    lease: timedelta = timedelta(seconds=30)
    batch: int = 20
    handler: float = 20.0  # seconds for one handler
    tries: int = 8
    first_wait: timedelta = timedelta(seconds=5)
    longest_wait: timedelta = timedelta(hours=1)
    lost: int = 5  # claims without an outcome, after which the event is held to kill its workers

    def wait(self, attempts: int) -> timedelta:
        """How long after that many attempts: twice as long each time."""
        return min(self.first_wait * (1 << (attempts - 1)), self.longest_wait)


class WorkerLost(Exception):
    """The worker died whenever it ran this event: nobody lived to tell more."""


class Relay:
    """Relays the events of one tenant at a time; any number of relays may run side by side."""

    def __init__(
        self,
        handlers: Mapping[str, Sequence[Handler]],
        *,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
    ) -> None:
        self._handlers = handlers
        self._clock = clock
        self._limits = limits or Limits()
        self._stopping = False

    def stop(self) -> None:
        """Begin no further handler; what is claimed is given back."""
        self._stopping = True

    async def relay(self, place: Workplace) -> bool:
        """Relay one batch of what is due; whether there may be more."""
        async with place.transaction("relay") as ctx:
            if not await queue.is_due(ctx.session, self._clock()):
                return False
            fresh = await self._claim(ctx, most=self._limits.batch)
        await self._work(place, fresh)
        if self._stopping:
            return False
        async with place.transaction("relay") as ctx:
            # One by one: among those that a worker left behind may be the one that killed it.
            left = await self._claim(ctx, most=1, again=True)
        await self._work(place, left)
        return bool(fresh or left) and not self._stopping

    async def _claim(
        self, ctx: JobContext, *, most: int, again: bool = False
    ) -> list[tuple[Event, int]]:
        limits = self._limits
        claimed = await queue.claim(
            ctx.session, self._clock(), lease=limits.lease, most=most, again=again
        )
        unheard = [event.id for event, _ in claimed if not self._handlers.get(event.kind)]
        if unheard:
            await queue.settle(ctx.session, unheard, done_at=self._clock())
        return [(event, claims) for event, claims in claimed if event.id not in unheard]

    async def _work(self, place: Workplace, claimed: Sequence[tuple[Event, int]]) -> None:
        # A batch is given back in time, so that its tail is not claimed twice.
        until = self._clock() + self._limits.lease / 2
        for position, (event, claims) in enumerate(claimed):
            if self._stopping or self._clock() > until:
                await self._give_back(place, claimed[position:])
                return
            try:
                for handler in self._handlers[event.kind]:
                    await self._try(place, event, handler, lost=claims > self._limits.lost)
            except asyncio.CancelledError:
                # The worker is told to stop: no fault of the event, which must not count as one.
                await self._give_back(place, claimed[position:])
                raise

    async def _give_back(self, place: Workplace, claimed: Sequence[tuple[Event, int]]) -> None:
        async with place.transaction("relay") as ctx:
            await queue.give_back(ctx.session, [event.id for event, _ in claimed])

    async def _try(self, place: Workplace, event: Event, handler: Handler, *, lost: bool) -> None:
        try:
            if lost:
                raise WorkerLost
            async with asyncio.timeout(self._limits.handler):
                await self._deliver(place, event, handler)
        except Exception as error:
            await self._fail(place, event, handler, error)

    async def _deliver(self, place: Workplace, event: Event, handler: Handler) -> None:
        async with place.transaction(handler.name) as ctx:
            held = await queue.hold(ctx.session, event.id)
            if held is None or queue.is_settled(held, handler.name):
                return
            await handler.run(ctx, event)
            tried = held.get(handler.name, (WAITING, 0))[1] + 1
            await self._finish(ctx, event, handler, held, state=DONE, attempts=tried)

    async def _fail(
        self, place: Workplace, event: Event, handler: Handler, error: Exception
    ) -> None:
        """Write down that it failed: the class of the fault only, its words may quote a person."""
        async with place.transaction(handler.name) as ctx:
            held = await queue.hold(ctx.session, event.id)
            if held is None or queue.is_settled(held, handler.name):
                return
            tried = held.get(handler.name, (WAITING, 0))[1] + 1
            gone = tried >= self._limits.tries or isinstance(error, WorkerLost)
            await self._finish(
                ctx,
                event,
                handler,
                held,
                state=PARKED if gone else WAITING,
                attempts=tried,
                error=type(error).__name__,
            )
        _log.log(
            logging.ERROR if gone else logging.WARNING,
            "%s: %s of event %s failed with %s, try %d%s",
            place.tenant_id,
            handler.name,
            event.id,
            type(error).__name__,
            tried,
            "; parked" if gone else "",
            exc_info=(Exception, Exception("(message withheld)"), error.__traceback__),
        )

    async def _finish(
        self,
        ctx: JobContext,
        event: Event,
        handler: Handler,
        held: queue.Held,
        *,
        state: str,
        attempts: int,
        error: str | None = None,
    ) -> None:
        now = self._clock()
        await queue.deliver(
            ctx.session,
            event,
            handler.name,
            state=state,
            attempts=attempts,
            error=error,
            at=now,
        )
        held[handler.name] = (state, attempts)
        names = [other.name for other in self._handlers[event.kind]]
        if all(queue.is_settled(held, name) for name in names):
            await queue.settle(ctx.session, [event.id], done_at=now)
        elif state == WAITING:
            await queue.settle(ctx.session, [event.id], run_at=now + self._limits.wait(attempts))
