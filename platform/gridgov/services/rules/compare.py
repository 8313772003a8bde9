"""How a file of the catalogue differs from what is there."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Final, cast

from gridgov.services.rules.table import COLUMNS
from gridgov.services.types import Change, Item, Verb

_HEADS: Final = {column.name: column.head for column in COLUMNS}


def compare(have: Mapping[str, Item], want: Iterable[Item]) -> list[Change]:
    """What would be added, changed and closed, in the order of the file."""
    wanted = {item.code: item for item in want}
    changes: list[Change] = []
    for code, item in wanted.items():
        had = have.get(code)
        if had is None:
            changes.append(Change(Verb.ADDED, code, item.name))
        elif had != item:
            changes.append(Change(Verb.CHANGED, code, item.name, _differing(had, item)))
    changes += [
        Change(Verb.CLOSED, code, item.name) for code, item in have.items() if code not in wanted
    ]
    return changes


def _differing(had: Item, has: Item) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (_HEADS[one.name], said(getattr(had, one.name)), said(getattr(has, one.name)))
        for one in fields(Item)
        if one.name in _HEADS and getattr(had, one.name) != getattr(has, one.name)
    )


def said(value: object) -> str:
    """A value as a cell shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "；".join(str(part) for part in cast("tuple[object, ...]", value))
    return str(value)
