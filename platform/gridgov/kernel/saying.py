"""How a transaction begins, and what SQLAlchemy does for a statement that goes past it.

``BEGIN`` and the announcement of the tenant travel in one message: of the two messages of every
request that carry no question, one is left. Whoever listens to the engine hears all of it.
"""

from collections.abc import Sequence
from typing import Any, NoReturn

import asyncpg  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]
from sqlalchemy import Connection
from sqlalchemy.util import await_only

_BEGIN = "BEGIN;"


class Announcing(asyncpg.Connection):  # type: ignore[misc]
    """A connection of the driver whose transactions begin with an announcement."""

    announcement = ""

    async def execute(self, query: str, *args: Any, **how: Any) -> str:
        """The driver's door. Should it ever say BEGIN otherwise, no tenant's row is seen at all."""
        if query == _BEGIN:
            query = f"{_BEGIN} {self.announcement}"
        said: str = await super().execute(query, *args, **how)
        return said


def begin(connection: Connection, announcement: str) -> None:
    """Begin the transaction of a connection and announce whose it is. In a session's event.

    A savepoint lies in a transaction that has begun, and is whose that is. Whoever leaves in the
    middle of it (a browser that hangs up) leaves a connection of which nobody knows whether it has
    begun: the driver would take the next beginning for a savepoint, never announce and never
    commit. So it is thrown away.
    """
    pooled: Any = connection.connection.dbapi_connection
    if pooled._transaction is not None:  # noqa: SLF001
        return
    let_hear(connection, announcement, ())
    pooled.driver_connection.announcement = announcement
    try:
        await_only(pooled._start_transaction())  # noqa: SLF001
    except BaseException as fault:
        try:
            if isinstance(fault, Exception):
                raise_as_told(connection, fault, announcement, ())
            raise
        finally:
            connection.invalidate(fault)
    finally:
        pooled.driver_connection.announcement = ""  # whoever begins next says their own


def let_hear(connection: Connection, words: str, values: Sequence[Any]) -> None:
    """Who listens to the engine hears this statement as all others."""
    heard: Any = connection
    if heard._has_events or heard.engine._has_events:  # noqa: SLF001
        heard.dispatch.before_cursor_execute(heard, None, words, tuple(values), None, False)  # noqa: FBT003


def raise_as_told(
    connection: Connection, fault: Exception, words: str, values: Sequence[Any]
) -> NoReturn:
    """Raise it as the engine would: with its kinds of errors, a lost connection given up."""
    engine: Any = connection
    try:
        engine.connection.dbapi_connection._handle_exception(fault)  # noqa: SLF001
    except Exception as told:
        engine._handle_dbapi_exception(told, words, tuple(values), None, None)  # noqa: SLF001
    raise fault
