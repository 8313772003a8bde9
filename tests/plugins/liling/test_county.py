"""Liling's declarations held to the printed texts."""

from datetime import date
from enum import StrEnum

import pytest

from gridgov.cases.types import CaseRight
from gridgov.contract.declarations import ASSUMPTION, Binds, By, Ends
from gridgov.contract.linting.county import flaws
from gridgov.kernel.durations import calendar_days, hours, minutes, working_days
from gridgov.testkit.counties import installed_policies
from liling.categories import TOPICS
from liling.routing import IN_THE_COUNTRY

COUNTY = installed_policies().of(("liling",)).county
KIND = COUNTY.case_kinds[0]
URGENCIES = {urgency.code: urgency for urgency in COUNTY.urgencies}
ROLES = {role.code: role for role in COUNTY.roles}


def every_right():
    """All rights of all rooms: the StrEnums whose names end so."""
    known = StrEnum.__subclasses__()
    return {str(right) for enum in known if enum.__name__.endswith("Right") for right in enum}


def test_the_declarations_have_no_flaw():
    assert [str(flaw) for flaw in flaws(COUNTY, "liling", rights=every_right())] == []


def test_the_tree_has_the_levels_of_the_texts():
    """001: 5 first-level, 24 second, 270 third, 820 fourth grids; 000: three levels of desks."""
    assert [(level.code, level.code_length) for level in COUNTY.levels] == [
        ("county", 6),
        ("district", 8),
        ("town", 9),
        ("village", 12),
        ("grid", 15),
    ]
    assert [level.desk for level in COUNTY.levels if level.desk] == [
        "网格化服务管理中心",
        "网格化分中心",
        "网格化工作站",
    ]
    assert [level.households for level in COUNTY.levels if level.base] == [400]


def test_the_six_steps_come_in_their_order():
    assert [step.name for step in KIND.steps] == [
        "采集上报",
        "立案建档",
        "事件派遣",
        "处置反馈",
        "核查结案",
        "综合评价",
    ]
    assert {state.step for state in KIND.states if state.step} == {s.code for s in KIND.steps}


@pytest.mark.parametrize(
    ("urgency", "since", "clock", "limit"),
    [
        ("normal", date(2017, 4, 1), "handle", calendar_days(7)),
        ("normal", date(2019, 5, 28), "handle", working_days(7)),
        ("prompt", date(2017, 4, 1), "attend", hours(24)),
        ("prompt", date(2017, 4, 1), "handle", calendar_days(3)),
        ("prompt", date(2019, 5, 28), "attend", hours(24)),
        ("prompt", date(2019, 5, 28), "handle", working_days(3)),
    ],
)
def test_the_printed_limits_are_kept_in_both_versions(urgency, since, clock, limit):
    (rules,) = [r for r in URGENCIES[urgency].rules if r.effective_from == since]
    (found,) = [c for c in rules.clocks if c.code == clock]

    assert found.limit == limit
    assert found.source.startswith(("经验材料：", "报道："))


def test_at_once_is_a_number_of_ours_and_says_so():
    clocks = {clock.code: clock for clock in URGENCIES["urgent"].rules[0].clocks}

    assert (clocks["at_once"].limit, clocks["at_once"].source) == (minutes(30), ASSUMPTION)
    assert clocks["at_once"].setting == "urgent_minutes"
    assert clocks["handle"].source == ASSUMPTION


def test_only_the_later_text_counts_an_answer_as_kept():
    first, later = URGENCIES["normal"].rules

    stops = [{c.code: c.stops for c in rules.clocks}["handle"] for rules in (first, later)]

    assert stops == [("close",), ("close", "explain")]


def test_every_number_has_a_source():
    clocks = [c for u in COUNTY.urgencies for r in u.rules for c in r.clocks]

    assert all(clock.source for clock in clocks)
    assert all(setting.source for setting in COUNTY.settings)
    assert all(level.source for level in COUNTY.levels)
    assert all(post.source for post in COUNTY.posts)
    assert all(category.source for category in COUNTY.categories)
    assert all(rules.source for u in COUNTY.urgencies for rules in u.rules)


