"""Keyset pages: the next page begins after the last row seen, however deep one is."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Select, SQLColumnExpression, tuple_

from gridgov.kernel.errors import Invalid

T = TypeVar("T")

Cursor = tuple[Any, ...]
Rows = Select[*tuple[Any, ...]]
"""A statement, whatever its columns."""


def encode(values: tuple[date | UUID | str | int, ...]) -> str:
    """A cursor for the address bar."""
    kinds = "".join(_kind(value) for value in values)
    raw = msgspec.json.encode([kinds, [str(_plain(value)) for value in values]])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def cut(
    found: Sequence[T], size: int, place: Callable[[T], tuple[date | UUID | str | int, ...]]
) -> tuple[list[T], str]:
    """The rows of a page, and the cursor of the next one if there was a row more than ``size``."""
    rows = list(found[:size])
    return rows, encode(place(rows[-1])) if len(found) > size else ""


def decode(text: str | None, kinds: str) -> Cursor | None:
    """The cursor again, None for the first page.

    ``kinds`` names what is expected: d datetime, t date, u UUID, s text, i int.
    """
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        said, values = msgspec.json.decode(raw, type=tuple[str, list[str]])
        if said != kinds or len(values) != len(kinds):
            raise ValueError(kinds)
        return tuple(_READ[kind](value) for kind, value in zip(kinds, values, strict=True))
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise Invalid("翻页地址不完整，请从列表首页重新打开。") from error


def after(
    statement: Rows,
    columns: Sequence[SQLColumnExpression[Any]],
    cursor: Cursor | None,
    *,
    descending: bool,
) -> Rows:
    """``statement`` ordered by ``columns``, begun after ``cursor``. The last column is unique."""
    if cursor is not None:
        here = tuple_(*columns)
        statement = statement.where(here < cursor if descending else here > cursor)
    return statement.order_by(*(c.desc() if descending else c.asc() for c in columns))


def _plain(value: date | UUID | str | int) -> str | int:
    return value.isoformat() if isinstance(value, date) else str(value)


def _kind(value: date | UUID | str | int) -> str:
    """By what it is: the driver's UUIDs are of a class of their own."""
    return next(letter for shape, letter in _KINDS if isinstance(value, shape))


_KINDS: tuple[tuple[type, str], ...] = (
    (datetime, "d"),
    (date, "t"),  # after the moments, which are days too
    (UUID, "u"),
    (str, "s"),
    (int, "i"),
)
_YEARS = range(1900, 3000)
_LARGEST = 2**63


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or at.year not in _YEARS:
        raise ValueError(text)
    return at


def _on(text: str) -> date:
    on = date.fromisoformat(text)
    if on.year not in _YEARS:
        raise ValueError(text)
    return on


def _words(text: str) -> str:
    if not text.isprintable():
        raise ValueError(text)
    return text


def _number(text: str) -> int:
    number = int(text)
    if abs(number) >= _LARGEST:
        raise ValueError(text)
    return number


_READ: dict[str, Any] = {"d": _moment, "t": _on, "u": UUID, "s": _words, "i": _number}
