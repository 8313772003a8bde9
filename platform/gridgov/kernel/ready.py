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

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ClauseElement

from gridgov.kernel.db import MINE, WALL, speaking

_dialect: Any = asyncpg.dialect
_DIALECT: Final[Dialect] = _dialect()

_tuple_of: Any = namedtuple  # noqa: PYI024  (its names are known at run time alone)

Processor = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The words, what fills their places, what of it is known, and what comes back."""

    words: str
    places: tuple[tuple[str, Processor], ...]
    known: Mapping[str, Any]
    shape: Callable[[Any], Any]


class Ready:
    """One statement; ``WALL`` stands for the session's tenant."""

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement: ClauseElement | None = statement
        self._compiled: _Compiled | None = None

    async def rows(self, session: AsyncSession, /, **given: Any) -> list[Any]:
        """All rows, with the names of the columns."""
        compiled = self._compiled or self._compile()
        told = {**compiled.known, WALL: session.info.get("tenant_id"), **given}
        values = [
            told[name] if processor is None else processor(told[name])
            for name, processor in compiled.places
        ]
        if session.new or session.dirty or session.deleted:
            await session.flush()
        connection = await speaking(session)
        _let_hear(connection, compiled.words, values)
        driver: Any = connection.connection.driver_connection
        found = await driver.fetch(compiled.words, *values)
        return [compiled.shape(row) for row in found]

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
        names: Any = [column.keyname for column in compiled._result_columns]  # noqa: SLF001
        shape: Any = _tuple_of("Found", names, rename=True)
        self._compiled = _Compiled(
            str(compiled),
            tuple((name, processors.get(name)) for name in compiled.positiontup or ()),
            {name: bound.value for name, bound in compiled.binds.items() if not bound.required},
            shape._make,
        )
        self._statement = None
        return self._compiled


def _let_hear(connection: Connection, words: str, values: list[Any]) -> None:
    """Who listens to the engine hears these statements as all others."""
    heard: Any = connection.dispatch
    heard.before_cursor_execute(connection, None, words, tuple(values), None, False)  # noqa: FBT003
