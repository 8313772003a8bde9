"""Documents as offices send them: PDF, Word and Excel, by content; nothing that runs by itself."""

import io
import zipfile
from typing import Final

from gridgov.files.types import MOST_BYTES
from gridgov.kernel.errors import Invalid, TooLarge

PDF: Final = "application/pdf"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
WORD: Final = f"{_OFFICE}wordprocessingml.document"
EXCEL: Final = f"{_OFFICE}spreadsheetml.sheet"
EXTENSIONS: Final = {PDF: "pdf", WORD: "docx", EXCEL: "xlsx"}

_MOST_UNPACKED: Final = 100 * 1024 * 1024
_MOST_RATIO: Final = 100
_MOST_ENTRIES: Final = 2000
_PDF_TAIL: Final = 2048
_PDF_ACTIVE: Final = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")
_OFFICE_ACTIVE: Final = ("vbaproject.bin", "activex", "embeddings/", "externallink")
_MAIN_PARTS: Final = (("word/document.xml", WORD), ("xl/workbook.xml", EXCEL))


def look_at_document(data: bytes) -> str:
    """The media type of a document; refuses what is none, too large, or could run something."""
    if len(data) > MOST_BYTES:
        raise TooLarge("文件超过 10 MB，请压缩或分开上传。")
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    raise Invalid("只能上传 PDF、Word（docx）或 Excel（xlsx）文件。")


def _pdf(data: bytes) -> str:
    if b"%%EOF" not in data[-_PDF_TAIL:]:
        raise Invalid("这个 PDF 文件不完整，请重新选择。")
    if any(mark in data for mark in _PDF_ACTIVE):
        raise Invalid("这个 PDF 里带有脚本或附件，不能接收；请另存为普通 PDF。")
    return PDF


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise Invalid("这个文件打不开，可能没有传完整，请重新选择。") from fault
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > min(_MOST_UNPACKED, len(data) * _MOST_RATIO):
        raise TooLarge("这个文件解开后太大，不能接收。")
    names = [entry.filename for entry in entries]
    mime = next((mime for part, mime in _MAIN_PARTS if part in names), None)
    if mime is None or "[Content_Types].xml" not in names or any(map(_strays, names)):
        raise Invalid("只能上传 PDF、Word（docx）或 Excel（xlsx）文件。")
    if any(mark in name.lower() for name in names for mark in _OFFICE_ACTIVE):
        raise Invalid("这个文件里带有宏或嵌入的对象，不能接收；请另存为普通文件。")
    return mime


def _strays(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name or "\\" in name
