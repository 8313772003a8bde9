"""Tables for a spreadsheet: what somebody typed never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BYTE_ORDER_MARK: Final = "\ufeff"


def safe_cell(value: object) -> str:
    """The value as text; what a spreadsheet would take for a formula begins with an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file that spreadsheets open as UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return (_BYTE_ORDER_MARK + file.getvalue()).encode()
