"""A file as rows of cells: Excel by its content, else CSV in UTF-8; anything else is refused."""

import csv
import io
import warnings
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gridgov.files.documents import EXCEL, look_at_document
from gridgov.kernel.errors import Invalid, TooLarge
from gridgov.services.rules.table import MOST_ITEMS

_LARGEST: Final = 5 * 1024 * 1024
_WIDEST: Final = 60


def rows_of(data: bytes) -> list[list[Any]]:
    """The first sheet, row by row. Raises Invalid with a sentence for what is no table."""
    if len(data) > _LARGEST:
        raise TooLarge("文件超过 5 MB，服务事项目录用不了这么多，请检查。")
    rows = _excel(data) if data[:2] == b"PK" else _csv(data)
    if not rows:
        raise Invalid(fields={"file": "文件是空的，第一行要写列名。"})
    return rows


def _excel(data: bytes) -> list[list[Any]]:
    if look_at_document(data) != EXCEL:
        raise Invalid(fields={"file": "请上传 Excel（xlsx）或 CSV 文件。"})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that we do not read
            book = load_workbook(io.BytesIO(data), read_only=True)
            sheet = book.worksheets[0]
            cut = sheet.iter_rows(max_row=MOST_ITEMS + 2, max_col=_WIDEST, values_only=True)
            return [list(row) for row in cut]
    except (KeyError, ValueError, IndexError, SyntaxError, InvalidFileException) as fault:
        raise Invalid(fields={"file": "这个 Excel 文件打不开，请另存一份再试。"}) from fault


def _csv(data: bytes) -> list[list[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Invalid(
            fields={"file": "文件不是 Excel，也不是 UTF-8 编码的 CSV，请另存后再试。"}
        ) from fault
    try:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        return [row for row, _ in zip(rows, range(MOST_ITEMS + 2), strict=False)]
    except csv.Error as fault:
        raise Invalid(fields={"file": "这个 CSV 读不下去：引号不成对，或一格太长。"}) from fault
