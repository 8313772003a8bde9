"""The worker that is killed: production's, with one more handler, a shorter lease, and traces.

``python -m crash.victims``, settings from the environment.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from factories.working import leave_trace
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.outbox import Event, Handler
from gridgov.kernel.relay import Limits
from gridgov.kernel.settings import Settings
from gridgov.notices.actions import notify
from gridgov.rooms import HANDLERS
from gridgov.worker import Worker, serve

REPORTED: Final = "case.reported"
PENDING: Final = "crash.pending"
TRACE: Final = "trace"
LEASE: Final = timedelta(seconds=3)


async def tell(ctx: Context, event: Event) -> None:
    """Tell the account that the event names."""
    account = UUID(event.payload["account"])
    await notify(ctx, [account], about=f"{event.kind}:{event.id}", text="测试通知", link="/")


async def trace(ctx: Context, event: Event) -> None:
    """A row for each run: two rows for one event are two effects."""
    record(ctx, "crash.traced", "event", event.id)
    await leave_trace(ctx, event, TRACE)


async def work() -> None:
    """Until told to stop."""
    tracing = Handler(TRACE, trace)
    handlers = {
        **HANDLERS,
        REPORTED: [*HANDLERS[REPORTED], tracing],
        PENDING: [Handler("tell", tell), tracing],
    }
    await serve(Worker(Settings.from_env(), handlers=handlers, limits=Limits(lease=LEASE)))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("arq").setLevel(logging.ERROR)
    asyncio.run(work())
