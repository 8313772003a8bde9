"""How a file of the catalogue differs from what is there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from gridgov.kernel.changes import Verb
from gridgov.services.rules.table import Column, value_in
from gridgov.services.types import Change, Item


def compare(
    have: Mapping[str, Item], want: Iterable[Item], columns: Sequence[Column]
) -> list[Change]:
    """What would be added, changed and closed, in the order of the file."""
    wanted = {item.code: item for item in want}
    changes: list[Change] = []
    for code, item in wanted.items():
        had = have.get(code)
        if had is None:
            changes.append(Change(Verb.ADDED, code, item.name))
        elif had != item:
            changes.append(Change(Verb.CHANGED, code, item.name, _differing(had, item, columns)))
    changes += [
        Change(Verb.CLOSED, code, item.name) for code, item in have.items() if code not in wanted
    ]
    return changes


def _differing(had: Item, has: Item, columns: Sequence[Column]) -> tuple[tuple[str, str, str], ...]:
    cells = ((column.head, line(had, [column])[0], line(has, [column])[0]) for column in columns)
    return tuple(cell for cell in cells if cell[1] != cell[2])


def line(item: Item, columns: Sequence[Column]) -> list[str]:
    """An item as a row of a file shows it."""
    return [said(value_in(item, column)) for column in columns]


def said(value: object) -> str:
    """A value as a cell shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "；".join(str(part) for part in cast("tuple[object, ...]", value))
    return str(value)
