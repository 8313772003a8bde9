"""What a form shows of a refusal."""

from enum import StrEnum
from typing import Annotated

import msgspec
import pytest

from gridgov.kernel.errors import Conflict, Invalid
from gridgov.web.forms import convert, faults_of, unplaced


class Kind(StrEnum):
    """What can be chosen."""

    ONE = "one"


class Asked(msgspec.Struct):
    """A form with a limit of each kind."""

    words: Annotated[str, msgspec.Meta(min_length=2, max_length=5)] = ""
    count: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    chosen: Annotated[list[str], msgspec.Meta(max_length=2)] = []
    share: Annotated[float, msgspec.Meta(le=1)] = 0.5
    kind: Kind = Kind.ONE


NAMED = Invalid(fields={"day": "那天不办公。"})
WHOLE = Conflict("{who}已经办了。", who="王某")


def test_each_sentence_stands_beside_its_field():
    assert faults_of(NAMED, otherwise="note") == {"day": "那天不办公。"}
    assert unplaced(NAMED) == ""


def test_what_names_no_field_stands_where_the_page_wants_it():
    assert faults_of(WHOLE, otherwise="note") == {"note": "王某已经办了。"}
    assert faults_of(Invalid("读不懂。"), otherwise="note") == {"note": "读不懂。"}


def test_or_above_the_form():
    assert faults_of(WHOLE) == {}
    assert unplaced(WHOLE) == "王某已经办了。"


def test_a_page_without_a_fault_shows_none():
    assert faults_of(None, otherwise="note") == {}
    assert unplaced(None) == ""


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("words", "六个字太长了", "写得太长了，最多 5 个字。"),
        ("words", "短", "写得太短了，至少 2 个字。"),
        ("count", "-5", "不能小于 1。"),
        ("count", "21", "不能大于 20。"),
        ("count", "2.5", "这里要填整数。"),
        ("chosen", ["a", "b", "c"], "最多选 2 项。"),
        ("share", "2", "不能大于 1。"),
        ("kind", ">= " + "9" * 5000, "没有这一项，请重新选择。"),
        ("kind", "Expected `int` <= 7", "没有这一项，请重新选择。"),
    ],
)
def test_what_is_beyond_a_limit_is_told_the_limit(field, given, sentence):
    with pytest.raises(Invalid) as refused:
        convert({field: given}, Asked)

    assert refused.value.fields == {field: sentence}
