"""The catalogue as a table: each cell read, every fault named by its cell, reading goes on."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gridgov.contract.declarations import County
from gridgov.contract.services import ServiceFlag
from gridgov.contract.tables import duration
from gridgov.kernel.sentences import N_, Sentence
from gridgov.services.types import CellFault, Item

Cell = str | int | float | bool | None
Rows = Sequence[Sequence[Any]]

MOST_ITEMS: Final = 5000
_FORMULA: Final = ("=", "+", "-", "@")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SHOWN: Final = 20
_CODE: Final = "code"


class _Bad(Exception):
    """The sentence for a cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in a package, its heading for people, how it is read.

    A ``flag`` is borne or not; its name is the code that the county declares.
    """

    name: str
    head: str
    read: Callable[[str], Any]
    required: bool = False
    limit: int = 60
    flag: bool = False


def _plain(text: str) -> str:
    return text


def _code(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{1,19}", text):
        raise _Bad(Sentence("编码“{word}”应为 2 至 20 个字母、数字。", word=text[:_SHOWN]))
    return text


def _flag(text: str) -> bool:
    known = {"": False, "否": False, "false": False, "是": True, "true": True}
    if text.lower() not in known:
        raise _Bad(Sentence("“{word}”应写“是”或“否”。", word=text[:_SHOWN]))
    return known[text.lower()]


def _term(text: str) -> str:
    try:
        if text:
            duration(text)
    except ValueError as fault:
        raise _Bad(
            Sentence("时限“{word}”应写成“5个工作日”“2小时”这样，数字加单位。", word=text[:_SHOWN])
        ) from fault
    return text


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for one in re.split(r"[；;\n]", text) if (part := one.strip()))


_FIRST: Final = (
    Column(_CODE, N_("编码"), _code, required=True, limit=40),
    Column("name", N_("事项名称"), _plain, required=True),
    Column("batch", N_("批次"), _plain, required=True),
    Column("department", N_("部门"), _plain, required=True),
)
_THEN: Final = (
    Column("term", N_("办理时限"), _term, limit=20),
    Column("what", N_("办什么"), _plain, limit=500),
    Column("who", N_("谁能办"), _plain, limit=300),
    Column("steps", N_("怎么办"), _listed, limit=1000),
    Column("materials", N_("要带什么"), _listed, limit=1000),
    Column("fee", N_("收费"), _plain),
    Column("place", N_("在哪里办"), _plain, limit=120),
    Column("source", N_("依据"), _plain, limit=200),
    Column("synthetic", N_("虚构"), _flag),
)


def columns_of(flags: Iterable[ServiceFlag]) -> tuple[Column, ...]:
    """In the order of the file: what every county has, and in its midst the flags of this one.

    A file may head them in words, as offices do, or by their names.
    """
    own = (Column(flag.code, flag.heading or flag.name, _flag, flag=True) for flag in flags)
    return (*_FIRST, *own, *_THEN)


def value_in(item: Item, column: Column) -> Any:
    """What an item has in a column."""
    return column.name in item.flags if column.flag else getattr(item, column.name)


@dataclass(frozen=True, slots=True)
class Known:
    """The words that cells refer to: a batch or a department may be written by code or by name."""

    batches: Mapping[str, str]
    departments: Mapping[str, str]
    flags: tuple[ServiceFlag, ...]
    columns: tuple[Column, ...]

    @property
    def by_head(self) -> dict[str, Column]:
        """Every word that may stand over a column."""
        return {word: one for one in self.columns for word in (one.name, str(one.head))}


def known(county: County, departments: Collection[tuple[str, str]]) -> Known:
    """What a county declares; departments are pairs of code and name."""
    batches = [(batch.code, batch.name) for batch in county.service_batches]
    flags = county.service_flags
    return Known(_both(batches), _both(departments), flags, columns_of(flags))


def _both(pairs: Collection[tuple[str, str]]) -> dict[str, str]:
    return {str(name): code for code, name in pairs} | {code: code for code, _ in pairs}


def read_table(rows: Rows, words: Known) -> tuple[list[Item], list[CellFault]]:
    """The items, and everything that is wrong; with a fault the items are not to be used."""
    faults: list[CellFault] = []
    columns = _heads(rows[0] if rows else (), words, faults)
    items: list[Item] = []
    places: dict[str, int] = {column.name: at for at, column in columns.items()}
    heads = {column.name: column.head for column in words.columns}
    first: dict[str, int] = {}
    for number, cells in enumerate(rows[1:], start=2):
        if not any(_text(cell) for cell in cells):
            continue
        if len(items) == MOST_ITEMS:
            faults.append(CellFault(number, 0, "", Sentence("一次最多 {n} 项。", n=MOST_ITEMS)))
            break
        values, unread = _row(number, cells, columns, words)
        item = _item(values, words, number)
        found = _refer(values, words)
        found += _twice(number, item.code, first)
        found += () if unread else _combined(item, words)
        faults += unread
        faults += [
            CellFault(number, places.get(name, 0), heads[name], sentence)
            for name, sentence in found
        ]
        items.append(item)
    return items, sorted(set(faults))


def _heads(cells: Sequence[Any], words: Known, faults: list[CellFault]) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    by_head = words.by_head
    for at, cell in enumerate(cells, start=1):
        word = _text(cell)
        column = by_head.get(word)
        if column is None:
            if word:
                sentence = Sentence("不认识的列“{word}”。", word=word[:_SHOWN])
                faults.append(CellFault(1, at, word[:_SHOWN], sentence))
        elif column in columns.values():
            faults.append(CellFault(1, at, column.head, N_("这一列出现了两次。")))
        else:
            columns[at] = column
    for column in words.columns:
        if column.required and column not in columns.values():
            sentence = Sentence("缺少“{head}”这一列。", head=column.head)
            faults.append(CellFault(1, 0, column.head, sentence))
    return columns


def _row(
    number: int, cells: Sequence[Any], columns: Mapping[int, Column], words: Known
) -> tuple[dict[str, Any], list[CellFault]]:
    """The values of a row, and each cell that could not be read."""
    values: dict[str, Any] = {one.name: one.read("") for one in words.columns if one.name != _CODE}
    values[_CODE] = ""
    faults: list[CellFault] = []
    for at, column in columns.items():
        cell = cells[at - 1] if at <= len(cells) else None
        try:
            values[column.name] = _cell(column, cell)
        except _Bad as fault:
            faults.append(CellFault(number, at, column.head, fault.args[0]))
    return values, faults


def _item(values: Mapping[str, Any], words: Known, number: int) -> Item:
    """Batch and department by their codes; what is none stays as it is written."""
    own = {column.name: values[column.name] for column in words.columns if not column.flag}
    own["batch"] = words.batches.get(own["batch"], own["batch"])
    own["department"] = words.departments.get(own["department"], own["department"])
    flags = frozenset(flag.code for flag in words.flags if values[flag.code])
    return Item(**own, flags=flags, line=number)


def _cell(column: Column, cell: Any) -> Any:
    text = _text(cell)
    if text.startswith(_FORMULA):
        raise _Bad(N_("格子里是公式，请改成文字。"))
    if _CONTROL.search(text):
        raise _Bad(N_("里面有无法显示的控制字符，请删掉后再试。"))
    if len(text) > column.limit:
        raise _Bad(Sentence("写得太长了，最多 {n} 个字。", n=column.limit))
    if column.required and not text:
        raise _Bad(Sentence("缺少{head}。", head=column.head))
    return column.read(text)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip().replace("\r\n", "\n")


def _refer(values: Mapping[str, Any], words: Known) -> list[tuple[str, str]]:
    """A batch or a department that there is not."""
    faults: list[tuple[str, str]] = []
    batch, department = values["batch"], values["department"]
    if batch and batch not in words.batches:
        faults.append(("batch", Sentence("没有“{word}”这个批次。", word=batch[:_SHOWN])))
    if department and department not in words.departments:
        faults.append(("department", Sentence("没有“{word}”这个部门。", word=department[:_SHOWN])))
    return faults


def _twice(number: int, code: str, first: dict[str, int]) -> Iterator[tuple[str, str]]:
    if code and first.setdefault(code, number) != number:
        yield "code", Sentence("编码“{code}”和第 {row} 行重复。", code=code, row=first[code])


def _combined(item: Item, words: Known) -> Iterator[tuple[str, str]]:
    """What a flag of the county asks for, and the item has not."""
    heads = {column.name: column.head for column in words.columns}
    for flag in words.flags:
        if flag.code not in item.flags:
            continue
        for name in flag.needs:
            if not getattr(item, name):
                yield name, needing(flag, heads[name])
        if flag.under and flag.under not in item.flags:
            asked = heads[flag.under]
            yield (
                flag.under,
                Sentence(
                    "写了“{flag}”的事项，也要写“{asked}”。", flag=heads[flag.code], asked=asked
                ),
            )


def needing(flag: ServiceFlag, head: str) -> str:
    """That an item with this flag has to have something in a column."""
    return Sentence(
        "写了“{flag}”的事项，要写明“{asked}”。", flag=flag.heading or flag.name, asked=head
    )
