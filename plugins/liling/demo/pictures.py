"""Small drawn pictures: a street with something wrong in it, a room of a station. No faces."""

import io
from random import Random
from typing import Final
from uuid import UUID

from PIL import Image, ImageDraw

from gridgov.context import Context
from gridgov.files.actions import accept_photo

_EVERY: Final = 15
_SIZE: Final = (480, 360)
_SKIES: Final = ("#b9cfe0", "#d8d2c4", "#9fb3c2", "#c9d8d0")
_WALLS: Final = ("#c7b299", "#a89f91", "#b7a1a1", "#9fa8a3")


async def photo_of_case(ctx: Context) -> list[UUID]:
    """A picture of every so many cases, by the minute: each costs the machine some time."""
    number = int(ctx.now.timestamp()) // 60
    return [(await accept_photo(ctx, a_street(number))).id] if number % _EVERY == 0 else []


async def photo_of_room(ctx: Context, number: int) -> list[UUID]:
    """A picture of what a station shows."""
    return [(await accept_photo(ctx, a_room(number))).id]


def a_street(number: int) -> bytes:
    """The same for the same number: houses, a road, a hole in it, rubbish or a dark lamp."""
    luck = Random(number)  # noqa: S311  (a plausible picture, no secret)
    picture = Image.new("RGB", _SIZE, luck.choice(_SKIES))
    draw = ImageDraw.Draw(picture)
    wide, high = _SIZE
    at = 0
    while at < wide:
        broad, tall = luck.randrange(60, 120), luck.randrange(90, 190)
        draw.rectangle((at, 230 - tall, at + broad, 230), fill=luck.choice(_WALLS))
        for row in range(230 - tall + 14, 205, 34):
            for column in range(at + 12, at + broad - 18, 30):
                draw.rectangle((column, row, column + 14, row + 18), fill="#5d6b76")
        at += broad + 4
    draw.polygon(((0, 230), (wide, 230), (wide, high), (0, high)), fill="#7c7f82")
    for stripe in range(20, wide, 90):
        draw.rectangle((stripe, 292, stripe + 44, 298), fill="#e6e3d8")
    (_hole, _rubbish, _lamp)[number // _EVERY % 3](draw, luck)
    return _kept(picture)


def a_room(number: int) -> bytes:
    """A wall with a sign and a screen, a counter, two chairs: what a working place shows."""
    luck = Random(number)  # noqa: S311
    picture = Image.new("RGB", _SIZE, luck.choice(("#e8e4da", "#dfe5e6", "#ece7df")))
    draw = ImageDraw.Draw(picture)
    wide, high = _SIZE
    draw.rectangle((0, 270, wide, high), fill="#b8a88f")
    draw.rectangle((150, 34, 330, 70), fill="#8f2f2a")
    left = luck.randrange(40, 90)
    draw.rectangle((left, 100, left + 110, 170), fill="#2b3a45", outline="#11181d", width=4)
    for row in range(3):
        draw.rectangle((300, 96 + row * 34, 420, 120 + row * 34), fill="#f7f4ec", outline="#9a8f7d")
    draw.rectangle((90, 210, 390, 290), fill="#7a5a3c")
    draw.rectangle((84, 200, 396, 214), fill="#94714f")
    for chair in (130, 300):
        draw.rectangle((chair, 296, chair + 52, 306), fill="#41474c")
        draw.line((chair + 6, 306, chair + 6, 346), fill="#41474c", width=6)
        draw.line((chair + 46, 306, chair + 46, 346), fill="#41474c", width=6)
    return _kept(picture)


def _kept(picture: Image.Image) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=82)
    return kept.getvalue()


def _hole(draw: ImageDraw.ImageDraw, luck: Random) -> None:
    x = luck.randrange(120, 300)
    draw.ellipse((x, 304, x + 110, 342), fill="#2b2b2b", outline="#9a8f7d", width=5)
    draw.chord((x + 30, 288, x + 140, 330), 20, 200, fill="#59544c")


def _rubbish(draw: ImageDraw.ImageDraw, luck: Random) -> None:
    x = luck.randrange(60, 260)
    for _ in range(9):
        left, top = x + luck.randrange(130), luck.randrange(236, 300)
        colour = luck.choice(("#3d5a45", "#86622f", "#d7d2c2", "#2f3f58"))
        draw.ellipse((left, top, left + luck.randrange(30, 60), top + 34), fill=colour)


def _lamp(draw: ImageDraw.ImageDraw, luck: Random) -> None:
    x = luck.randrange(160, 320)
    draw.rectangle((x, 70, x + 9, 300), fill="#41474c")
    draw.line((x + 4, 72, x + 70, 58), fill="#41474c", width=8)
    draw.rectangle((x + 58, 54, x + 92, 66), fill="#2b2b2b")
