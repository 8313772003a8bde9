"""What is typed for an action."""

from uuid import UUID

import pytest

from gridgov.cases.rules.fields import check_fields, check_texts
from gridgov.contract.declarations import Action, Category, Field, Urgency
from gridgov.kernel.errors import Invalid

ID = UUID(int=7)
KNOWN = {
    "categories": {
        "E01": Category(code="E01", name="市容"),
        "E0102": Category(code="E0102", name="暴露垃圾", parent="E01"),
    },
    "urgencies": {"normal": Urgency(code="normal", name="一般", rules=())},
}


def asking(kind, **how):
    return Action(
        code="do",
        name="做",
        before=("open",),
        fields=(Field(code="x", label="甲", kind=kind, **how),),
    )


@pytest.mark.parametrize(
    ("kind", "typed", "read"),
    [
        ("text", "  好  ", "好"),
        ("long_text", "一\r\n二", "一\n二"),
        ("choice", "a", "a"),
        ("departments", [str(ID), str(ID)], (ID,)),
        ("departments", str(ID), (ID,)),
        ("photos", (ID,), (ID,)),
        ("case", str(ID), ID),
        ("days", "3", 3),
        ("stars", 5, 5),
        ("category", "E0102", "E0102"),
        ("urgency", "normal", "normal"),
    ],
)
def test_each_kind_of_field_is_read(kind, typed, read):
    action = asking(kind, choices=(("a", "甲"),), limit=30)

    assert check_fields(action, {"x": typed}, **KNOWN) == {"x": read}


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("text", "字" * 31, "写得太长了，最多 30 个字。"),
        ("text", "有\x00", "里面有无法显示的控制字符，请删掉后再试。"),
        ("choice", "z", "没有这一项，请重新选择。"),
        ("departments", ["x"], "没有这一项，请重新选择。"),
        ("case", "x", "没有这一项，请重新选择。"),
        ("days", "x", "这里要填整数。"),
        ("days", "0", "请填 1 到 30 之间的天数。"),
        ("days", "31", "请填 1 到 30 之间的天数。"),
        ("stars", "6", "请选 1 到 5 颗星。"),
        ("category", "E01", "请选到具体的小类。"),
        ("category", "E9", "没有这一项，请重新选择。"),
        ("urgency", "soon", "没有这一项，请重新选择。"),
    ],
)
def test_what_does_not_fit_gets_a_sentence(kind, typed, sentence):
    action = asking(kind, choices=(("a", "甲"),), limit=30)

    with pytest.raises(Invalid) as refused:
        check_fields(action, {"x": typed}, **KNOWN)

    assert refused.value.fields == {"x": sentence}


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("text", "", "请填写这一项。"),
        ("text", "   ", "请填写这一项。"),
        ("text", None, "请填写这一项。"),
        ("departments", [], "请至少选一个部门。"),
    ],
)
def test_what_is_required_must_be_there(kind, typed, sentence):
    with pytest.raises(Invalid) as refused:
        check_fields(asking(kind, required=True), {"x": typed}, **KNOWN)

    assert refused.value.fields == {"x": sentence}


def test_what_nobody_asked_for_is_left_out():
    assert check_fields(asking("text"), {"y": "多余", "x": ""}, **KNOWN) == {}


def test_several_texts_are_checked_at_once():
    with pytest.raises(Invalid) as refused:
        check_texts({"a": "字" * 3, "b": "\x07"}, {"a": 2, "b": 9, "c": 9})

    assert sorted(refused.value.fields) == ["a", "b"]
    assert check_texts({"a": " 好 "}, {"a": 2, "c": 9}) == {"a": "好", "c": ""}
