"""How many statements something costs."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from gridgov.kernel.db import Database


@contextmanager
def statements(database: Database) -> Generator[list[str]]:
    """The statements sent meanwhile; BEGIN, SET and COMMIT are not counted."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("SET LOCAL"):
            sent.append(statement)

    event.listen(database.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.sync_engine, "before_cursor_execute", note)
