"""A spreadsheet that an office sends: looked at before it is opened, then read cell by cell."""

import io
import warnings
import zipfile
import zlib
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from gridgov.kernel.errors import Invalid

_MOST_BYTES: Final = 5 * 1024 * 1024
_MOST_UNPACKED: Final = 100 * 1024 * 1024
_MOST_RATIO: Final = 100
_MOST_ENTRIES: Final = 2000
_MAIN_PARTS: Final = ("[Content_Types].xml", "xl/workbook.xml")
_ACTIVE: Final = ("vbaproject.bin", "activex", "embeddings/", "externallink")
_WIDEST: Final = 60
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ValueError,
    LookupError,
    SyntaxError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    OSError,
)


def cells_of(data: bytes, *, most: int) -> list[list[Any]]:
    """The first sheet, row by row, ``most`` at the most; a formula is its text.

    Raises Invalid at ``file`` for what is no Excel file, could run something, or would unpack to
    more than there is room for.
    """
    try:
        _look(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions that we do not read
            book = load_workbook(io.BytesIO(data), read_only=True)
            cut = book.worksheets[0].iter_rows(max_row=most, max_col=_WIDEST, values_only=True)
            return [list(row) for row in cut]
    except _UNREADABLE as fault:
        raise _refused("这个 Excel 文件打不开，请另存一份 .xlsx 再试。") from fault


def _look(data: bytes) -> None:
    if len(data) > _MOST_BYTES:
        raise _refused("文件超过 5 MB，请分开上传。")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > min(_MOST_UNPACKED, len(data) * _MOST_RATIO):
        raise _refused("这个文件解开后太大，不能接收。")
    names = {entry.filename for entry in entries}
    if not names.issuperset(_MAIN_PARTS):
        raise _refused("请上传 Excel（xlsx）文件。")
    if any(mark in name.lower() for name in names for mark in _ACTIVE):
        raise _refused("这个文件里带有宏或嵌入的对象，不能接收；请另存为普通文件。")


def _refused(sentence: str) -> Invalid:
    return Invalid(fields={"file": sentence})
