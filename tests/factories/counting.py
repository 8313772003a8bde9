"""How many statements a request sends, its transaction's own words not counted."""

from collections.abc import Iterator
from contextlib import contextmanager

from litestar import Litestar
from sqlalchemy import event

_SILENT = ("BEGIN", "SET", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def counted(app: Litestar) -> Iterator[list[str]]:
    """The statements sent meanwhile, in order."""
    sent: list[str] = []
    engine = app.state.database.sync_engine

    def note(*given: object) -> None:
        statement = str(given[2])
        if not statement.lstrip().upper().startswith(_SILENT):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
