"""Reading one CSV file: every bad byte, cell and column is named, and reading goes on."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic, TypeVar

from gridgov.onboarding.types import Fault

Row = TypeVar("Row")

FORMULA: Final = ("=", "+", "-", "@")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST_SHAPE: Final = 120_000
_SHOWN = 20


class Faults:
    """The faults found so far, and where each file has its columns."""

    def __init__(self) -> None:
        self._found: set[Fault] = set()
        self._places: dict[tuple[str, str], int] = {}

    def add(self, file: str, message: str, *, at: tuple[int, int] = (0, 0), name: str = "") -> None:
        """Note one fault; the same one is noted once."""
        self._found.add(Fault(file, *at, name, message))

    def cell(self, file: str, line: int, name: str, message: str) -> None:
        """Note a fault of a named column, whatever its number in this file."""
        self.add(file, message, at=(line, self._places.get((file, name), 0)), name=name)

    def header(self, file: str, name: str, column: int) -> bool:
        """Remember where the file has this column; false if it has it already."""
        return self._places.setdefault((file, name), column) == column

    def listed(self) -> tuple[Fault, ...]:
        """All of them, sorted by place."""
        return tuple(sorted(self._found))


class Unreadable(Exception):
    """A cell does not hold what its column asks for; the message completes the sentence."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``instead`` stands in for an unreadable cell, so that later checks still run."""

    name: str
    read: Callable[[str], Any] = str
    required: bool = True
    limit: int = 60
    instead: Any = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """A file's name, its columns and the row that each line becomes."""

    file: str
    row: Callable[..., Row]
    columns: tuple[Column, ...]
    optional: bool = False


def a_date(text: str) -> date:
    """A day written 2026-07-01."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Unreadable(f"日期“{_short(text)}”应写成 2026-07-01 的样子。")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"没有“{text}”这一天。") from None


def a_count(text: str) -> int:
    """A number of people or homes."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Unreadable(f"“{_short(text)}”应为不带小数和符号的数字。")
    return int(text)


def a_flag(text: str) -> bool:
    """Yes or no."""
    if text not in {"true", "false"}:
        raise Unreadable(f"“{_short(text)}”应为 true 或 false。")
    return text == "true"


def codes(text: str) -> tuple[str, ...]:
    """Several codes, parted by semicolons."""
    return tuple(part for part in text.split(";") if part)


def one_of(*choices: str) -> Callable[[str], str]:
    """One of these words."""

    def read(text: str) -> str:
        if text not in choices:
            raise Unreadable(f"“{_short(text)}”应为 {'、'.join(choices)} 之一。")
        return text

    return read


def shaped(pattern: str, sentence: str) -> Callable[[str], str]:
    """A word of a given form; the sentence says which."""
    compiled = re.compile(pattern)

    def read(text: str) -> str:
        if not compiled.fullmatch(text):
            raise Unreadable(f"“{_short(text)}”{sentence}")
        return text

    return read


def read_sheet(sheet: Sheet[Row], files: Mapping[str, bytes], faults: Faults) -> list[Row]:
    """The file's rows. Where a cell is unreadable its stand-in is used, and the fault is noted."""
    data = files.get(sheet.file)
    if data is None:
        if not sheet.optional:
            faults.add(sheet.file, "缺少这个文件。")
        return []
    text = decode(sheet.file, data, faults)
    if text is None:
        return []
    lines = _lines(sheet.file, text, faults)
    _, header = next(lines, (1, list[str]()))
    _check_header(sheet, header, faults)
    return [
        sheet.row(line=line, **_cells(sheet, header, (line, cells), faults))
        for line, cells in lines
        if any(cells)
    ]


def decode(file: str, data: bytes, faults: Faults) -> str | None:
    """The file as text; a byte that is not UTF-8 is named by its place."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode(errors="replace")) + 1
        message = "文件不是 UTF-8 编码，请另存为 UTF-8 后再试。"
        faults.add(file, message, at=(line, column))
        return None


def _lines(file: str, text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            faults.add(file, "这一行读不下去：引号不成对，或一格太长。", at=(line, 0))
            return
        if cells is None:
            return
        yield line, cells
        line = reader.line_num + 1


def _check_header(sheet: Sheet[Row], header: list[str], faults: Faults) -> None:
    known = {column.name for column in sheet.columns}
    for number, name in enumerate(header, start=1):
        if name not in known:
            message = f"不认识的列“{_short(name)}”。"
            faults.add(sheet.file, message, at=(1, number), name=name)
        elif not faults.header(sheet.file, name, number):
            message = f"“{name}”这一列出现了两次。"
            faults.add(sheet.file, message, at=(1, number), name=name)
    for column in sheet.columns:
        if column.name not in header and not column.optional:
            message = f"缺少“{column.name}”这一列。"
            faults.add(sheet.file, message, at=(1, 0), name=column.name)


def _cells(
    sheet: Sheet[Row], header: list[str], at: tuple[int, list[str]], faults: Faults
) -> dict[str, Any]:
    line, cells = at
    if len(cells) != len(header):
        message = f"这一行有 {len(cells)} 格，表头有 {len(header)} 列。"
        faults.add(sheet.file, message, at=(line, 0))
    given = dict(reversed(list(zip(header, cells, strict=False))))  # the first of two alike
    values: dict[str, Any] = {}
    for column in sheet.columns:
        values[column.name] = column.instead
        if column.name not in given:
            continue
        try:
            values[column.name] = _cell(column, given[column.name])
        except Unreadable as reason:
            faults.cell(sheet.file, line, column.name, str(reason))
            if isinstance(column.instead, str):
                values[column.name] = given[column.name]
    return values


def _cell(column: Column, text: str) -> Any:
    if len(text) > column.limit:
        raise Unreadable(f"内容有 {len(text)} 个字，最多 {column.limit} 个。")
    if CONTROL.search(text):
        raise Unreadable("含有看不见的控制字符。")
    if "\n" in text or text != text.strip():
        raise Unreadable("内容里有换行，或前后有多余的空格。")
    if text.startswith(FORMULA):
        raise Unreadable(f"“{_short(text)}”以公式符号开头，表格软件会把它当公式执行。")
    if text:
        return column.read(text)
    if column.required:
        raise Unreadable("不能为空。")
    return column.instead


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
