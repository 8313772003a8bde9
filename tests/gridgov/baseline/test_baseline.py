"""What a county without a plugin runs."""

from gridgov.baseline.plugin import county
from gridgov.contract.declarations import ASSUMPTION, Binds
from gridgov.contract.linting.county import flaws

BASELINE = county()


def test_it_can_be_built_on_and_has_no_flaw():
    assert BASELINE.reusable
    assert flaws(BASELINE, "baseline") == ()


def test_the_flow_has_the_six_steps_of_the_standard():
    (kind,) = BASELINE.case_kinds

    assert [step.name for step in kind.steps] == [
        "采集上报",
        "核实立案",
        "指挥派遣",
        "处理反馈",
        "任务核查",
        "结案归档",
    ]
    assert {state.step for state in kind.states if state.step} == {s.code for s in kind.steps}


def test_the_tree_is_that_of_the_division_codes():
    assert [(level.name, level.code_length) for level in BASELINE.levels] == [
        ("县级", 6),
        ("镇街", 9),
        ("村（社区）", 12),
        ("网格", 15),
    ]


def test_the_three_administrators_are_three_people():
    three = {role.code: role for role in BASELINE.roles if role.administrator}

    assert set(three) == {"county_admin", "security_admin", "auditor"}
    for role in three.values():
        assert role.binds is Binds.TENANT
        assert {role.code, *role.apart_from} == set(three)


def test_codes_from_handbooks_say_that_they_are_unchecked():
    assert all(category.unverified and category.source for category in BASELINE.categories)


def test_every_limit_is_a_choice_that_says_so():
    rules = [rules for urgency in BASELINE.urgencies for rules in urgency.rules]

    assert {clock.source for each in rules for clock in each.clocks} == {ASSUMPTION}
    assert {setting.source for setting in BASELINE.settings} == {ASSUMPTION}
