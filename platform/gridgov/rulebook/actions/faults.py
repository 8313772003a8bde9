"""Faults of plugins are put down in transactions of their own: a page that reads stays reading."""

import asyncio
import logging
from collections import Counter
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.ids import new_id
from gridgov.policy import Fault
from gridgov.rulebook.models import HookFault
from gridgov.tenants.models import TenantRecord

MOST_WAITING: Final = 200
"""Different faults that wait to be put down; what comes on top stands in the log alone."""

_log = logging.getLogger("gridgov.faults")


class FaultBook:
    """Told of faults by policies; writes them beside whatever met them, one row for each kind."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: Counter[Fault] = Counter()
        self._writing: asyncio.Task[None] | None = None

    def __call__(self, fault: Fault) -> None:
        """Take note; it is written as soon as there is time."""
        if fault in self._waiting or len(self._waiting) < MOST_WAITING:
            self._waiting[fault] += 1
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def written(self) -> None:
        """Wait until everything that was noted so far has been put down."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            noted, self._waiting = self._waiting, Counter()
            try:
                for tenant in {fault.tenant for fault in noted}:
                    mine = {fault: n for fault, n in noted.items() if fault.tenant == tenant}
                    await self._put_down(tenant, mine, now())
            except Exception as error:  # the log has them; nobody waits for this
                _log.warning("faults of plugins are not put down: %s", type(error).__name__)

    async def _put_down(self, tenant: str, noted: dict[Fault, int], at: datetime) -> None:
        async with self._database.shared() as session:
            found: UUID | None = await session.scalar(
                select(TenantRecord.id).where(TenantRecord.slug == tenant)
            )
        if found is None:
            return
        put = insert(HookFault)
        more = {
            "count": HookFault.count + put.excluded.count,
            "last_at": func.greatest(HookFault.last_at, put.excluded.last_at),
        }
        rows = [
            {
                "tenant_id": found,
                "id": new_id(),
                "number": fault.number,
                "plugin": fault.plugin,
                "hook": fault.hook,
                "what": fault.what,
                "count": count,
                "first_at": at,
                "last_at": at,
            }
            for fault, count in sorted(noted.items(), key=lambda one: one[0].number)
        ]
        async with self._database.session(found) as session:
            await session.execute(
                put.on_conflict_do_update(index_elements=["tenant_id", "number"], set_=more), rows
            )
