"""What the product says to the database, heard while it works; and how to say the same again.

A script is what one request said: its transactions, each a list of statements with what they
were given. Said again for another case, everything that was born with the first one (ids, the
case's number, the resident's address) is replaced by something of its own.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event

_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME_BITS = 80
_LOW_BITS = (1 << 62) - 1
_RANDOM, _BY_TIME = 4, 7


@dataclass(slots=True)
class Said:
    """One statement; ``many`` if its arguments are several rows."""

    sql: str
    given: list[tuple[Any, ...]]
    many: bool


Script = list[list[Said]]


@dataclass(slots=True)
class Ear:
    """Writes down what it hears on an engine; ``taken`` gives it away."""

    script: Script = field(default_factory=list)

    def taken(self) -> Script:
        """What was said since it was asked last; empty transactions are left out."""
        script, self.script = [said for said in self.script if said], []
        return script


@contextmanager
def hearing(engine: Engine) -> Iterator[Ear]:
    """Listen to an engine for the length of a block."""
    ear = Ear()

    def began(_: Any) -> None:
        ear.script.append([])

    def said(_: Any, __: Any, sql: str, given: Any, ___: Any, many: bool) -> None:  # noqa: FBT001
        ear.script[-1].append(Said(sql, [tuple(row) for row in given] if many else [given], many))

    event.listen(engine, "begin", began)
    event.listen(engine, "before_cursor_execute", said)
    try:
        yield ear
    finally:
        event.remove(engine, "begin", began)
        event.remove(engine, "before_cursor_execute", said)


class Again:
    """Turns what was said of one case into what is said of another, by its number."""

    def __init__(self, scripts: list[Script], words: dict[str, Callable[[int], str]], since: int):
        """``words``: texts of the first case and what stands for them; ``since``: ids born then."""
        self._words = words
        self._since = since
        self.scripts = [
            [[(said, self._changing(said)) for said in transaction] for transaction in script]
            for script in scripts
        ]

    def given(self, said: Said, changing: list[int], number: int) -> list[tuple[Any, ...]]:
        """The arguments for the case with that number."""
        if not changing:
            return said.given
        rows = [list(row) for row in said.given]
        for row in rows:
            for place in changing:
                row[place] = self._changed(row[place], number)
        return [tuple(row) for row in rows]

    def _changing(self, said: Said) -> list[int]:
        places = range(len(said.given[0])) if said.given and said.given[0] else ()
        return [place for place in places if self._born(said.given[0][place])]

    def _born(self, value: Any) -> bool:
        if isinstance(value, UUID):
            return self._is_new(value)
        if isinstance(value, str):
            return any(word in value for word in self._words) or any(
                self._is_new(UUID(found)) for found in _UUID.findall(value)
            )
        return isinstance(value, list | tuple) and any(self._born(one) for one in value)

    def _is_new(self, value: UUID) -> bool:
        if value.version == _RANDOM:
            return True
        return value.version == _BY_TIME and value.int >> _TIME_BITS >= self._since

    def _changed(self, value: Any, number: int) -> Any:
        if isinstance(value, UUID):
            return self._other(value, number) if self._is_new(value) else value
        if isinstance(value, list | tuple):
            return [self._changed(one, number) for one in value]
        text = str(value)
        for word, stands_for in self._words.items():
            text = text.replace(word, stands_for(number))
        return _UUID.sub(lambda found: str(self._changed(UUID(found.group()), number)), text)

    @staticmethod
    def _other(value: UUID, number: int) -> UUID:
        """The same time, other low bits: one to one for each number."""
        low = (value.int & _LOW_BITS) ^ (number * 0x9E3779B97F4A7C15 & _LOW_BITS)
        return UUID(int=(value.int & ~_LOW_BITS) | low)
