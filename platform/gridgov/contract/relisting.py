"""What a county changes in its lists, from a moment on and on the strength of a document.

A list's rows are what the plugin declares; a change says of some rows what is otherwise from then
on. So a row is found as it held at any moment: what began earlier goes on by what it began with.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from gridgov.contract.declarations import Category
from gridgov.contract.lists import ASSIGNMENT, CLASSES, Remit, Round

Row: TypeAlias = Mapping[str, Any]
"""What is said otherwise of a row, by field, in JSON's own types."""

Item = TypeVar("Item", Remit, Round)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """What is otherwise from a moment on: rows by list and code. None: the row is no more."""

    id: str
    at: datetime
    rows: Mapping[str, Mapping[str, Row | None]]
    document: str
    reason: str
    by: str
    made_at: datetime

    def of(self, code: str) -> Mapping[str, Row | None]:
        """What it says of a list."""
        return self.rows.get(code, {})


Changes: TypeAlias = tuple[ListChange, ...]
"""Oldest first."""


def until(changes: Iterable[ListChange], at: datetime) -> Iterator[ListChange]:
    """Those that hold at a moment."""
    return (change for change in changes if change.at <= at)


def newest_of(changes: Iterable[ListChange]) -> str:
    """The id of the change that was made last, whenever it begins; empty before the first."""
    return max(((change.made_at, change.id) for change in changes), default=(None, ""))[1]


def last_word(changes: Changes, code: str, row: str, at: datetime) -> ListChange | None:
    """The change that said the last about a row before or at a moment."""
    return next((c for c in reversed(tuple(until(changes, at))) if row in c.of(code)), None)


def as_listed(
    category: Category, changes: Iterable[ListChange], at: datetime, urgencies: Collection[str]
) -> Category:
    """The category as the lists had it at a moment; an urgency that is no more is passed over."""
    for change in until(changes, at):
        urgency = (change.of(CLASSES).get(category.code) or {}).get("urgency")
        if urgency in urgencies:
            category = replace(category, urgency=str(urgency))
        departments = (change.of(ASSIGNMENT).get(category.code) or {}).get("departments")
        if departments:
            category = replace(category, departments=tuple(departments))
    return category


def items_at(
    kind: type[Item], code: str, declared: Iterable[Item], changes: Iterable[ListChange]
) -> tuple[Item, ...]:
    """The rows of a list of words after the changes: some otherwise, some left out, some added."""
    found = {one.code: one for one in declared}
    for change in changes:
        for row, said in change.of(code).items():
            if said is None:
                found.pop(row, None)
            elif row in found:
                found[row] = replace(found[row], **said)
            else:
                found[row] = kind(code=row, **said, source=change.document)
    return tuple(found.values())
