"""A limit to what somebody else's code may take: seconds and statements."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession


class OverBudget(Exception):
    """More statements than were allowed. What takes too long is a TimeoutError."""


@asynccontextmanager
async def within(session: AsyncSession, *, seconds: float, statements: int) -> AsyncGenerator[None]:
    """Let the block speak so often to the database, and so long; else it is stopped."""
    connection = (await session.connection()).sync_connection
    left = statements

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OverBudget(f"More than {statements} statements.")

    event.listen(connection, "before_cursor_execute", count)
    try:
        async with asyncio.timeout(seconds):
            yield
    finally:
        event.remove(connection, "before_cursor_execute", count)
