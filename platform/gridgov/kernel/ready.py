"""Statements made ready once, for what nearly every request says.

The session's way of saying something (cache keys, events, results) costs the application six to
nine times what the driver takes. A ``Ready`` statement is compiled when it is said first, with the
first wall in it; after that only its parameters travel, and its rows come from the driver. It is
said in the session's own transaction, after whatever the session still holds back.

    _BY_CODE = Ready(select(Case.id, Case.title).where(Case.code == bindparam("code")))
    row = await _BY_CODE.row(ctx.session, code=code)

For columns and parameters: no entities, no lists of unknown length (``any_`` of an array does it).
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ClauseElement

from gridgov.kernel.db import MINE, WALL, speaking

_DIALECT: Final = asyncpg.dialect()

Processor = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The words, what fills each place, and what comes back."""

    words: str
    given: tuple[tuple[str, Any, Processor], ...]
    shape: Callable[[Any], Any]
    found: tuple[tuple[int, Callable[[Any], Any]], ...]


class Ready:
    """One statement of one tenant."""

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement: ClauseElement | None = statement
        self._compiled: _Compiled | None = None

    async def rows(self, session: AsyncSession, /, **given: Any) -> list[Any]:
        """All rows, with the names of the columns."""
        compiled = self._compiled or self._compile()
        given[WALL] = session.info["tenant_id"]
        values = [
            _value(given.get(name, default), processor)
            for name, default, processor in compiled.given
        ]
        if session.new or session.dirty or session.deleted:
            await session.flush()
        connection = await speaking(session)
        _let_hear(connection, compiled.words, values)
        driver: Any = connection.connection.driver_connection
        found = await driver.fetch(compiled.words, *values)
        if not compiled.found:
            return [compiled.shape(row) for row in found]
        return [_shaped(compiled, row) for row in found]

    async def row(self, session: AsyncSession, /, **given: Any) -> Any | None:
        """The row, or None: there is one at most."""
        found = await self.rows(session, **given)
        return found[0] if found else None

    async def scalar(self, session: AsyncSession, /, **given: Any) -> Any | None:
        """The first column of that row."""
        found = await self.rows(session, **given)
        return found[0][0] if found else None

    def _compile(self) -> _Compiled:
        statement = cast("Any", self._statement)
        if not statement.is_insert:
            statement = statement.options(MINE)
        compiled = statement.compile(dialect=_DIALECT)
        if compiled.post_compile_params or compiled.literal_execute_params:
            raise ValueError("A statement with a list of unknown length cannot be made ready.")
        processors: Mapping[str, Any] = compiled._bind_processors  # noqa: SLF001
        columns = compiled._result_columns  # noqa: SLF001
        shape: Any = namedtuple("Found", [c.keyname for c in columns], rename=True)  # noqa: PYI024
        self._compiled = _Compiled(
            str(compiled),
            tuple(
                (name, compiled.params[name], processors.get(name))
                for name in compiled.positiontup or ()
            ),
            shape._make,
            tuple(
                (place, processor)
                for place, column in enumerate(columns)
                if (processor := _from_driver(column.type)) is not None
            ),
        )
        self._statement = None
        return self._compiled


def _value(value: Any, processor: Processor) -> Any:
    return value if processor is None else processor(value)


def _shaped(compiled: _Compiled, row: Any) -> Any:
    values = list(row)
    for place, processor in compiled.found:
        values[place] = processor(values[place])
    return compiled.shape(values)


def _from_driver(kind: Any) -> Processor:
    processor: Processor = kind.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
    return processor


def _let_hear(connection: Connection, words: str, values: list[Any]) -> None:
    """Who listens to the engine hears these statements as all others."""
    heard: Any = connection.dispatch
    heard.before_cursor_execute(connection, None, words, tuple(values), None, False)  # noqa: FBT003
