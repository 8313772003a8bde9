"""What an upload is, by its content alone, before anything decodes it. Pure and quick.

A bomb of a few kilobytes says in its head how large it would become: that is where it ends. A file
that is two things at once (a photo and a page, a photo and an archive) is refused, although what is
kept is made anew and would carry nothing over.
"""

from collections.abc import Callable, Iterator
from typing import Final

from gridgov.files.types import MOST_BYTES, MOST_PIXELS, ImageFormat, ImageHead
from gridgov.kernel.errors import Invalid, TooLarge

_MOST_SCANS: Final = 64
"""A progressive photo has about ten; thousands of empty ones cost minutes to decode."""

_MARKUP_ANYWHERE: Final = (b"<script", b"<?php", b"<!doctype", b"<iframe")
_MARKUP_AT_THE_ENDS: Final = (b"<html", b"<svg", b"<body")
_END = 4096
_ARCHIVE_END: Final = b"PK\x05\x06"
_ARCHIVE_TAIL: Final = 66_000
_PDF_HEAD: Final = 1024
_MARK: Final = 0xFF
_STANDALONE: Final = {0x01, *range(0xD0, 0xD8)}
_FRAMES: Final = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive; lossless and arithmetic coding no phone makes."""
_OTHER_FRAMES: Final = {*range(0xC3, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SCAN: Final = 0xDA
_WEBP_ANIMATED: Final = 0x02
_HEIF_BRANDS: Final = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"}


class _NotThis(ValueError):
    """The bytes do not go on as this format does."""


def look_at_photo(data: bytes) -> ImageHead:
    """Format and size of a photo; refuses what is none, too large, or something else besides."""
    if len(data) > MOST_BYTES:
        raise TooLarge("照片超过 10 MB，请换一张小一点的。")
    head = _head(data)
    if head.width * head.height > MOST_PIXELS:
        raise TooLarge("照片像素太大（超过 4000 万），请缩小后再传。")
    if _is_something_else_too(data):
        raise Invalid("这个文件不只是照片，里面还有别的内容，不能接收。")
    return head


def _head(data: bytes) -> ImageHead:
    for magic, read in _READERS:
        if data.startswith(magic):
            try:
                return read(data)
            except (_NotThis, IndexError) as fault:
                raise Invalid("这张照片打不开，可能没有传完整，请重新选择。") from fault
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise Invalid("这是 HEIC 格式，暂不支持。请把手机相机格式改为“兼容性最佳”，或截图后上传。")
    raise Invalid("这不是照片。可以上传 JPEG、PNG 或 WebP 格式的照片。")


def _jpeg(data: bytes) -> ImageHead:
    if data.count(b"\xff\xda") > _MOST_SCANS:
        raise _NotThis
    for marker, start in _segments(data):
        if marker in _FRAMES:
            height, width = _big(data, start + 3, 2), _big(data, start + 5, 2)
            return _sized(ImageFormat.JPEG, width, height)
        if marker in _OTHER_FRAMES or marker == _SCAN:
            raise _NotThis
    raise _NotThis


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Marker and start of each segment, up to the first scan."""
    at = 2
    while at < len(data):
        if data[at] != _MARK:
            raise _NotThis
        while data[at] == _MARK:
            at += 1
        marker = data[at]
        at += 1
        if marker in _STANDALONE:
            continue
        yield marker, at
        length = _big(data, at, 2)
        if length < 2:  # noqa: PLR2004  (the length counts its own two bytes)
            raise _NotThis
        at += length


def _png(data: bytes) -> ImageHead:
    if data[8:16] != b"\x00\x00\x00\rIHDR":
        raise _NotThis
    return _sized(ImageFormat.PNG, _big(data, 16, 4), _big(data, 20, 4))


def _webp(data: bytes) -> ImageHead:
    if data[8:12] != b"WEBP":
        raise _NotThis
    match data[12:16]:
        case b"VP8X":
            if data[20] & _WEBP_ANIMATED:
                raise _NotThis
            return _sized(ImageFormat.WEBP, _little(data, 24, 3) + 1, _little(data, 27, 3) + 1)
        case b"VP8 ":
            width, height = _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF
            return _sized(ImageFormat.WEBP, width, height)
        case b"VP8L":
            bits = _little(data, 21, 4)
            return _sized(ImageFormat.WEBP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case _:
            raise _NotThis


_READERS: Final[tuple[tuple[bytes, Callable[[bytes], ImageHead]], ...]] = (
    (b"\xff\xd8\xff", _jpeg),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"RIFF", _webp),
)


def _sized(image_format: ImageFormat, width: int, height: int) -> ImageHead:
    if width < 1 or height < 1:
        raise _NotThis
    return ImageHead(image_format, width, height)


def _big(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise _NotThis
    return int.from_bytes(data[at : at + size], "big")


def _little(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise _NotThis
    return int.from_bytes(data[at : at + size], "little")


def _is_something_else_too(data: bytes) -> bool:
    lower = data.lower()
    ends = lower[:_END] + lower[-_END:]
    return (
        any(mark in lower for mark in _MARKUP_ANYWHERE)
        or any(mark in ends for mark in _MARKUP_AT_THE_ENDS)
        or _ARCHIVE_END in data[-_ARCHIVE_TAIL:]
        or b"%PDF-" in data[:_PDF_HEAD]
    )
