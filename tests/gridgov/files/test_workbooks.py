"""A spreadsheet is looked at before it is opened."""

import io
import re
import zipfile
from time import perf_counter

import pytest

from factories.uploads import a_pdf, a_photo, a_sheet, a_workbook, an_archive
from gridgov.files.workbooks import cells_of
from gridgov.kernel.errors import Invalid


def test_the_first_sheet_is_read_as_far_as_asked():
    sheet = a_sheet((1, "=1+1"), (2, None), heads=("甲", "乙"))

    rows = [row[:2] for row in cells_of(sheet, most=9)]

    assert rows == [["换届名单", None], ["甲", "乙"], [1, "=1+1"], [2, None]]
    assert len(cells_of(sheet, most=3)) == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04nonsense",
        a_pdf(),
        a_photo(),
        an_archive({"a.txt": b"x"}),
        a_workbook(),
        a_workbook()[:-30],
        a_workbook(**{"xl__vbaProject.bin": b"x"}),
        a_workbook(**{"xl__embeddings__oleObject1.bin": b"x"}),
        bytes(5 * 1024 * 1024 + 1),
    ],
)
def test_what_is_none_or_could_run_something_is_refused_beside_the_field(data):
    with pytest.raises(Invalid) as refused:
        cells_of(data, most=9)

    assert list(refused.value.fields) == ["file"]


def locked(sheet):
    """Its list of contents says that all is encrypted."""
    return re.sub(rb"(PK\x01\x02.{4})\x00", b"\\1\x01", sheet, flags=re.DOTALL)


def damaged(sheet):
    """The stream of its first part is none."""
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        first = archive.getinfo("[Content_Types].xml")
    begins = first.header_offset + 30 + len(first.filename)
    return sheet[:begins] + b"\xff" * 20 + sheet[begins + 20 :]


@pytest.mark.parametrize("spoilt", [locked, damaged])
def test_one_that_is_locked_or_damaged_is_refused_beside_the_field(spoilt):
    with pytest.raises(Invalid) as refused:
        cells_of(spoilt(a_sheet((1, "x"), heads=("甲", "乙"))), most=9)

    assert list(refused.value.fields) == ["file"]


def test_one_that_unpacks_to_too_much_is_refused_unopened():
    bomb = a_workbook(xl__media=bytes(20_000_000))

    began = perf_counter()
    with pytest.raises(Invalid, match="标出的地方") as refused:
        cells_of(bomb, most=9)

    assert "解开后太大" in refused.value.fields["file"] and perf_counter() - began < 1
