"""Tables without code: a row says of a declaration what differs, or declares a new one."""

from dataclasses import replace
from datetime import date

import pytest

from gridgov.baseline.plugin import county
from gridgov.contract.declarations import ASSUMPTION, Category, Post
from gridgov.contract.layering import over
from gridgov.contract.tables import duration, told
from gridgov.kernel.durations import (
    Duration,
    calendar_days,
    hours,
    minutes,
    work_hours,
    working_days,
)

BASE = county()


def laid(**tables):
    return over(BASE, told(BASE, tables))


def by_code(declarations):
    return {one.code: one for one in declarations}


def test_no_tables_leave_everything_as_it_is():
    assert laid() == replace(BASE, reusable=False)


def test_a_row_changes_what_it_says_and_leaves_the_rest():
    town = by_code(laid(level=[{"code": "town", "name": "乡镇"}]).levels)["town"]

    assert (town.name, town.desk, town.code_length) == ("乡镇", "镇街工作站", 9)


def test_a_row_of_a_new_code_declares_something_new():
    row = {"code": "helper", "name": "联户员", "levels": ["grid"]}

    posts = laid(post=[row]).posts

    assert posts == (*BASE.posts, Post(code="helper", name="联户员", levels=("grid",)))


def test_a_new_level_between_two_stands_between_them():
    district = {"code": "district", "name": "片区", "under": ["county"], "code_length": 8}
    town = {"code": "town", "under": ["district"]}

    found = laid(level=[district, town])

    assert [level.code for level in found.levels] == [
        "county",
        "district",
        "town",
        "village",
        "grid",
    ]


def test_a_category_is_found_by_new_words_and_goes_to_another_department():
    row = {"code": "E0102", "departments": ["sanitation"], "words": ["垃圾桶满了"]}

    found = by_code(laid(category=[row]).categories)["E0102"]

    assert found == Category(
        code="E0102",
        name="暴露垃圾",
        parent="E01",
        urgency="normal",
        departments=("sanitation",),
        words=("垃圾桶满了",),
        unverified=True,
        source=by_code(BASE.categories)["E0102"].source,
    )


def test_steps_states_and_actions_have_the_countys_own_names():
    (kind,) = laid(
        step=[{"code": "archive", "name": "归档"}],
        state=[{"code": "filed", "name": "待交办"}],
        action=[{"code": "dispatch", "name": "交办", "said": "已交办。"}],
    ).case_kinds

    assert by_code(kind.steps)["archive"].name == "归档"
    assert by_code(kind.states)["filed"].name == "待交办"
    assert by_code(kind.actions)["dispatch"].name == "交办"
    assert by_code(kind.actions)["dispatch"].effect == "dispatch"


def ruled(*rules):
    return by_code(laid(urgency=[{"code": "normal", "rules": rules}]).urgencies)["normal"].rules


def test_a_version_of_rules_changes_what_held_until_its_day():
    first, second, third = ruled(
        {"effective_from": "2027-01-01", "limits": {"handle": "3天"}, "source": "later"},
        {"effective_from": "2026-01-01", "limits": {"handle": "14个工作日"}},
    )

    assert first == by_code(BASE.urgencies)["normal"].rules[0]
    assert (second.effective_from, second.source) == (date(2026, 1, 1), ASSUMPTION)
    assert by_code(second.clocks)["handle"].limit == working_days(14)
    assert by_code(second.clocks)["handle"].warn == working_days(10)  # 5 of 7, as before
    assert by_code(second.clocks)["file"] == by_code(first.clocks)["file"]
    assert by_code(third.clocks)["handle"].limit == calendar_days(3)
    assert by_code(third.clocks)["handle"].source == "later"


def test_a_warning_can_be_said():
    rules = ruled(
        {
            "effective_from": "2026-01-01",
            "limits": {"handle": "5个工作日"},
            "warns": {"handle": "1个工作日"},
        }
    )

    assert by_code(rules[-1].clocks)["handle"].warn == working_days(1)


def test_rules_of_the_same_day_take_the_place_of_those_below():
    (only,) = ruled({"effective_from": "2000-01-01", "limits": {"handle": "9个工作日"}})

    assert by_code(only.clocks)["handle"].limit == working_days(9)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7个工作日", working_days(7)),
        ("7 个工作日", working_days(7)),
        ("15工作日", working_days(15)),
        ("4个工作小时", work_hours(4)),
        ("24小时", hours(24)),
        ("2个小时", hours(2)),
        ("30分钟", minutes(30)),
        ("3天", calendar_days(3)),
        ("3日", calendar_days(3)),
        ("5个自然日", calendar_days(5)),
    ],
)
def test_a_duration_is_read_as_people_write_it(text, meant):
    assert duration(text) == meant
    assert isinstance(meant, Duration)


@pytest.mark.parametrize("text", ["", "7", "七天", "0天", "-1天", "7个月", "7天整", "12345天"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="no duration"):
        duration(text)
