"""What is really written: statements that change rows, kept once their transaction commits."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from gridgov.kernel.db import Database

CHANGES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+(?!SET\b)(\w+)", re.IGNORECASE)
READS = re.compile(r"\s*SELECT\b(?!.*\bINTO\b)", re.IGNORECASE | re.DOTALL)


@contextmanager
def committed(database: Database) -> Iterator[list[str]]:
    """The tables that committed transactions have written to meanwhile, in order."""
    kept: list[str] = []
    open_: dict[int, list[str]] = {}

    def note(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not READS.match(statement):
            open_.setdefault(id(connection), []).extend(CHANGES.findall(statement))

    def keep(connection: Any) -> None:
        kept.extend(open_.pop(id(connection), ()))

    def forget(connection: Any) -> None:
        open_.pop(id(connection), None)

    listeners = (("before_cursor_execute", note), ("commit", keep), ("rollback", forget))
    for name, listener in listeners:
        event.listen(database.sync_engine, name, listener)
    try:
        yield kept
    finally:
        for name, listener in listeners:
            event.remove(database.sync_engine, name, listener)
