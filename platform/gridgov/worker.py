"""The worker: tells events to whoever listens, and runs what is due by the clock.

PostgreSQL is the queue of record; the worker finds work by looking into each active tenant every
few seconds. arq runs beside it and only wakes it: when Redis stops, arq's worker ends and is
started again, and nothing else is disturbed.
"""

import asyncio
import logging
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import time, timedelta
from typing import Any, Final
from uuid import UUID

from arq import Worker as ArqWorker
from arq import cron, func

from gridgov.context import Context
from gridgov.kernel import queue
from gridgov.kernel.clock import now
from gridgov.kernel.clockwork import Clockwork
from gridgov.kernel.db import Database
from gridgov.kernel.outbox import Handler
from gridgov.kernel.pokes import WAKE, redis_for
from gridgov.kernel.relay import Limits, Relay
from gridgov.kernel.schedules import Every
from gridgov.kernel.settings import Settings
from gridgov.kernel.tasks import end
from gridgov.kernel.together import Together
from gridgov.policy import Policies
from gridgov.rooms import SCHEDULES, TOGETHER
from gridgov.rooms import handlers as handlers_of
from gridgov.rulebook.actions.faults import FaultBook
from gridgov.tenants.models import TenantRecord
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplace, Workplaces

LOOKS_EVERY: Final = 3.0  # seconds
AT_ONCE: Final = 4  # tenants
BATCHES: Final = 10  # of one tenant, before another gets its turn
GRACE: Final = 6.0  # seconds for what runs when told to stop
_REST: Final = (1.0, 2.0, 5.0, 15.0)
_KEPT: Final = timedelta(days=30)

_log = logging.getLogger("gridgov.worker")


async def forget_old_events(ctx: Context) -> None:
    """Delete what was told long ago; what is parked stays."""
    while await queue.purge(ctx.session, before=ctx.now - _KEPT):
        pass


OWN: Final = {"outbox.forget": Every(days=1, at=time(3, 40), run=forget_old_events)}


class Worker:
    """One worker process. Any number may run against the same database."""

    def __init__(
        self,
        settings: Settings,
        *,
        handlers: Mapping[str, Sequence[Handler]] | None = None,
        schedules: Mapping[str, Every] | None = None,
        policies: Policies | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._settings = settings
        self._database = Database(settings)
        self._faults = FaultBook(self._database)
        policies = policies or Policies(tell=self._faults)
        self._places = Workplaces(
            self._database,
            Rulebooks(policies),
            settings.secret,
            Together(TOGETHER),
            settings.files,
        )
        self._relay = Relay(
            handlers_of(policies.plugins) if handlers is None else handlers,
            clock=now,
            limits=limits,
        )
        jobs = {**SCHEDULES, **OWN} if schedules is None else schedules
        self._clockwork = Clockwork(jobs, clock=now)
        self._records: dict[UUID, TenantRecord] = {}
        self._busy: dict[UUID, asyncio.Task[None]] = {}
        self._wanted: set[UUID] = set()
        self._seats = asyncio.Semaphore(AT_ONCE)
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Begin nothing new; what runs may end."""
        self._relay.stop()
        self._clockwork.stop()
        self._stopping.set()
        self._woken.set()

    async def run(self) -> None:
        """Until stopped."""
        side = asyncio.create_task(self._be_woken())
        try:
            while not self._stopping.is_set():
                await self._look_everywhere()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOKS_EVERY):
                        await self._look_where_wanted()
        finally:
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=GRACE)
            await end([side, *self._busy.values()])
            await self._faults.written()
            await self._database.close()

    async def _look_everywhere(self) -> None:
        """Into each active tenant."""
        try:
            records = await self._places.records(state="active")
        except Exception as error:  # whatever it is, the next look may be luckier
            _log.warning("cannot look for work: %s", type(error).__name__)
            return
        self._records = {record.id: record for record in records}
        for tenant_id in self._records:
            self._look(tenant_id)

    async def _look_where_wanted(self) -> None:
        """Until stopped: into a tenant as soon as it is told to have work."""
        while not self._stopping.is_set():
            await self._woken.wait()
            self._woken.clear()
            for tenant_id in self._wanted - self._busy.keys():
                self._wanted.discard(tenant_id)
                self._look(tenant_id)

    def _want(self, tenant_id: UUID) -> None:
        self._wanted.add(tenant_id)
        self._woken.set()

    def _look(self, tenant_id: UUID) -> None:
        """Visit the tenant, unless somebody of ours is there already."""
        record = self._records.get(tenant_id)
        if record is None or tenant_id in self._busy or self._stopping.is_set():
            return
        task = asyncio.create_task(self._visit(self._places.of(record)))
        self._busy[tenant_id] = task
        task.add_done_callback(lambda _: self._leave(tenant_id))

    def _leave(self, tenant_id: UUID) -> None:
        del self._busy[tenant_id]
        if tenant_id in self._wanted:
            self._woken.set()

    async def _visit(self, place: Workplace) -> None:
        async with self._seats:
            try:
                for _ in range(BATCHES):
                    await self._clockwork.run_due(place)
                    if not await self._relay.relay(place):
                        return
                self._want(place.tenant_id)
            except Exception as error:  # the database went away; claims run out by themselves
                _log.warning(
                    "%s: looking for work ended with %s", place.tenant_id, type(error).__name__
                )

    async def _be_woken(self) -> None:
        """arq, started again whenever it ends: it does when Redis stops."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._run_arq()
            except Exception as error:  # mostly that Redis is away; we look by ourselves meanwhile
                _log.warning("nobody wakes us: %s", type(error).__name__)
            lasted = asyncio.get_running_loop().time() - began
            failures = 0 if lasted > _REST[-1] else min(failures + 1, len(_REST) - 1)
            await asyncio.sleep(_REST[failures])

    async def _run_arq(self) -> None:
        async def wake(ctx: dict[Any, Any], tenant_id: str = "") -> None:  # noqa: ARG001
            if tenant_id:
                self._want(UUID(tenant_id))
            else:
                self._wanted |= self._records.keys()
                self._woken.set()

        redis = redis_for(self._settings.redis_url)
        arq = ArqWorker(
            functions=[func(wake, name=WAKE, keep_result=0, timeout=5, max_tries=1)],
            cron_jobs=[cron(wake, name="minute", second=0, keep_result=0, timeout=5)],
            redis_pool=redis,
            queue_name=redis.default_queue_name,
            job_serializer=redis.job_serializer,
            job_deserializer=redis.job_deserializer,
            handle_signals=False,
            poll_delay=0.25,
            log_results=False,
        )
        try:
            await arq.async_run()
        finally:
            await asyncio.gather(*arq.tasks.values(), return_exceptions=True)
            await redis.aclose(close_connection_pool=True)


async def serve(worker: Worker) -> None:
    """Work until told to stop by a signal."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    _log.info("working")
    await worker.run()
    _log.info("stopped")


async def _serve(settings: Settings) -> None:
    await serve(Worker(settings))


def main() -> int:
    """The process behind ``gridgov worker``."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("arq").setLevel(logging.ERROR)
    asyncio.run(_serve(Settings.from_env()))
    return 0
