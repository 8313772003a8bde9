import resource
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.uploads import (
    a_bomb,
    a_pdf,
    a_photo,
    a_photo_with_exif,
    a_png_head,
    a_workbook,
    an_archive,
)
from gridgov.files.looking import look_at_photo
from gridgov.files.types import MOST_BYTES, ImageFormat, ImageHead
from gridgov.kernel.errors import Invalid, Refusal, TooLarge


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("PNG", {"mode": "1"}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}),
    ],
)
def test_the_head_says_what_a_photo_is(kind, how):
    data = a_photo((321, 123), kind, **how)

    assert look_at_photo(data) == ImageHead(ImageFormat(kind), 321, 123)


def test_a_photo_of_a_phone_is_taken_with_its_exif():
    assert look_at_photo(a_photo_with_exif()).format is ImageFormat.JPEG


def test_a_bomb_is_refused_by_its_head_in_a_moment():
    bomb = a_bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    began = perf_counter()
    with pytest.raises(TooLarge, match="4000 万"):
        look_at_photo(bomb)

    assert perf_counter() - began < 0.05
    assert len(bomb) < 120_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10 * 1024


def test_forty_megapixels_are_the_limit():
    assert look_at_photo(a_png_head(8000, 5000)).width == 8000
    with pytest.raises(TooLarge):
        look_at_photo(a_png_head(8000, 5001))


def test_ten_megabytes_are_the_limit():
    photo = a_photo()

    assert look_at_photo(photo + bytes(MOST_BYTES - len(photo))).width == 640
    with pytest.raises(TooLarge, match="10 MB"):
        look_at_photo(photo + bytes(MOST_BYTES - len(photo) + 1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a" + bytes(100),
        b"BM" + bytes(100),
        a_pdf(),
        a_workbook(),
        b"MZ" + bytes(100),
        "一句话".encode(),
    ],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(data):
    with pytest.raises(Invalid, match="不是照片"):
        look_at_photo(data)


def test_the_format_of_some_phones_is_named_with_a_way_out():
    with pytest.raises(Invalid, match="HEIC"):
        look_at_photo(b"\0\0\0\x18ftypheic" + bytes(50))


@pytest.mark.parametrize(
    "rider",
    [
        b"<script>alert(1)</script>",
        b"<html><body>",
        b"<SVG onload=x>",
        b"<?php system($_GET[0]);",
        an_archive({"a.html": b"x"}),
    ],
)
def test_a_photo_that_is_something_else_too_is_refused(rider):
    with pytest.raises(Invalid, match="不只是照片"):
        look_at_photo(a_photo() + rider)


def test_a_document_hidden_in_the_head_is_refused():
    photo = a_photo()
    comment = b"\xff\xfe\x00\x0b%PDF-1.7\n"

    with pytest.raises(Invalid, match="不只是照片"):
        look_at_photo(photo[:2] + comment + photo[2:])


def test_endless_scans_are_refused():
    photo = a_photo(progressive=True)

    with pytest.raises(Invalid, match="打不开"):
        look_at_photo(photo + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 100)


@given(st.data())
def test_whatever_is_cut_or_changed_is_looked_at_or_refused_but_never_breaks(data):
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))
    photo = bytearray(a_photo((40, 30), kind))
    for _ in range(data.draw(st.integers(0, 4))):
        photo[data.draw(st.integers(0, min(200, len(photo) - 1)))] = data.draw(st.integers(0, 255))
    cut = bytes(photo[: data.draw(st.integers(0, len(photo)))])

    try:
        head = look_at_photo(cut)
    except Refusal:
        return
    assert 0 < head.width * head.height <= 40_000_000
