"""What an auditor reads is words, whatever the rooms record."""

import re
from pathlib import Path

from gridgov.audit.words import VERBS, Words
from gridgov.cases.rules.moves import EVENTS
from gridgov.testkit.counties import installed_policies

SOURCES = Path(__file__).parents[3] / "platform" / "gridgov"
CALLED = r'(?:record\(\s*[^"()]*(?:\([^()]*\))?[^"()]*|verb = |_tell\(ctx, )'
RECORDED = re.compile(CALLED + r'"(\w+\.\w+)"')


def test_everything_that_is_recorded_has_words():
    recorded = {
        verb for file in SOURCES.rglob("*.py") for verb in RECORDED.findall(file.read_text("utf-8"))
    }
    assert len(recorded) > 20
    assert recorded - VERBS.keys() == set()


def test_a_step_of_a_case_is_called_as_the_county_calls_it():
    words = Words(installed_policies().of(("liling",)))
    filed = {"action": "file", "before": "reported", "after": "filed", "departments": []}

    assert words.verb("case.filed", filed) == "立案"
    assert list(words.details(filed)) == [("", "待立案 → 待派遣")]
    assert list(words.details({"role": "worker", "binding": "x"})) == [("角色", "网格员")]


def test_every_step_that_a_county_may_declare_is_an_event():
    kinds = installed_policies().of(("liling",)).county.case_kinds
    assert {step.effect for kind in kinds for step in kind.actions} <= EVENTS.keys()
