import asyncio
import io
import os
import resource
from datetime import date, timedelta
from uuid import UUID

import psutil
import pytest
from PIL import Image
from sqlalchemy import select

from factories.uploads import GPS_MARK, a_bomb, a_photo, a_photo_with_exif, a_png_head
from gridgov.files import workshop
from gridgov.files.actions import (
    accept_photo,
    attach,
    keep_until,
    purge_files,
    sweep_shelf,
)
from gridgov.files.models import StoredFile
from gridgov.files.queries import photos_of
from gridgov.files.shelf import put, take
from gridgov.files.types import Variant
from gridgov.kernel.errors import Invalid, NotFound, TooLarge, Unavailable
from gridgov.kernel.ids import new_id
from gridgov.testkit.clock import NOON


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def on_disk(county) -> list:
    return sorted(path for path in county.settings.files.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_is_kept_in_two_sizes_made_anew(county, kind):
    async with county.opened() as ctx:
        kept = await accept_photo(ctx, a_photo((3000, 2000), kind))
        display = await take(ctx, kept.id, Variant.DISPLAY)
        thumb = await take(ctx, kept.id, Variant.THUMB)

    assert (kept.mime, kept.size) == ("image/jpeg", len(display))
    assert (kept.width, kept.height) == opened(display).size == (1600, 1067)
    assert opened(thumb).size in {(320, 213), (320, 214)}
    assert opened(display).format == opened(thumb).format == "JPEG"


async def test_place_and_words_in_a_photo_are_gone_and_it_stands_upright(county):
    async with county.opened() as ctx:
        sent = a_photo_with_exif()
        kept = await accept_photo(ctx, sent)
        pictures = [await take(ctx, kept.id, v) for v in (Variant.DISPLAY, Variant.THUMB)]

    assert GPS_MARK in sent
    assert b"Exif" in sent
    for data in pictures:
        assert GPS_MARK not in data
        assert b"Exif" not in data
        assert not opened(data).getexif()
        assert set(opened(data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"} | {
            "progressive",
            "progression",
        }
    assert (kept.width, kept.height) == (480, 640)
    upright = opened(pictures[0]).convert("L")
    top, bottom = upright.getpixel((240, 20)), upright.getpixel((240, 620))
    lying = opened(sent).convert("L")
    assert (top < bottom) == (lying.getpixel((20, 240)) < lying.getpixel((620, 240)))


async def test_a_small_photo_is_not_blown_up_and_clear_parts_become_white(county):
    async with county.opened() as ctx:
        out = io.BytesIO()
        Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(out, "PNG")
        kept = await accept_photo(ctx, out.getvalue())
        display = opened(await take(ctx, kept.id, Variant.DISPLAY))

    assert display.size == (30, 20)
    assert display.getpixel((5, 5)) == (255, 255, 255)


async def test_what_is_kept_on_disk_is_sealed_under_a_name_of_ours(county):
    async with county.opened() as ctx:
        photo = await accept_photo(ctx, a_photo())

    paths = on_disk(county)
    assert {path.name for path in paths} == {f"{photo.id}.display", f"{photo.id}.thumb"}
    for path in paths:
        assert path.parent.name == path.stem[-2:]
        assert path.parent.parent.name == str(county.tenant.id)
        assert path.stat().st_mode & 0o077 == 0
        data = path.read_bytes()
        assert not data.startswith(b"\xff\xd8")


async def test_bytes_changed_moved_or_another_tenants_do_not_open(county, neighbour):
    async with county.opened() as ctx:
        one, other = new_id(), new_id()
        await put(ctx, one, Variant.DISPLAY, b"one")
        await put(ctx, other, Variant.DISPLAY, b"other")
        assert await take(ctx, one, Variant.DISPLAY) == b"one"
        paths = {UUID(path.stem): path for path in on_disk(county)}
        paths[other].write_bytes(paths[one].read_bytes())
        paths[one].write_bytes(paths[one].read_bytes()[:-1] + b"!")
        for file_id in (one, other):
            with pytest.raises(NotFound):
                await take(ctx, file_id, Variant.DISPLAY)

    async with neighbour.opened() as ctx:
        with pytest.raises(NotFound):
            await take(ctx, one, Variant.DISPLAY)


@pytest.mark.parametrize(
    "data",
    [
        a_photo((800, 600))[:2000],
        a_png_head(100, 100, body=b"too little"),
        b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03" + bytes(50),
        a_photo((64, 64), "WEBP")[:60],
    ],
)
async def test_a_photo_that_breaks_off_is_refused_and_nothing_is_kept(county, data):
    async with county.opened() as ctx:
        with pytest.raises(Invalid, match="打不开"):
            await accept_photo(ctx, data)
        assert (await ctx.session.execute(select(StoredFile.id))).all() == []

    assert on_disk(county) == []


async def test_a_bomb_costs_the_process_nothing(county):
    async with county.opened() as ctx:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(TooLarge):
            await accept_photo(ctx, a_bomb())

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


async def test_large_photos_do_not_make_the_process_grow(county):
    out = io.BytesIO()
    Image.effect_noise((400, 300), 60).resize((4000, 3000)).convert("RGB").save(out, "JPEG")
    process = psutil.Process(os.getpid())
    async with county.opened() as ctx:
        await accept_photo(ctx, out.getvalue())
        before = process.memory_info().rss
        for _ in range(5):
            await accept_photo(ctx, out.getvalue())

    assert process.memory_info().rss - before < 20 * 1024 * 1024


async def test_a_liar_about_its_size_is_stopped_by_the_decoders_limits(county):
    """The head says little, the body much more: the decoder makes what the head said."""
    async with county.opened() as ctx:
        kept = await accept_photo(ctx, a_png_head(8, 8, body=bytes(50_000_000)))

    assert (kept.width, kept.height) == (8, 8)


async def test_too_many_photos_at_once_are_put_off(county, monkeypatch):
    monkeypatch.setattr(workshop, "_MOST_WAITING", 1)
    async with county.opened() as ctx:
        one = asyncio.create_task(workshop.remake_photo(a_photo()))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await accept_photo(ctx, a_photo())
        assert (await one)[Variant.DISPLAY].width == 640
        await accept_photo(ctx, a_photo())  # and taken when there is room again


# Owners


async def test_files_are_attached_in_the_order_given(county):
    case_id = new_id()
    async with county.opened() as ctx:
        first, second, third = [(await accept_photo(ctx, a_photo())).id for _ in range(3)]
        await attach(ctx, [third, first, second], "case", case_id)

        assert await photos_of(ctx, "case", case_id) == [third, first, second]
        assert await photos_of(ctx, "suggestion", case_id) == []
        await attach(ctx, [], "case", case_id)


async def test_only_ones_own_files_that_nobody_has_can_be_attached(county, neighbour):
    me, you = new_id(), new_id()
    async with county.opened(account=you) as ctx:
        yours = (await accept_photo(ctx, a_photo())).id
    async with neighbour.opened(account=me) as ctx:
        foreign = (await accept_photo(ctx, a_photo())).id

    async with county.opened(account=me) as ctx:
        mine = (await accept_photo(ctx, a_photo())).id
        await attach(ctx, [mine], "case", new_id())
    for taken in (mine, yours, foreign, new_id()):
        async with county.opened(account=me, keep=False) as ctx:
            fresh = (await accept_photo(ctx, a_photo())).id
            with pytest.raises(NotFound):
                await attach(ctx, [fresh, taken], "case", new_id())


async def test_no_more_files_than_the_most(county):
    async with county.opened() as ctx:
        with pytest.raises(Invalid, match="最多 2 个"):
            await attach(ctx, [new_id() for _ in range(3)], "case", new_id(), most=2)


# Letting go


async def test_what_nobody_attached_within_a_day_goes_with_its_bytes(county):
    case_id = new_id()
    async with county.opened() as ctx:
        lost = (await accept_photo(ctx, a_photo())).id
        held = (await accept_photo(ctx, a_photo())).id
        await attach(ctx, [held], "case", case_id)
    for path in on_disk(county):
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    (county.settings.files / str(county.tenant.id) / "zz").mkdir()
    broken_off = county.settings.files / str(county.tenant.id) / "zz" / ".new-x"
    broken_off.write_bytes(b"x")
    os.utime(broken_off, (NOON.timestamp(), NOON.timestamp()))

    async with county.opened(now=NOON + timedelta(hours=23)) as ctx:
        assert (await purge_files(ctx), await sweep_shelf(ctx)) == (0, 0)
    async with county.opened(now=NOON + timedelta(hours=25)) as ctx:
        assert await purge_files(ctx) == 1
        assert (await ctx.session.scalars(select(StoredFile.id))).all() == [held]
        assert lost != held
    async with county.opened(now=NOON + timedelta(hours=25)) as ctx:
        assert await sweep_shelf(ctx) == 3

    assert {path.stem for path in on_disk(county)} == {str(held)}


async def test_files_go_on_the_last_day_of_their_keeping(county):
    case_id = new_id()
    async with county.opened() as ctx:
        photo = (await accept_photo(ctx, a_photo())).id
        await attach(ctx, [photo], "case", case_id)
        await keep_until(ctx, "case", [case_id], last=date(2027, 5, 22))

    async with county.opened(now=NOON + timedelta(days=179)) as ctx:  # 21 May
        assert await purge_files(ctx) == 0
    async with county.opened(now=NOON + timedelta(days=180)) as ctx:
        assert await purge_files(ctx) == 1
        assert await purge_files(ctx) == 0
