"""A file of the catalogue: ten kinds of errors, each by its cell, and what makes no difference."""

import io
import time
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from gridgov.contract.declarations import County
from gridgov.contract.services import ServiceBatch, ServiceFlag
from gridgov.kernel.changes import Verb
from gridgov.kernel.errors import Invalid, TooLarge
from gridgov.services.rules.compare import compare
from gridgov.services.rules.files import rows_of
from gridgov.services.rules.table import columns_of, known, read_table
from gridgov.services.types import CellFault, Item
from liling.services import BATCHES, FLAGS

COLUMNS = columns_of(FLAGS)
HEADS = [str(column.head) for column in COLUMNS]
COUNTY = County(
    name="某县",
    service_batches=(ServiceBatch(code="benefit", name="惠民事项"),),
    service_flags=FLAGS,
)
WORDS = known(COUNTY, [("civil", "民政局")])
FILE = Path(__file__).parents[3] / "tenants" / "liling" / "services.csv"
GOOD = {
    "编码": "LL01001",
    "事项名称": "老年证年审",
    "批次": "惠民事项",
    "部门": "民政局",
    "可代办": "是",
    "全程帮办": "是",
    "办理时限": "5个工作日",
    "怎么办": "交材料；领证",
    "要带什么": "身份证；照片",
}


def a_row(**other):
    values = GOOD | other
    return [values.get(head, "") for head in HEADS]


def read(*rows, heads=HEADS):
    return read_table([heads, *rows], WORDS)


def a_book(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def cells(faults):
    return {fault.cell: str(fault.sentence) for fault in faults}


def test_a_good_row_becomes_an_item():
    items, faults = read(a_row())

    assert faults == []
    (item,) = items
    assert item.department == "civil" and item.batch == "benefit"
    assert item.flags == {"agency", "assisted"}
    assert item.steps == ("交材料", "领证")


@pytest.mark.parametrize(
    ("column", "value", "cell", "part"),
    [
        ("编码", "", "A2", "缺少编码"),
        ("编码", "老年证", "A2", "字母、数字"),
        ("部门", "火星局", "D2", "没有“火星局”这个部门"),
        ("批次", "第六批", "C2", "没有“第六批”这个批次"),
        ("可代办", "也许", "G2", "写“是”或“否”"),
        ("办理时限", "很快", "J2", "数字加单位"),
        ("办理时限", "5", "J2", "数字加单位"),
        ("事项名称", '=HYPERLINK("x")', "B2", "公式"),
        ("事项名称", "证" * 61, "B2", "写得太长了，最多 60 个字"),
        ("要带什么", "", "N2", "写了“全程帮办”的事项，要写明“要带什么”"),
        ("怎么办", "", "M2", "写了“可代办”的事项，要写明“怎么办”"),
        ("可代办", "否", "G2", "也要写“可代办”"),
        ("办什么", "看\u202e不见", "K2", "控制字符"),
    ],
)
def test_each_kind_of_error_is_named_by_its_cell(column, value, cell, part):
    _, faults = read(a_row(**{column: value}))

    assert part in cells(faults)[cell]


def test_a_code_twice_names_the_row_that_has_it_first():
    _, faults = read(a_row(), a_row(事项名称="另一项"))

    assert "和第 2 行重复" in cells(faults)["A3"]


def test_an_unknown_column_and_a_missing_one_are_named():
    heads = [*HEADS[1:], "得分"]
    _, faults = read(a_row()[1:], heads=heads)

    said = [str(fault.sentence) for fault in faults]
    assert "不认识的列“得分”。" in said
    assert "缺少“编码”这一列。" in said


def test_every_error_is_told_at_once():
    rows = [a_row(编码="", 部门="x"), a_row(批次="y"), a_row(编码="LL2", 办理时限="z")]
    _, faults = read(*rows)

    assert {fault.cell for fault in faults} == {"A2", "D2", "C3", "J4"}


def test_no_file_but_a_table_is_read():
    with pytest.raises(Invalid) as not_text:
        rows_of("编码,事项".encode("gb18030"))
    assert "UTF-8" in not_text.value.fields["file"]
    with pytest.raises(Invalid):
        rows_of(b"")
    assert read_table(rows_of(b"%PDF-1.7 %%EOF"), WORDS)[1] != []
    with pytest.raises((Invalid, TooLarge)):
        rows_of(b"PK\x03\x04nonsense")


def test_excel_and_csv_say_the_same():
    rows = [HEADS, a_row(编码=101001.0)]
    from_excel, faults = read_table(rows_of(a_book(rows)), WORDS)

    assert faults == []
    assert from_excel[0].code == "101001"


def test_a_formula_in_excel_is_seen_as_one():
    _, faults = read_table(rows_of(a_book([HEADS, a_row(收费="=1+1")])), WORDS)

    assert "公式" in cells(faults)["O2"]


def test_the_columns_beyond_z_have_two_letters():
    assert CellFault(3, 28, "", "").cell == "AB3"


def test_what_differs_is_added_changed_and_closed():
    one = Item(code="A1", name="一", batch="b", department="d")
    two, three = replace(one, code="A2", name="二"), replace(one, code="A3", name="三")
    have = {item.code: item for item in (one, two)}

    changes = compare(
        have, [replace(one, term="5个工作日", flags=frozenset({"town"})), three], COLUMNS
    )

    assert [(change.verb, change.code) for change in changes] == [
        (Verb.CHANGED, "A1"),
        (Verb.ADDED, "A3"),
        (Verb.CLOSED, "A2"),
    ]
    assert changes[0].fields == (("镇街办理", "否", "是"), ("办理时限", "", "5个工作日"))


def test_six_hundred_items_are_read_in_no_time():
    lines = rows_of(FILE.read_bytes())
    words = known(replace(COUNTY, service_batches=BATCHES), [(line[3],) * 2 for line in lines])
    data = a_book(lines)

    began = time.perf_counter()
    items, faults = read_table(rows_of(data), words)
    took = time.perf_counter() - began

    assert (len(items), faults) == (664, [])
    assert took < 3


def test_another_county_s_flags_are_other_columns():
    """What this one counts, and what an item of it needs, is nobody else's."""
    flags = (
        ServiceFlag(code="hotline", name="热线能办", on_behalf=True, needs=("fee",)),
        ServiceFlag(code="night", name="夜间能办", heading="夜办", under="hotline"),
    )
    other = replace(COUNTY, service_flags=flags)
    heads = ["编码", "事项名称", "批次", "部门", "热线能办", "night", "收费"]
    row = ["A01", "补办", "benefit", "civil", "是", "是", "不收费"]

    items, faults = read_table([heads, row], known(other, [("civil", "民政局")]))
    _, told = read_table([HEADS, a_row()], known(other, [("civil", "民政局")]))
    _, lacking = read_table(
        [heads, [*row[:4], "否", "是", ""], [*row[:6], ""]], known(other, [("civil", "民政局")])
    )

    assert (faults, items[0].flags) == ([], {"hotline", "night"})
    assert "不认识的列“全程帮办”。" in [str(fault.sentence) for fault in told]
    assert {"E2", "G3"} <= set(cells(lacking))
