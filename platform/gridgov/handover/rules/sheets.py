"""A sheet of posts as it is read: rows under the head that names the columns."""

from typing import Any, Final

from gridgov.files.workbooks import cells_of
from gridgov.handover.types import Line
from gridgov.kernel.errors import Invalid
from gridgov.kernel.sentences import N_

HEADS: Final = (N_("网格代码"), N_("岗位"), N_("卸任人工号"), N_("接任人工号"))
"""What a sheet is read by; a page says them in its own language, a file never."""
MOST_ROWS: Final = 3000
_HEAD_WITHIN: Final = 10


def lines_of(data: bytes) -> list[Line]:
    """The lines of the first sheet; columns may stand in any order, others are left alone."""
    rows = cells_of(data, most=_HEAD_WITHIN + MOST_ROWS + 1)
    for place, row in enumerate(rows[:_HEAD_WITHIN]):
        heads = [_text(cell) for cell in row]
        if all(head in heads for head in HEADS):
            columns = [heads.index(head) for head in HEADS]
            return _lines(rows[place + 1 :], columns, first=place + 2)
    raise Invalid(fields={"file": "表头要有这四列：网格代码、岗位、卸任人工号、接任人工号。"})


def _lines(rows: list[list[Any]], columns: list[int], *, first: int) -> list[Line]:
    if len(rows) > MOST_ROWS:
        raise Invalid(fields={"file": "一次最多 {most} 行，请分几张表。"}, most=MOST_ROWS)
    found: list[Line] = []
    for place, row in enumerate(rows):
        cells = [_text(row[column]) if column < len(row) else "" for column in columns]
        if any(cells[2:]):
            code, post, out, into = cells
            found.append(Line(first + place, code, post, out, into))
    if not found:
        raise Invalid(fields={"file": "表里没有要调整的岗位：卸任人和接任人都空着。"})
    return found


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()
