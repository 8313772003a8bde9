"""The words of kept photos."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000


class Variant(StrEnum):
    """What lies on the shelf for a file: a photo in two sizes."""

    DISPLAY = "display"
    THUMB = "thumb"


class ImageFormat(StrEnum):
    """The formats that phones and browsers make, by Pillow's names."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"


@dataclass(frozen=True, slots=True)
class ImageHead:
    """What the first bytes of an image say."""

    format: ImageFormat
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was accepted; not yet anybody's until it is attached."""

    id: UUID
    mime: str
    size: int
    sha256: str
    width: int
    height: int
