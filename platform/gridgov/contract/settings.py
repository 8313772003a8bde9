"""What a tenant chose for the county's settings: versions, each from a day on.

A version holds only what changed on its day. What was chosen when the tenant was opened holds from
``ALWAYS``, for a case may be older than the tenant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

Value: TypeAlias = int | str | bool

ALWAYS: Final = date.min


@dataclass(frozen=True, slots=True)
class Chosen:
    """What changes on a day. None is the county's default again."""

    effective_from: date
    values: Mapping[str, Value | None]


Versions: TypeAlias = tuple[Chosen, ...]
"""Oldest first, each from another day."""


def value_on(versions: Versions, code: str, day: date) -> Value | None:
    """What was chosen and holds on ``day``; None for the county's default."""
    for version in reversed(versions):
        if version.effective_from <= day and code in version.values:
            return version.values[code]
    return None


def values_on(versions: Versions, day: date) -> dict[str, Value]:
    """Everything that was chosen and holds on ``day``."""
    held: dict[str, Value | None] = {}
    for version in versions:
        if version.effective_from <= day:
            held |= version.values
    return {code: value for code, value in held.items() if value is not None}


def with_change(versions: Versions, change: Chosen) -> Versions:
    """The versions after a change; one of the same day takes it in."""
    by_day = {version.effective_from: dict(version.values) for version in versions}
    by_day.setdefault(change.effective_from, {}).update(change.values)
    return tuple(Chosen(day, by_day[day]) for day in sorted(by_day) if by_day[day])


def without(versions: Versions, day: date) -> Versions:
    """The versions as if nothing changed on ``day``."""
    return tuple(version for version in versions if version.effective_from != day)


def as_kept(versions: Versions) -> list[dict[str, Any]]:
    """As JSON holds them."""
    return [
        {"effective_from": version.effective_from.isoformat(), "values": dict(version.values)}
        for version in versions
    ]


def from_kept(kept: Iterable[Mapping[str, Any]]) -> Versions:
    """As they were kept."""
    return tuple(
        Chosen(date.fromisoformat(version["effective_from"]), version["values"]) for version in kept
    )
