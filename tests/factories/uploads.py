"""Photos and spreadsheets to upload, good and bad."""

import io
import struct
import zipfile
import zlib
from typing import Any

from openpyxl import Workbook
from PIL import Image

from gridgov.handover.rules.sheets import HEADS

GPS_MARK = b"GRIDGOV-GPS-CANARY"


def a_photo(size: tuple[int, int] = (640, 480), kind: str = "JPEG", **how: Any) -> bytes:
    """A picture that is dark at the left and light at the right."""
    out = io.BytesIO()
    image = Image.linear_gradient("L").rotate(90).resize(size).convert(how.pop("mode", "RGB"))
    image.save(out, kind, **how)
    return out.getvalue()


def a_photo_with_exif() -> bytes:
    """As a phone takes it upright: lying pixels, an orientation, a place, a maker's note."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right by a quarter to see it upright
    exif[0x010E] = GPS_MARK.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (27.0, 39.0, 12.5), 3: "E", 4: (113.0, 30.0, 4.5)})
    comment = b"\xff\xfe" + struct.pack(">H", len(GPS_MARK) + 2) + GPS_MARK
    photo = a_photo(exif=exif)
    return photo[:2] + comment + photo[2:]


def a_png_head(width: int, height: int, *, depth: int = 1, body: bytes = b"") -> bytes:
    """A PNG that claims a size; ``body`` is its unpacked data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)

    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(body, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


def a_bomb() -> bytes:
    """A true 30000 x 30000 picture of one bit per pixel: some 110 kB, 900 million pixels."""
    return a_png_head(30_000, 30_000, body=bytes(30_000 * (30_000 // 8 + 1)))


def an_archive(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return out.getvalue()


def a_workbook(**more: bytes) -> bytes:
    """An Excel file by its parts; ``__`` in a name stands for the slash."""
    parts = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    return an_archive(parts | {name.replace("__", "/"): data for name, data in more.items()})


def a_pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj<<>>endobj\n" + body + b"\ntrailer<<>>\n%%EOF\n"


def a_sheet(*rows: tuple[object, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    """A sheet of posts as an office would send it: a title, the head, the rows."""
    book = Workbook()
    page = book.create_sheet("名单", 0)
    for row in (("换届名单",), heads, *rows):
        page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
