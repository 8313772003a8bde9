"""A process of its own that makes a photo anew: read from stdin, two JPEGs to stdout.

Decoders are where hostile bytes do harm, so they run outside the web process: with no environment,
a limit on memory and time, and nothing that they could take along. A photo of 40 megapixels needs
up to 600 MiB to decode (WebP); the web process never does it. What comes out holds pixels only:
turned upright, without EXIF, GPS, comments, profiles, or anything that hung on the end.

Run by :mod:`gridgov.files.workshop` as a script, so that it imports nothing of ours.
"""

import io
import json
import resource
import sys
import warnings

from PIL import Image, ImageOps

_MEMORY = 1024 * 1024 * 1024
_SECONDS = 6
_SIZES = ((1600, 82), (320, 75))
_NO_PICTURE = 3


def main(most_pixels: int) -> int:
    """Exit status 3: the bytes are no picture that we take."""
    for limit, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    Image.MAX_IMAGE_PIXELS = most_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        pictures = remade(sys.stdin.buffer.read())
    except Exception:  # whatever a decoder says, the answer is the same
        return _NO_PICTURE
    head = [{"size": len(data), "width": w, "height": h} for data, (w, h) in pictures]
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for data, _ in pictures:
        sys.stdout.buffer.write(data)
    return 0


def remade(data: bytes) -> list[tuple[bytes, tuple[int, int]]]:
    """The picture in each size, largest first."""
    largest = _SIZES[0][0]
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
        image.draft("RGB", (largest, largest))  # a JPEG decodes at a fraction of its size
        image.thumbnail((largest, largest), reducing_gap=2.0)
        picture = _pixels(_upright(image))
    pictures: list[tuple[bytes, tuple[int, int]]] = []
    for side, quality in _SIZES:
        picture.thumbnail((side, side), reducing_gap=2.0)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        pictures.append((out.getvalue(), picture.size))
    return pictures


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # EXIF that cannot be read turns nothing
        return image


def _pixels(image: Image.Image) -> Image.Image:
    """The pixels alone on white, in a new image that knows nothing of the old one."""
    clean = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        clean.paste(clear, mask=clear)
    else:
        clean.paste(image.convert("RGB"))
    return clean


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
