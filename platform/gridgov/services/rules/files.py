"""A file as rows of cells: Excel by its content, else CSV in UTF-8; anything else is refused."""

import csv
import io
from typing import Any, Final

from gridgov.files.workbooks import cells_of
from gridgov.kernel.errors import Invalid, TooLarge
from gridgov.services.rules.table import MOST_ITEMS

_LARGEST: Final = 5 * 1024 * 1024
_MOST: Final = MOST_ITEMS + 2
"""The head, and one line more than is taken: so that it is told."""


def rows_of(data: bytes) -> list[list[Any]]:
    """The first sheet, row by row. Raises Invalid with a sentence for what is no table."""
    if len(data) > _LARGEST:
        raise TooLarge("文件超过 5 MB，服务事项目录用不了这么多，请检查。")
    rows = cells_of(data, most=_MOST) if data[:2] == b"PK" else _csv(data)
    if not rows:
        raise Invalid(fields={"file": "文件是空的，第一行要写列名。"})
    return rows


def _csv(data: bytes) -> list[list[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Invalid(
            fields={"file": "文件不是 Excel，也不是 UTF-8 编码的 CSV，请另存后再试。"}
        ) from fault
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        return [row for row, _ in zip(rows, range(_MOST), strict=False)]
    except csv.Error as fault:
        raise Invalid(fields={"file": "这个 CSV 读不下去：引号不成对，或一格太长。"}) from fault