def test_what_is_not_printed_is_flagged():
    ours = {s.code for s in COUNTY.settings if s.source == ASSUMPTION}

    assert {"urgent_minutes", "accept_work_hours", "take_work_hours", "reopen_days"} <= ours


def test_the_thirteen_topics_are_led_to_their_units():
    topics = [c for c in COUNTY.categories if c.parent == "dispute"]

    assert len(topics) == len(TOPICS) == 13
    assert sum(not topic.unverified for topic in topics) == 6  # those that are printed
    assert all(len(topic.departments) == 1 for topic in topics)
    assert "退役军人权益" in {topic.name for topic in topics}  # a matter, not a group of people


def test_handbook_codes_say_that_they_are_unchecked():
    handbook = [c for c in COUNTY.categories if c.code[0] in "PE" and c.code[1:].isdigit()]

    assert len(handbook) > 80
    assert all(category.unverified for category in handbook)


@pytest.mark.parametrize(
    ("category", "urgency"),
    [("water", "prompt"), ("power", "prompt"), ("gas", "prompt"), ("fireworks", "urgent")],
)
def test_livelihood_is_prompt_and_fireworks_are_urgent(category, urgency):
    found = next(c for c in COUNTY.categories if c.code == category)

    assert found.urgency == urgency


def test_the_three_administrators_are_three_people_and_read_no_case():
    three = [role for role in COUNTY.roles if role.administrator]

    assert {role.code for role in three} == {"county_admin", "security_admin", "auditor"}
    for role in three:
        assert set(role.apart_from) == {other.code for other in three} - {role.code}
        assert role.binds is Binds.TENANT
        assert not [right for right in role.rights if str(right).startswith("case.")]


def test_who_handles_does_not_verify_and_who_dispatches_does_not_handle():
    assert CaseRight.VERIFY not in ROLES["handler"].rights
    assert CaseRight.HANDLE not in ROLES["dispatcher"].rights
    assert ROLES["handler"].binds is Binds.DEPARTMENT


def test_a_case_closes_only_with_an_answer():
    ends = {state.code for state in KIND.states if state.ends is Ends.CLOSED}
    for action in KIND.actions:
        if action.to in ends and action.before and action.by is not By.REPORTER:
            assert [field.required for field in action.fields if field.code == "answer"] == [True]


def test_leaders_of_the_first_three_levels_and_the_county_answer():
    """001: leaders of county, towns and villages are the 第一责任人; below, the chief is."""
    answering = {post.code: post.levels for post in COUNTY.posts if post.answers}

    assert answering == {"leader": ("county", "district", "town", "village"), "chief": ("grid",)}


def test_the_navigation_is_the_seven_modules():
    assert [place.name for place in COUNTY.navigation] == [
        "全景城乡",
        "指挥调度",
        "事件中心",
        "网格专题",
        "综合研判",
        "管理考核",
        "运维管理",
    ]


def test_nothing_that_must_not_be_built_is_declared():
    """domain.md 2.6 and 5.4: no check-in, track, points or ranking; no category of people."""
    words = " ".join([*(s.name for s in COUNTY.settings), *(c.name for c in COUNTY.categories)])

    for banned in ("签到", "轨迹", "积分", "排名", "重点人员", "特殊人群", "涉军"):
        assert banned not in words


def test_the_four_platforms_lose_nothing_that_goes_where_it_is_suggested():
    """000: 四个平台. A list is cut by its departments: it names all that answer for its matters."""
    policy = installed_policies().of(("liling",))
    platforms = policy.county.platforms

    assert [one.name for one in platforms] == ["政法综治", "行政执法", "便民服务", "基层党建"]
    for platform in platforms:
        kinds = [one.code for one in policy.county.categories if one.kind in platform.kinds]
        for code in (*policy.leaves_of(platform.categories), *(kinds if platform.kinds else ())):
            answering = {*policy.categories[code].departments}
            assert not answering or answering & {*platform.departments}, (platform.code, code)
            assert IN_THE_COUNTRY.get(code, platform.departments[0]) in platform.departments
