"""What happens by the clock: each slot of each job once in each tenant, whoever is awake.

A tenant keeps one row per job with the last slot that was settled. A worker takes the row without
waiting, runs the job and writes the slot in one transaction: killed anywhere, the slot was either
run or not, and two workers never run the same one, even when their clocks differ.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.clock import CHINA
from gridgov.kernel.db import TenantRow, tenant_index

_MONDAY: Final = datetime(2024, 1, 1, tzinfo=CHINA)
"""Slots are counted from a Monday's midnight in China, so that a week begins on a Monday."""

MOST_MISSED: Final = 100
"""How many missed slots are caught up one by one at a time; the next look goes on."""


class CatchUp(StrEnum):
    """What becomes of slots that nobody was awake for."""

    LATEST = "latest"  # the newest one runs, for all of them
    EACH = "each"  # all run, oldest first; ``ctx.now`` is the slot's own time


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """How often, and what: ``every = {"cases.lights": Every(minutes=1, run=tell_lights)}``.

    ``run`` is an action that knows the context alone; safe to repeat. ``at`` is the time of day in
    China of a job that runs by the day or the week.
    """

    run: Callable[[Any], Awaitable[None]]
    minutes: int = 0
    hours: int = 0
    days: int = 0
    at: time = time(0)
    catch_up: CatchUp = CatchUp.LATEST

    @property
    def period(self) -> timedelta:
        """The time from slot to slot."""
        return timedelta(days=self.days, hours=self.hours, minutes=self.minutes)

    @property
    def _first(self) -> datetime:
        return _MONDAY + timedelta(hours=self.at.hour, minutes=self.at.minute)

    def slot(self, now: datetime) -> datetime:
        """The slot that ``now`` lies in, by its beginning."""
        return self._first + (now - self._first) // self.period * self.period

    def missed(self, last: datetime, now: datetime) -> Iterator[datetime]:
        """The slots to run after ``last``, oldest first."""
        newest = self.slot(now)
        if self.catch_up is CatchUp.LATEST:
            if newest > last:
                yield newest
            return
        following = self.slot(last) + self.period
        for _ in range(MOST_MISSED):
            if following > newest:
                return
            yield following
            following += self.period


class Schedule(TenantRow):
    """Where a job stands in this tenant.

    ``slot`` is the last one settled. After a failure ``failures`` counts, ``error`` names the class
    of the fault, and nothing is tried before ``retry_at``.
    """

    __tablename__ = "schedules"

    job: Mapped[str] = mapped_column(Text)
    slot: Mapped[datetime]
    ran_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    retry_at: Mapped[datetime | None]

    __table_args__ = (tenant_index("job", unique=True),)
