"""A list as a spreadsheet to take along: every cell is text, also what looks like a formula."""

import asyncio
import io
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from litestar import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from gridgov.kernel.sentences import Sentence
from gridgov.web.locale import Say

SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Column = tuple[str, int]
"""What stands above a column, and how wide it is."""


def workbook(
    marks: Sequence[str], columns: Sequence[Column], lines: Sequence[Sequence[str]], name: str
) -> bytes:
    """One sheet: ``marks`` on top say whose it is, then the heads, then a row for each line."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = f"A{len(marks) + 2}"
    for place, (_, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width

    def text(value: str) -> Any:
        cell = WriteOnlyCell(sheet, value="")
        cell.value = value
        cell.data_type = "s"
        return cell

    for mark in marks:
        sheet.append([text(mark)])
    for row in ([head for head, _ in columns], *lines):
        sheet.append([text(value) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


async def spreadsheet(
    say: Say,
    marks: Sequence[str],
    columns: Sequence[Column],
    lines: Sequence[Sequence[str]],
    *,
    name: str,
    file: str,
) -> Response[bytes]:
    """The answer that hands it over, in the reader's language. What people wrote stays as it is.

    ``name`` is the sheet's, ``file`` the file's, without its ending.
    """

    def said(line: Sequence[str]) -> list[str]:
        return [say(one) if isinstance(one, Sentence) else one for one in line]

    heads = [(say(head), width) for head, width in columns]
    content = await asyncio.to_thread(
        workbook, said(marks), heads, [said(line) for line in lines], say(name)
    )
    headers = {
        "content-disposition": 'attachment; filename="list.xlsx"; '
        f"filename*=UTF-8''{quote(f'{say(file)}.xlsx')}",
        "cache-control": "no-store",
    }
    return Response(content, media_type=SPREADSHEET, headers=headers, status_code=200)
