"""Checking the tables of ``tenant.toml``: what each row may say, and whether it fits the rest."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, Final, TypeAlias, cast, get_type_hints

import msgspec

from gridgov.contract.declarations import Binds, Clock, County
from gridgov.contract.linting.flaw import Flaw
from gridgov.contract.tables import (
    COLUMNS,
    WHOLE,
    Row,
    RulesRow,
    Tables,
    duration,
    warning,
)
from gridgov.kernel.durations import Duration
from gridgov.onboarding.rules.sheets import CONTROL

Found: TypeAlias = Iterator[tuple[str, str]]
"""The path of a key, and a sentence."""

NAMES: Final = {
    "level": "层级",
    "post": "岗位",
    "role": "角色",
    "category": "类别",
    "urgency": "缓急",
    "step": "步骤",
    "state": "状态",
    "action": "动作",
}
REFERENCES: Final = {
    ("level", "under"): "level",
    ("post", "levels"): "level",
    ("role", "levels"): "level",
    ("role", "apart_from"): "role",
    ("role", "grants"): "role",
    ("role", "granted_by"): "role",
    ("role", "post"): "post",
    ("category", "parent"): "category",
    ("category", "urgency"): "urgency",
}
"""Which columns name rows of which table."""

_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LONGEST: Final = {"code": 20, "name": 40}
_LONGEST_TEXT: Final = 500
_RULES: Final = get_type_hints(RulesRow)
_NESTED: Final = (tuple[RulesRow, ...],)
_NO_DURATION: Final = "“{text}”应写成 7个工作日、4个工作小时、24小时、30分钟 或 3天 的样子。"
_FORMS: Final[Mapping[Any, str]] = {
    str: "文字",
    bool: "true 或 false",
    int: "整数",
    int | None: "整数",
    date: "日期，如 2026-07-01",
    tuple[str, ...]: "文字的列表",
    dict[str, str]: '时钟与时限的对照，如 { handle = "7个工作日" }',
    Binds: f"{'、'.join(Binds)} 之一",
}


def faults_in(tables: Tables, county: County) -> Found:
    """Everything that keeps the tables from being laid over what the plugins declare.

    What a row means is looked at once all rows have their form.
    """
    misshapen = tuple(_each(tables, _misshapen))
    if misshapen:
        return iter(misshapen)
    known = _known(county)
    everything = {table: codes | _codes(tables.get(table, ())) for table, codes in known.items()}
    return chain(
        _twice(tables),
        _each(tables, partial(_incomplete, known)),
        _each(tables, partial(_strangers, everything)),
        _each(tables, partial(_wrong_times, county)),
    )


def missing_departments(tables: Tables, departments: Collection[str]) -> Found:
    """Departments that a category names and the package does not have."""
    for number, row in enumerate(tables.get("category", ()), start=1):
        for code in row.get("departments", ()):
            if code not in departments:
                yield f"category.{number}.departments", f"departments.csv 里没有“{code}”。"


def place_of(flaw: object, tables: Tables) -> str:
    """The row that a flaw of the declarations comes from; ``plugins`` if it is none of the rows."""
    if isinstance(flaw, Flaw):
        table, _, rest = flaw.declaration.partition(" ")
        for number, row in enumerate(tables.get(table, ()), start=1):
            if rest.split(" ")[0] == row["code"]:
                return f"{table}.{number}.{flaw.field}"
    return "plugins"


def _each(tables: Tables, check: Callable[[str, Row], Found]) -> Found:
    """What the check finds in each row of each table, with the whole path."""
    for table, rows in tables.items():
        for number, row in enumerate(rows, start=1):
            for path, message in check(table, row):
                yield ".".join(filter(None, (table, str(number), path))), message


def _misshapen(table: str, row: Row) -> Found:
    yield from _misfits(row, COLUMNS[table], ("code",))


def _misfits(row: Row, columns: Mapping[str, Any], needed: Collection[str]) -> Found:
    for name in needed:
        if name not in row:
            yield "", f"缺少“{name}”。"
    for name, value in row.items():
        if name not in columns:
            yield name, f"不认识的键“{name}”。"
        elif columns[name] in _NESTED:
            yield from _misfits_inside(name, value)
        elif message := _misfit(name, value, columns[name]):
            yield name, message


def _misfits_inside(name: str, value: object) -> Found:
    if not isinstance(value, list):
        yield name, f"“{name}”应写成若干节 [[urgency.{name}]]。"
        return
    for number, row in enumerate(cast("list[Any]", value), start=1):
        if not isinstance(row, dict):
            yield name, f"“{name}”应写成若干节 [[urgency.{name}]]。"
            continue
        inside = cast("dict[str, Any]", row)
        for path, message in _misfits(inside, _RULES, ("effective_from", "limits")):
            yield ".".join(filter(None, (name, str(number), path))), message


def _misfit(name: str, value: object, hint: Any) -> str:
    """Why this value cannot stand there; empty if it can."""
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        return f"“{name}”应为{_FORMS[hint]}。"
    texts = tuple(_texts(value))
    longest = _LONGEST.get(name, _LONGEST_TEXT)
    if any(CONTROL.search(text) or "\n" in text for text in texts):
        return f"“{name}”含有换行或看不见的控制字符。"
    if any(len(text) > longest for text in texts):
        return f"“{name}”最多 {longest} 个字。"
    if name in _LONGEST and not value:
        return f"“{name}”不能为空。"
    if name == "code" and not _CODE.fullmatch(str(value)):
        return "“code”应以字母开头，只用字母、数字和下划线。"
    return ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from cast("dict[str, str]", value).values()
    elif isinstance(value, list):
        yield from cast("list[str]", value)


def _codes(rows: Iterable[Row]) -> set[str]:
    return {row["code"] for row in rows}


def _known(county: County) -> dict[str, set[str]]:
    kinds = county.case_kinds
    return {
        "level": {level.code for level in county.levels},
        "post": {post.code for post in county.posts},
        "role": {role.code for role in county.roles},
        "category": {category.code for category in county.categories},
        "urgency": {urgency.code for urgency in county.urgencies},
        "step": {step.code for kind in kinds for step in kind.steps},
        "state": {state.code for kind in kinds for state in kind.states},
        "action": {action.code for kind in kinds for action in kind.actions},
    }


def _twice(tables: Tables) -> Found:
    for table, rows in tables.items():
        seen: set[str] = set()
        for number, row in enumerate(rows, start=1):
            if row["code"] in seen:
                yield f"{table}.{number}.code", f"“{row['code']}”在这张表里写了两次。"
            seen.add(row["code"])


def _incomplete(known: Mapping[str, Collection[str]], table: str, row: Row) -> Found:
    """A row of a new code, where none can be or something is left out."""
    if row["code"] in known[table]:
        return
    if table not in WHOLE:
        yield "code", f"没有“{row['code']}”这个{NAMES[table]}，这张表只能改已有的。"
        return
    for field in fields(WHOLE[table]):
        bare = field.default is MISSING and field.default_factory is MISSING
        if bare and field.name not in row:
            yield "", f"“{row['code']}”是新的{NAMES[table]}，还缺少“{field.name}”。"


def _strangers(known: Mapping[str, Collection[str]], table: str, row: Row) -> Found:
    """Codes that a row names and nobody declares."""
    for (holder, name), target in REFERENCES.items():
        if holder == table and name in row:
            named = row[name] if isinstance(row[name], list) else [row[name]]
            for code in named:
                if code and code not in known[target]:
                    yield name, f"没有“{code}”这个{NAMES[target]}。"


def _wrong_times(county: County, table: str, row: Row) -> Found:
    if table != "urgency":
        return
    for urgency in county.urgencies:
        if urgency.code == row["code"]:
            clocks = {clock.code: clock for rules in urgency.rules for clock in rules.clocks}
            for number, rules in enumerate(row.get("rules", ()), start=1):
                for name, message in _wrong_rules(rules, clocks):
                    yield f"rules.{number}.{name}", message


def _wrong_rules(rules: Row, clocks: Mapping[str, Clock]) -> Found:
    limits: dict[str, str] = rules["limits"]
    warns: dict[str, str] = rules.get("warns", {})
    for code, text in limits.items():
        if code not in clocks:
            yield "limits", f"没有“{code}”这个时钟，有的是：{'、'.join(clocks)}。"
        elif message := _wrong_limit(clocks[code], text, warns.get(code)):
            yield "limits", message
    for code, text in warns.items():
        if code not in limits:
            yield "warns", f"“{code}”没有写在 limits 里。"
        elif _duration(text) is None:
            yield "warns", _NO_DURATION.format(text=text)


def _wrong_limit(clock: Clock, text: str, warns: str | None) -> str:
    """Why this clock cannot run so long; empty if it can."""
    if clock.setting:
        return f"“{clock.name}”的时限请在 [settings] 里用 {clock.setting} 改。"
    limit = _duration(text)
    if limit is None:
        return _NO_DURATION.format(text=text)
    warn = _duration(warns) or warning(clock, limit)
    if warn.unit == limit.unit and warn.amount >= limit.amount:
        return f"请在 warns 里写明“{clock.code}”何时转黄灯，要早于到期。"
    return ""


def _duration(text: str | None) -> Duration | None:
    try:
        return duration(text or "")
    except ValueError:
        return None
