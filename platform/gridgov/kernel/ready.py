"""Statements made ready once, for what nearly every request says.

The session's way of saying something (cache keys, events, results) costs the application six to
nine times what the driver takes. A ``Ready`` statement is compiled when its shape is said first,
with the first wall in it; after that only its values travel, and its rows come from the driver. It
is said in the session's own transaction, after whatever the session still holds back.

    _BY_CODE = Ready(select(Case.id, Case.title).where(Case.code == bindparam("code")))
    row = await _BY_CODE.row(ctx.session, code=code)

One that is put together for a request, from a filter or from what somebody may see, is compiled
with the first of its shape: ``await Ready(found.where(…)).rows(ctx.session)``.

For columns and parameters: no entities, no lists of unknown length (``any_`` of an array does it).
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Dialect, Text, Uuid, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY, asyncpg
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import ClauseElement
from sqlalchemy.util import LRUCache, await_only, greenlet_spawn

from gridgov.kernel.db import MINE, WALL, speaking
from gridgov.kernel.saying import let_hear, raise_as_told

_dialect: Any = asyncpg.dialect
_DIALECT: Final[Dialect] = _dialect()

_tuple_of: Any = namedtuple  # noqa: PYI024  (its names are known at run time alone)

Processor = Callable[[Any], Any] | None


def one_of(
    column: InstrumentedAttribute[Any] | ColumnElement[Any], values: Iterable[Any]
) -> ColumnElement[bool]:
    """One of a list, which travels as one value: the statement is the same for every length.

    But for a single one it is plainly that: an index then gives rows in the order of its next
    column, which it cannot for several.
    """
    listed = [*values]
    if len(listed) == 1:
        return cast("ColumnElement[bool]", column == listed[0])
    kind = Uuid() if isinstance(column.type, Uuid) else Text()
    return column == any_(literal(listed, ARRAY(kind)))


@dataclass(frozen=True, slots=True)
class _Shape:
    """The words, what fills their places, where each value comes from, and what comes back."""

    words: str
    places: tuple[tuple[str, Processor], ...]
    values: tuple[tuple[str, int], ...]
    known: Mapping[str, Any]
    made: Callable[[Any], Any]


_SHAPES: Final[LRUCache[Any, _Shape]] = LRUCache(1000)


class Ready:
    """One statement; ``WALL`` stands for the session's tenant."""

    __slots__ = ("_known", "_shape", "_statement")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement: ClauseElement | None = statement
        self._shape: _Shape | None = None
        self._known: Mapping[str, Any] = {}

    async def rows(self, session: AsyncSession, /, **given: Any) -> list[Any]:
        """All rows, with the names of the columns."""
        shape = self._shape or self._settle()
        sync: Any = session.sync_session
        values = self._values(shape, sync.info, given)
        if not sync._is_clean():  # noqa: SLF001
            await session.flush()
        connection = await speaking(session)
        let_hear(connection, shape.words, values)
        driver: Any = connection.connection.driver_connection
        try:
            found = await driver.fetch(shape.words, *values)
        except Exception as fault:
            await greenlet_spawn(raise_as_told, connection, fault, shape.words, values)
            raise
        return [shape.made(row) for row in found]

    def rows_at_once(self, session: Session, /, **given: Any) -> list[Any]:
        """The same in an event of a session, which cannot wait; after a flush, if one is due."""
        shape = self._shape or self._settle()
        values = self._values(shape, session.info, given)
        connection = session.connection()
        let_hear(connection, shape.words, values)
        driver: Any = connection.connection.driver_connection
        try:
            found = await_only(driver.fetch(shape.words, *values))
        except Exception as fault:
            raise_as_told(connection, fault, shape.words, values)
        return [shape.made(row) for row in found]

    def _values(
        self, shape: "_Shape", info: Mapping[Any, Any], given: Mapping[str, Any]
    ) -> list[Any]:
        told = {**self._known, WALL: info.get("tenant_id"), **given}
        return [
            told[name] if processor is None else processor(told[name])
            for name, processor in shape.places
        ]

    async def row(self, session: AsyncSession, /, **given: Any) -> Any | None:
        """The row, or None: there is one at most."""
        found = await self.rows(session, **given)
        return found[0] if found else None

    async def scalar(self, session: AsyncSession, /, **given: Any) -> Any | None:
        """The first column of that row."""
        found = await self.rows(session, **given)
        return found[0][0] if found else None

    def _settle(self) -> _Shape:
        """Find the shape, and keep what this statement fills it with."""
        statement = cast("Any", self._statement)
        key = statement._generate_cache_key()  # noqa: SLF001
        shape = _SHAPES.get(key.key)
        if shape is None:
            shape = _SHAPES[key.key] = _compiled(statement, key)
        values = {name: key.bindparams[at].effective_value for name, at in shape.values}
        self._known = {**shape.known, **values}
        self._shape = shape
        self._statement = None
        return shape


def _compiled(statement: Any, key: Any) -> _Shape:
    """Compile it. What its key tells of its values stays open: the next one brings its own."""
    if not statement.is_insert:
        statement = statement.options(MINE)
    compiled = statement._compiler(_DIALECT, cache_key=key)  # noqa: SLF001
    if compiled.post_compile_params or compiled.literal_execute_params:
        raise ValueError("A statement with a list of unknown length cannot be made ready.")
    processors: Mapping[str, Any] = compiled._bind_processors  # noqa: SLF001
    names: Any = [column.keyname for column in compiled._result_columns]  # noqa: SLF001
    row: Any = _tuple_of("Found", names, rename=True)
    where, _ = compiled._cache_key_bind_match  # noqa: SLF001
    values = {
        compiled.bind_names[bound]: at
        for at, given in enumerate(key.bindparams)
        for bound in where[given]
        if bound in compiled.bind_names and not bound.required
    }
    return _Shape(
        str(compiled),
        tuple((name, processors.get(name)) for name in compiled.positiontup or ()),
        tuple(values.items()),
        {
            name: bound.value
            for name, bound in compiled.binds.items()
            if not bound.required and name not in values
        },
        row._make,
    )
