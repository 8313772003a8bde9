"""What an auditor reads is words, whatever the rooms record."""

import re
from pathlib import Path

from gridgov.audit.wording import Words
from gridgov.audit.words import VERBS
from gridgov.cases.rules.moves import EVENTS
from gridgov.rooms import HANDLERS, SCHEDULES
from gridgov.testkit.counties import installed_policies
from gridgov.worker import OWN

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


def test_who_acts_without_a_person_is_said_in_words():
    words = Words(installed_policies().of(("liling",)))
    handlers = {one.name for those in HANDLERS.values() for one in those}
    ours = handlers | set(SCHEDULES) | set(OWN)

    assert [job for job in sorted(ours) if not words.who(job).startswith("系统")] == []
    assert words.who("calendar.tell") == "系统：通知工作日历有变"
    assert words.who("liling: liling.reactions.call_for_consultation").startswith("系统自动办理")
    assert words.who("演示调度员 王*") == "演示调度员 王*"
