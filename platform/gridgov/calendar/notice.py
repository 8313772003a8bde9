"""Reading a year's notice from a file: JSON as the public holiday-cn data has it.

``{"year": 2027, "papers": ["https://…"], "days": [{"name": "元旦", "date": "2027-01-01",
"isOffDay": true}, …]}``. Everything that is wrong is said at once, each fault with its place.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, cast

from gridgov.calendar.statutory import statutory_days
from gridgov.calendar.types import DayKind, PlannedDay, YearPlan, YearStatus

_FIRST_YEAR, _LAST_YEAR = 2007, 2100
_LONGEST_NAME = 20
_LARGEST: Final = 256 * 1024
_MOST_DAYS = 120
_SATURDAY = 5
_DECEMBER, _TAIL = 12, 25
_WEEK = "一二三四五六日"
_STATUTORY_SINCE: Final = 2025
_STATUTORY = 13


@dataclass(slots=True)
class NoticeReading:
    """What a file said: the plan if it can be used, the faults if not; remarks never hinder."""

    plan: YearPlan | None = None
    faults: list[str] = field(default_factory=list[str])
    remarks: list[str] = field(default_factory=list[str])


def read_notice(raw: bytes) -> NoticeReading:
    """Check the whole file. ``plan`` is None if there is any fault."""
    reading = NoticeReading()
    content = _content(raw, reading.faults)
    if content is None:
        return reading
    year, papers = _year(content, reading.faults), _papers(content, reading.faults)
    days = _days(content, year, reading.faults)
    if not reading.faults:
        reading.faults.extend(_missing(year, days))
    if not reading.faults:
        reading.remarks.extend(_unbalanced(year, days))
        ordered = tuple(sorted(days, key=lambda planned: planned.day))
        reading.plan = YearPlan(year, YearStatus.OFFICIAL, "；".join(papers), ordered)
    return reading


def _content(raw: bytes, faults: list[str]) -> Mapping[str, Any] | None:
    if len(raw) > _LARGEST:
        faults.append("文件太大：一年的放假安排不会超过 256 KB。")
        return None
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        where = f"第 {fault.lineno} 行" if isinstance(fault, json.JSONDecodeError) else "开头"
        faults.append(f"不是 UTF-8 编码的 JSON 文件（{where}读不下去）。")
        return None
    if (found := _object(content)) is None:
        faults.append("最外层应是一个对象，含 year、papers、days 三项。")
        return None
    return found


def _year(content: Mapping[str, Any], faults: list[str]) -> int:
    year = content.get("year")
    if isinstance(year, int) and not isinstance(year, bool) and _FIRST_YEAR <= year <= _LAST_YEAR:
        return year
    faults.append(f"year：应是 {_FIRST_YEAR} 到 {_LAST_YEAR} 之间的年份，现在是 {_shown(year)}。")
    return 0


def _papers(content: Mapping[str, Any], faults: list[str]) -> list[str]:
    papers = _list(content.get("papers"))
    named = [paper.strip() for paper in papers if isinstance(paper, str) and paper.strip()]
    if named and len(named) == len(papers):
        return named
    faults.append("papers：应列出通知的网址或文号，至少一个。")
    return []


def _days(content: Mapping[str, Any], year: int, faults: list[str]) -> list[PlannedDay]:
    listed = _list(content.get("days"))
    if not 0 < len(listed) <= _MOST_DAYS:
        faults.append(f"days：应列出 1 到 {_MOST_DAYS} 个日子。")
        return []
    days: dict[date, PlannedDay] = {}
    for place, entry in enumerate(map(_object, listed), 1):
        found = list(_entry_faults(entry, year))
        if entry and not found:
            planned = _planned(entry)
            if planned.day in days:
                found = [f"{planned.day} 已经列过一次"]
            days[planned.day] = planned
        faults.extend(f"days 第 {place} 项：{fault}。" for fault in found)
    return list(days.values())


def _entry_faults(entry: Mapping[str, Any] | None, year: int) -> Iterator[str]:
    if entry is None:
        yield "应是一个对象，含 name、date、isOffDay 三项"
        return
    name = entry.get("name")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= _LONGEST_NAME:
        yield f"name 应是不超过 {_LONGEST_NAME} 字的节日名"
    off = entry.get("isOffDay")
    if not isinstance(off, bool):
        yield "isOffDay 应是 true（休息）或 false（上班）"
    day = _date(entry.get("date"))
    if day is None:
        yield f"date 不是 2027-01-31 这样的日期：{_shown(entry.get('date'))}"
    elif year and not _belongs(day, year):
        yield f"{day} 不在 {year} 年（上一年 12 月 {_TAIL} 日以后也可以）"
    elif off is False and day.weekday() < _SATURDAY:
        yield f"{day} 是星期{_WEEK[day.weekday()]}，本来就上班，不是补班日"


def _planned(entry: Mapping[str, Any]) -> PlannedDay:
    day = date.fromisoformat(entry["date"])
    kind = DayKind.MAKEUP
    if entry["isOffDay"]:
        moved = day.weekday() < _SATURDAY and day not in statutory_days(day.year)
        kind = DayKind.IN_LIEU if moved else DayKind.HOLIDAY
    return PlannedDay(day, kind, entry["name"].strip())


def _missing(year: int, days: list[PlannedDay]) -> Iterator[str]:
    off = {planned.day for planned in days if planned.kind is not DayKind.MAKEUP}
    for day, name in sorted(statutory_days(year).items()):
        if day not in off and (year >= _STATUTORY_SINCE or (day.month, day.day) != (5, 2)):
            yield f"days：缺 {day}（{name}），这天法定放假。"


def _unbalanced(year: int, days: list[PlannedDay]) -> Iterator[str]:
    rest = sum(p.kind is not DayKind.MAKEUP and p.day.weekday() < _SATURDAY for p in days)
    balance = rest - sum(planned.kind is DayKind.MAKEUP for planned in days)
    if year >= _STATUTORY_SINCE and balance != _STATUTORY:
        yield (
            f"工作日休息 {rest} 天，扣除补班后净休 {balance} 天，"
            f"法定是 {_STATUTORY} 天：请对照通知原文再看一遍。"
        )


def _belongs(day: date, year: int) -> bool:
    last_december = day.year == year - 1 and day.month == _DECEMBER and day.day >= _TAIL
    return day.year == year or last_december


def _object(value: Any) -> Mapping[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return list(cast("Iterable[Any]", value)) if isinstance(value, list) else []


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _shown(value: Any) -> str:
    return "没有写" if value is None else f"“{str(value)[:20]}”"
