"""Runs what is due by the clock, tenant by tenant; what a schedule is, kernel.schedules tells."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.kernel.ids import new_id
from gridgov.kernel.relay import Workplace
from gridgov.kernel.schedules import CatchUp, Every, Schedule

_PATIENCE: Final = 60.0  # seconds for one run
_FIRST_WAIT: Final = timedelta(seconds=15)
_LONGEST_WAIT: Final = timedelta(hours=1)
_TRIES: Final = 6  # of one slot, where each slot counts
_log = logging.getLogger("gridgov.clockwork")


class Clockwork:
    """Looks which jobs are due and runs them. Any number may run side by side.

    What was seen in the database is remembered until its next slot, so an idle look costs nothing.
    """

    def __init__(self, schedules: Mapping[str, Every], *, clock: Callable[[], datetime]) -> None:
        self._schedules = schedules
        self._clock = clock
        self._asleep_until: dict[tuple[UUID, str], datetime] = {}
        self._stopping = False

    def stop(self) -> None:
        """Begin no further run."""
        self._stopping = True

    async def run_due(self, place: Workplace) -> int:
        """Run every job of this tenant whose slot has come; how many ran."""
        ran = 0
        for job, every in self._schedules.items():
            while (
                not self._stopping
                and self._awake(place, job)
                and await self._run(place, job, every)
            ):
                ran += 1
        return ran

    def _awake(self, place: Workplace, job: str) -> bool:
        until = self._asleep_until.get((place.tenant_id, job))
        return until is None or self._clock() >= until

    def _sleep(self, place: Workplace, job: str, until: datetime) -> None:
        self._asleep_until[place.tenant_id, job] = until

    async def _run(self, place: Workplace, job: str, every: Every) -> bool:
        """Run the oldest missed slot; whether one ran, so that there may be another."""
        slot: datetime | None = None
        try:
            async with asyncio.timeout(_PATIENCE):
                slot = await self._next(place, job, every)
                if slot is None:
                    return False
                each = every.catch_up is CatchUp.EACH
                async with place.transaction(job, now=slot if each else None) as ctx:
                    if not await self._take(ctx.session, job, slot):
                        return False
                    await every.run(ctx)
                    await self._settle(ctx.session, job, slot=slot, ran_at=self._clock())
        except Exception as error:
            if slot is None:
                raise
            await self._fail(place, job, slot, every=every, error=error)
            return False
        return True

    async def _next(self, place: Workplace, job: str, every: Every) -> datetime | None:
        now = self._clock()
        async with place.transaction("clockwork") as ctx:
            row = (
                await ctx.session.execute(
                    select(Schedule.slot, Schedule.retry_at).where(Schedule.job == job)
                )
            ).one_or_none()
            if row is None:  # new here: its first slot is the next one
                await self._begin(ctx.session, place.tenant_id, job, every.slot(now))
                self._sleep(place, job, every.slot(now) + every.period)
                return None
        slot = next(every.missed(row.slot, now), None)
        if slot is None:
            self._sleep(place, job, every.slot(max(now, row.slot)) + every.period)
        elif row.retry_at is not None and row.retry_at > now:
            self._sleep(place, job, row.retry_at)
            slot = None
        return slot

    async def _begin(
        self, session: AsyncSession, tenant_id: UUID, job: str, slot: datetime
    ) -> None:
        await session.execute(
            insert(Schedule)
            .values(tenant_id=tenant_id, id=new_id(), job=job, slot=slot)
            .on_conflict_do_nothing()
        )

    async def _take(self, session: AsyncSession, job: str, slot: datetime) -> bool:
        """Lock the job's row, unless another worker has it or has settled this slot."""
        taken = await session.scalar(
            select(Schedule.id)
            .where(Schedule.job == job, Schedule.slot < slot)
            .with_for_update(skip_locked=True)
        )
        return taken is not None

    async def _settle(
        self, session: AsyncSession, job: str, *, slot: datetime, ran_at: datetime
    ) -> None:
        await session.execute(
            update(Schedule)
            .where(Schedule.job == job)
            .values(slot=slot, ran_at=ran_at, failures=0, error=None, retry_at=None)
            .execution_options(synchronize_session=False)
        )

    async def _fail(
        self, place: Workplace, job: str, slot: datetime, *, every: Every, error: Exception
    ) -> None:
        """Wait a little longer each time; a slot that never runs is left, so that others follow."""
        now = self._clock()
        async with place.transaction("clockwork") as ctx:
            failures = await ctx.session.scalar(
                select(Schedule.failures)
                .where(Schedule.job == job, Schedule.slot < slot)
                .with_for_update(skip_locked=True)
            )
            if failures is None:
                return
            given_up = every.catch_up is CatchUp.EACH and failures + 1 >= _TRIES
            wait = min(_FIRST_WAIT * 2**failures, _LONGEST_WAIT, every.period)
            values = (
                {"slot": slot, "failures": 0, "retry_at": None}
                if given_up
                else {"failures": failures + 1, "retry_at": now + wait}
            )
            await ctx.session.execute(
                update(Schedule)
                .where(Schedule.job == job)
                .values(error=type(error).__name__, **values)
                .execution_options(synchronize_session=False)
            )
        _log.warning(
            "%s: %s failed with %s, try %d%s",
            place.tenant_id,
            job,
            type(error).__name__,
            failures + 1,
            "; this slot is left out" if given_up else "",
            exc_info=(Exception, Exception("(message withheld)"), error.__traceback__),
        )
