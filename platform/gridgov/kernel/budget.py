"""A limit to what somebody else's code may take: seconds and statements."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.kernel.errors import OverBudget


@asynccontextmanager
async def within(session: AsyncSession, *, seconds: float, statements: int) -> AsyncGenerator[None]:
    """Let the block speak so often to the database, and so long; else it is stopped.

    One that holds the whole process, or goes on after it was stopped, has failed at its end.
    """
    connection = (await session.connection()).sync_connection
    left = statements

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OverBudget(f"More than {statements} statements.")

    event.listen(connection, "before_cursor_execute", count)
    began = perf_counter()
    try:
        async with asyncio.timeout(seconds):
            yield
        if left < 0:
            raise OverBudget(f"More than {statements} statements.")
        if perf_counter() - began > seconds:
            raise TimeoutError
    finally:
        event.remove(connection, "before_cursor_execute", count)
