"""What a county without code says of itself: rows of tables, made whole by what it builds on.

A row says by its code which declaration it is about, and of that only what differs. A level, post,
role or category of a new code is a declaration of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar, get_type_hints

import msgspec

from gridgov.contract.declarations import (
    ASSUMPTION,
    Action,
    CaseKind,
    Category,
    Clock,
    ClockRules,
    County,
    Level,
    Post,
    Role,
    State,
    Step,
    Urgency,
)
from gridgov.contract.wording import WORDS
from gridgov.kernel.durations import (
    Duration,
    calendar_days,
    hours,
    minutes,
    work_hours,
    working_days,
)

Row: TypeAlias = Mapping[str, Any]
Tables: TypeAlias = Mapping[str, Sequence[Row]]
"""Rows by table, in JSON's own types."""
NO_TABLES: Final[Tables] = MappingProxyType({})

Declared = TypeVar("Declared", Level, Post, Role, Category)
Piece = TypeVar("Piece", Step, State, Action)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesRow:
    """How long the clocks of an urgency run from a day on; those not named run as they did.

    ``limits`` and ``warns`` are written as people write them: 7个工作日. Without a warning of its
    own a clock keeps the proportion that it had.
    """

    effective_from: date
    limits: dict[str, str]
    warns: dict[str, str] = field(default_factory=dict[str, str])
    source: str = ASSUMPTION


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyRow:
    """What is said of an urgency: its name, and further versions of its rules."""

    code: str
    name: str = ""
    rules: tuple[RulesRow, ...] = ()


def _words_of(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: hints[name] for name in hints if name in {"code", *WORDS[kind]}}


WHOLE: Final[Mapping[str, type]] = {
    "level": Level,
    "post": Post,
    "role": Role,
    "category": Category,
}
"""The tables that can bring a declaration of a new code."""

COLUMNS: Final[Mapping[str, Mapping[str, Any]]] = {
    **{table: get_type_hints(kind) for table, kind in WHOLE.items()},
    "urgency": get_type_hints(UrgencyRow),
    "step": _words_of(Step),
    "state": _words_of(State),
    "action": _words_of(Action),
}
"""What a row of each table can say, and in which form."""


def told(county: County, tables: Tables) -> County:
    """What the tables declare: made whole by what the county has under the same codes."""
    rows = {table: tables.get(table, ()) for table in COLUMNS}
    return County(
        name=county.name,
        levels=_whole(Level, county.levels, rows["level"]),
        posts=_whole(Post, county.posts, rows["post"]),
        roles=_whole(Role, county.roles, rows["role"]),
        categories=_whole(Category, county.categories, rows["category"]),
        urgencies=tuple(
            _ruled(urgency, msgspec.convert(row, UrgencyRow))
            for urgency in county.urgencies
            for row in rows["urgency"]
            if row["code"] == urgency.code
        ),
        case_kinds=tuple(_said(kind, rows) for kind in county.case_kinds),
    )


def _whole(
    kind: type[Declared], declared: Iterable[Declared], rows: Sequence[Row]
) -> tuple[Declared, ...]:
    known = {one.code: one for one in declared}
    made: list[Declared] = []
    for row in rows:
        there = known.get(row["code"])
        below: Row = msgspec.to_builtins(there) if there else {}
        made.append(msgspec.convert({**below, **row}, kind))
    return tuple(made)


def _said(kind: CaseKind, rows: Tables) -> CaseKind:
    return replace(
        kind,
        steps=_renamed(kind.steps, rows["step"]),
        states=_renamed(kind.states, rows["state"]),
        actions=_renamed(kind.actions, rows["action"]),
    )


def _renamed(declared: Iterable[Piece], rows: Sequence[Row]) -> tuple[Piece, ...]:
    terms = {row["code"]: row for row in rows}
    return tuple(replace(one, **terms.get(one.code, {})) for one in declared)


def _ruled(urgency: Urgency, row: UrgencyRow) -> Urgency:
    """Each version of the table changes what held until then."""
    versions = {rules.effective_from: rules for rules in urgency.rules}
    for told in sorted(row.rules, key=lambda rules: rules.effective_from):
        held = max((day for day in versions if day <= told.effective_from), default=min(versions))
        versions[told.effective_from] = _changed(versions[held], told)
    ordered = tuple(versions[day] for day in sorted(versions))
    return replace(urgency, name=row.name or urgency.name, rules=ordered)


def _changed(held: ClockRules, told: RulesRow) -> ClockRules:
    clocks = tuple(
        _timed(clock, told) if clock.code in told.limits else clock for clock in held.clocks
    )
    return ClockRules(effective_from=told.effective_from, clocks=clocks, source=told.source)


def _timed(clock: Clock, told: RulesRow) -> Clock:
    limit = duration(told.limits[clock.code])
    warn = told.warns.get(clock.code)
    return replace(
        clock,
        limit=limit,
        warn=duration(warn) if warn else warning(clock, limit),
        source=told.source,
    )


def warning(clock: Clock, limit: Duration) -> Duration:
    """When a clock of another length warns: as early in proportion as it did."""
    part = clock.warn.amount / clock.limit.amount if clock.warn.unit == clock.limit.unit else 0.75
    return Duration(max(1, round(limit.amount * part)), limit.unit)


_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,3}) ?个?(分钟|小时|工作小时|工作日|自然日|天|日)")
_UNITS: Final = {
    "分钟": minutes,
    "小时": hours,
    "工作小时": work_hours,
    "工作日": working_days,
    "自然日": calendar_days,
    "天": calendar_days,
    "日": calendar_days,
}


def duration(text: str) -> Duration:
    """How long, as people write it: 7个工作日, 4个工作小时, 24小时, 3天. Else a ValueError."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"{text!r} is no duration.")
    return _UNITS[written[2]](int(written[1]))
