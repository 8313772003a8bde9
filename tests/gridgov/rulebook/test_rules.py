"""What a setting can be, which change is refused, and what holds on which day."""

from datetime import date

import pytest

from factories.contexts import chosen
from gridgov.contract.declarations import Setting
from gridgov.contract.settings import (
    ALWAYS,
    Chosen,
    as_kept,
    from_kept,
    value_on,
    values_on,
    with_change,
    without,
)
from gridgov.rulebook.rules.settings import amount_of, breaches, lines_of, misfit, understood, unfit

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)

FIRST = Setting(
    code="first", name="首次动作", default=30, unit="分钟", least=5, most=240, below="done"
)
DONE = Setting(code="done", name="办结", default=1440, unit="分钟", least=60, most=4320)
STRICT = Setting(code="strict", name="严格", default=False)
WORD = Setting(code="word", name="称呼", default="格")
OFFICE = Setting(code="office_hours", name="办公时间", default="08:30-12:00 14:30-17:30")
DECLARED = {s.code: s for s in (FIRST, DONE, STRICT, WORD, OFFICE)}


@pytest.mark.parametrize(
    ("setting", "text", "sentence"),
    [
        (FIRST, "5", ""),
        (FIRST, "240", ""),
        (FIRST, "4", "不能小于 5 分钟。"),
        (FIRST, "241", "不能大于 240 分钟。"),
        (FIRST, "半小时", "这里要填整数。"),
        (FIRST, "1.5", "这里要填整数。"),
        (FIRST, "9" * 40, "这里要填整数。"),
        (FIRST, "", "这里要填整数。"),
        (STRICT, "yes", ""),
        (STRICT, "no", ""),
        (STRICT, "maybe", "这里要填是或否。"),
        (WORD, "网格", ""),
        (WORD, "", "要写 1 至 200 个字。"),
        (WORD, "格" * 201, "要写 1 至 200 个字。"),
        (WORD, "格\x07", "里面有无法显示的控制字符，请删掉后再试。"),
        (OFFICE, "5-1 08:00-12:00 15:00-18:00; 10-1 08:30-12:00 14:30-17:30", ""),
        (OFFICE, "朝九晚五", "办公时间“朝九晚五”看不懂，应写成 08:30-12:00 14:30-17:30 这样。"),
        (
            OFFICE,
            "12:00-08:30",
            "办公时间“12:00-08:30”不成立：时段要依次排列、互不重叠。",
        ),
    ],
)
def test_what_was_typed_fits_or_is_told_why(setting, text, sentence):
    assert misfit(setting, understood(setting, text)) == sentence


def test_everything_wrong_is_said_at_once():
    assert unfit(DECLARED, {"first": 1, "done": "x", "strict": True, "tempo": 3}) == {
        "first": "不能小于 5 分钟。",
        "done": "这里要填整数。",
        "tempo": "没有这个参数。",
    }


@pytest.mark.parametrize(
    ("versions", "codes", "found"),
    [
        (chosen(MONDAY, first=60, done=61), {"first", "done"}, {}),
        (chosen(MONDAY, first=60, done=60), {"first"}, {"first": "要小于“办结”（60 分钟）。"}),
        (
            chosen(first=90) + chosen(MONDAY, done=80),
            {"done"},
            {"done": "要大于“首次动作”（90 分钟）。"},
        ),
        (
            chosen(MONDAY, first=90) + chosen(FRIDAY, done=80),
            {"first"},
            {"first": "要小于“办结”（2026年11月27日 起是 80 分钟）。"},
        ),
        (chosen(first=90, done=80), {"word"}, {}),
    ],
)
def test_a_setting_stays_below_another_on_every_day_to_come(versions, codes, found):
    assert breaches(DECLARED, versions, codes, MONDAY) == found


def test_a_version_holds_from_its_day_on_and_not_before():
    versions = chosen(first=20) + chosen(TUESDAY, first=10, word="组")

    assert [value_on(versions, "first", day) for day in (ALWAYS, MONDAY, TUESDAY, FRIDAY)] == [
        20,
        20,
        10,
        10,
    ]
    assert value_on(versions, "word", MONDAY) is None
    assert values_on(versions, TUESDAY) == {"first": 10, "word": "组"}


def test_a_setting_given_back_is_the_default_again():
    versions = chosen(first=20) + chosen(TUESDAY, first=None)

    assert value_on(versions, "first", TUESDAY) is None
    assert values_on(versions, TUESDAY) == {}


def test_changes_of_one_day_are_one_version_and_go_together():
    versions = chosen(FRIDAY, first=20)
    versions = with_change(versions, Chosen(TUESDAY, {"done": 100}))
    versions = with_change(versions, Chosen(FRIDAY, {"done": 200}))

    assert versions == chosen(TUESDAY, done=100) + chosen(FRIDAY, first=20, done=200)
    assert without(versions, FRIDAY) == chosen(TUESDAY, done=100)
    assert with_change(versions, Chosen(MONDAY, {})) == versions
    assert from_kept(as_kept(versions)) == versions


def test_a_line_tells_the_present_value_since_when_and_what_is_planned():
    versions = chosen(first=20) + chosen(MONDAY, first=25) + chosen(FRIDAY, first=None, done=90)
    lines = {line.setting.code: line for line in lines_of(DECLARED, versions, TUESDAY)[""]}

    first, done = lines["first"], lines["done"]
    assert (first.value, first.since, first.later) == (25, MONDAY, ((FRIDAY, 30),))
    assert (done.value, done.since, done.later) == (1440, None, ((FRIDAY, 90),))


def test_amounts_are_said_with_their_unit():
    assert [amount_of(FIRST, 30), amount_of(STRICT, value=True), amount_of(WORD, "格")] == [
        "30 分钟",
        "是",
        "格",
    ]
