"""Each fault that a county can declare is named, with its place; a sound county has none."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from gridgov.contract.declarations import (
    NEEDED_SETTINGS,
    Action,
    By,
    CaseKind,
    Category,
    Clock,
    ClockRules,
    County,
    Each,
    Ends,
    Field,
    Level,
    Post,
    Role,
    Setting,
    State,
    Step,
    Urgency,
)
from gridgov.contract.hooks import hookimpl
from gridgov.contract.linting.county import doubles, flaws
from gridgov.contract.services import CustodyPlace, ServiceBatch, ServiceFlag, service_faults
from gridgov.contract.walking import may_run
from gridgov.kernel.durations import hours, working_days
from gridgov.policy import Policies, PolicyError

RIGHTS = frozenset({"case.report", "case.file", "case.verify"})


def an_action(code, **what):
    return Action(**{"code": code, "name": code, "right": "case.file", "before": ("new",), **what})


REPORT = an_action("report", before=(), to="new", right="case.report", by=By.PLACE, effect="report")
FILE = an_action("file", to="filed", effect="file")
CLOSE = an_action("close", before=("filed",), to="closed", effect="close", right="case.verify")
KIND = CaseKind(
    code="incident",
    name="事件",
    version=1,
    steps=(Step(code="one", name="一"),),
    first="new",
    states=(
        State(code="new", name="新", step="one", holder="desk"),
        State(code="filed", name="立案", holder="desk"),
        State(code="closed", name="结案", ends=Ends.CLOSED),
    ),
    actions=(REPORT, FILE, CLOSE),
)
PROMISE = Clock(
    code="handle",
    name="办结",
    limit=working_days(7),
    warn=working_days(5),
    starts=("report",),
    stops=("close",),
    promise=True,
)
RULES = ClockRules(effective_from=date(2019, 5, 28), clocks=(PROMISE,))
NORMAL = Urgency(code="normal", name="一般", rules=(RULES,))
COUNTY = County(
    name="测试县",
    levels=(
        Level(code="county", name="县", code_length=6, desk="中心"),
        Level(code="grid", name="网格", under=("county",), code_length=15, base=True),
    ),
    posts=(Post(code="leader", name="负责人", levels=("county",)),),
    roles=(Role(code="clerk", name="专员", rights=tuple(sorted(RIGHTS)), levels=("county",)),),
    case_kinds=(KIND,),
    categories=(
        Category(code="E01", name="市容"),
        Category(code="E0101", name="垃圾", parent="E01", urgency="normal", departments=("urban",)),
    ),
    urgencies=(NORMAL,),
    settings=tuple(Setting(code=code, name=code, default=7) for code in sorted(NEEDED_SETTINGS)),
)


def kind(**changes):
    return replace(COUNTY, case_kinds=(replace(KIND, **changes),))


def with_action(*actions):
    return kind(actions=(*KIND.actions, *actions))


def with_state(state):
    return kind(states=(*KIND.states, state))


def with_clock(**changes):
    rules = replace(RULES, clocks=(replace(PROMISE, **changes),))
    return replace(COUNTY, urgencies=(replace(NORMAL, rules=(rules,)),))


def with_rules(*rules):
    return replace(COUNTY, urgencies=(replace(NORMAL, rules=rules),))


def with_settings(*settings):
    return replace(COUNTY, settings=(*COUNTY.settings, *settings))


def with_category(**changes):
    group, leaf = COUNTY.categories
    return replace(COUNTY, categories=(group, replace(leaf, **changes)))


def with_role(**changes):
    return replace(COUNTY, roles=(replace(COUNTY.roles[0], **changes), *COUNTY.roles))


SPEED = Field(code="speed", label="效率", kind="stars")
COUNTER = an_action("look", by=By.DESK, before=("limbo",), effect="note")
A_SETTING = COUNTY.settings[0].code
IN = "urgency normal from 2019-05-28"

FAULTS = {
    "the code of a level twice": (
        replace(COUNTY, levels=(*COUNTY.levels, COUNTY.levels[1])),
        ("level grid", "code", "The code is declared more than once."),
    ),
    "a level under nothing known": (
        replace(COUNTY, levels=(COUNTY.levels[0], replace(COUNTY.levels[1], under=("moon",)))),
        ("level grid", "under", "There is no level moon."),
    ),
    "two roots": (
        replace(COUNTY, levels=(COUNTY.levels[0], replace(COUNTY.levels[1], under=()))),
        ("levels", "under", "Exactly one level is the root (has nothing above it)."),
    ),
    "no base": (
        replace(COUNTY, levels=(COUNTY.levels[0], replace(COUNTY.levels[1], base=False))),
        ("levels", "base", "No level is the base in which people live."),
    ),
    "no desk": (
        replace(COUNTY, levels=(replace(COUNTY.levels[0], desk=""), COUNTY.levels[1])),
        ("levels", "desk", "Cases need at least one level with a desk."),
    ),
    "a post on an unknown level": (
        replace(COUNTY, posts=(replace(COUNTY.posts[0], levels=("moon",)),)),
        ("post leader", "levels", "There is no level moon."),
    ),
    "a role on an unknown level": (
        with_role(code="x", levels=("moon",)),
        ("role x", "levels", "There is no level moon."),
    ),
    "a role apart from an unknown one": (
        with_role(code="x", apart_from=("ghost",)),
        ("role x", "apart_from", "There is no role ghost."),
    ),
    "a role with an unknown right": (
        with_role(code="x", rights=("case.fly",)),
        ("role x", "rights", "No room knows the right case.fly."),
    ),
    "a category under an unknown one": (
        with_category(parent="E99"),
        ("category E0101", "parent", "There is no category E99."),
    ),
    "a category under a leaf": (
        replace(
            COUNTY,
            categories=(
                *COUNTY.categories,
                replace(COUNTY.categories[1], code="E010101", parent="E0101"),
            ),
        ),
        ("category E010101", "parent", "E0101 lies under another one itself."),
    ),
    "a category without an urgency": (
        with_category(urgency=""),
        ("category E0101", "urgency", "There is no urgency ''."),
    ),
    "a category without a department": (
        with_category(departments=()),
        ("category E0101", "departments", "No department is named for it."),
    ),
    "an urgency without rules": (
        with_rules(),
        ("urgency normal", "rules", "It has no version of rules."),
    ),
    "versions out of order": (
        with_rules(RULES, replace(RULES, effective_from=date(2017, 4, 1))),
        (
            "urgency normal",
            "rules",
            "The versions must come oldest first, each from another day.",
        ),
    ),
    "no promise": (
        with_clock(promise=False),
        (IN, "clocks", "Exactly one clock is the promise that on-time is judged by."),
    ),
    "a promise for each department": (
        with_clock(each=Each.ASSIGNMENT),
        (IN, "clock handle", "The promise is one clock for the case."),
    ),
    "a warning after the end": (
        with_clock(warn=working_days(7)),
        (IN, "clock handle", "It warns no earlier than it ends."),
    ),
    "a clock that nothing starts": (
        with_clock(starts=()),
        (IN, "clock handle", "It needs an action that starts it and one that stops it."),
    ),
    "a clock of an unknown action": (
        with_clock(stops=("close", "fly")),
        (IN, "clock handle", "No kind of case has the action fly."),
    ),
    "a clock with an unknown setting": (
        with_clock(setting="weeks"),
        (IN, "clock handle", "There is no setting weeks."),
    ),
    "a clock with a setting that counts otherwise": (
        with_clock(limit=hours(24), warn=hours(12), setting=A_SETTING),
        (
            IN,
            "clock handle",
            f"Its limit is 1440 minutes, and the setting {A_SETTING} is another number.",
        ),
    ),
    "no clock from the beginning": (
        with_clock(starts=("file",)),
        (IN, "clocks", "No clock starts with report of incident."),
    ),
    "a state without a clock": (
        with_clock(stops=("file", "close")),
        (
            IN,
            "clocks",
            "After file of incident no clock may run any more in filed: let one start with it.",
        ),
    ),
    "the code of a state twice": (
        with_state(KIND.states[1]),
        ("kind incident, state filed", "code", "The code is declared more than once."),
    ),
    "a setting that the core needs is missing": (
        replace(COUNTY, settings=COUNTY.settings[1:]),
        (
            f"setting {COUNTY.settings[0].code}",
            "code",
            "The core asks for it and nobody declares it.",
        ),
    ),
    "a setting below one that nobody declares": (
        with_settings(Setting(code="low", name="低", default=1, below="moon")),
        ("setting low", "below", "There is no setting moon."),
    ),
    "a setting below one that is no number": (
        with_settings(
            Setting(code="low", name="低", default=1, below="high"),
            Setting(code="high", name="高", default="云"),
        ),
        ("setting low", "below", "Only numbers can be compared, and high or this one is none."),
    ),
    "a setting below one of another unit": (
        with_settings(
            Setting(code="low", name="低", default=1, unit="天", below="high"),
            Setting(code="high", name="高", default=2, unit="次"),
        ),
        ("setting low", "below", "high counts in another unit."),
    ),
    "a setting whose default is not below": (
        with_settings(
            Setting(code="low", name="低", default=2, below="high"),
            Setting(code="high", name="高", default=2),
        ),
        ("setting low", "below", "The default is not below that of high."),
    ),
    "no beginning": (
        kind(first="filed"),
        ("kind incident", "first", "Exactly one action without a state before leads to it."),
    ),
    "an action from an unknown state": (
        with_action(an_action("x", before=("moon",), effect="note")),
        ("kind incident, action x", "before", "There is no state moon."),
    ),
    "an action to an unknown state": (
        with_action(an_action("x", to="moon", effect="note")),
        ("kind incident, action x", "to", "There is no state moon."),
    ),
    "an action to another unknown state": (
        with_action(an_action("x", otherwise="moon", effect="note")),
        ("kind incident, action x", "otherwise", "There is no state moon."),
    ),
    "an unknown effect": (
        with_action(an_action("x", effect="fly")),
        ("kind incident, action x", "effect", "The core has no effect fly."),
    ),
    "an unknown guard": (
        with_action(an_action("x", effect="note", guards=("fair_weather",))),
        ("kind incident, action x", "guards", "The core has no guard fair_weather."),
    ),
    "undone by nothing known": (
        with_action(an_action("x", effect="note", undone_by=("magic",))),
        ("kind incident, action x", "undone_by", "There is no action magic."),
    ),
    "an action without a right": (
        with_action(an_action("x", effect="note", right="")),
        ("kind incident, action x", "right", "It names no right."),
    ),
    "an action with a right unknown to all rooms": (
        with_action(an_action("x", effect="note", right="case.fly")),
        ("kind incident, action x", "right", "No room knows the right case.fly."),
    ),
    "an action with a right that no role has": (
        replace(COUNTY, roles=(replace(COUNTY.roles[0], rights=("case.report", "case.verify")),)),
        ("kind incident, action file", "right", "No role has the right case.file."),
    ),
    "a reporter's action with a right": (
        with_action(an_action("x", effect="rate", by=By.REPORTER)),
        ("kind incident, action x", "right", "What the reporter does needs no right."),
    ),
    "an unknown kind of field": (
        with_action(
            an_action("x", effect="note", fields=(Field(code="f", label="", kind="moon"),))
        ),
        ("kind incident, action x", "field f", "There is no kind of field moon."),
    ),
    "a field that no form may have": (
        with_action(an_action("x", effect="note", fields=(Field(code="faith", label="信什么"),))),
        (
            "kind incident, action x",
            "field faith",
            "No form may ask for religion (个人信息保护法 6、28: 最小必要，敏感个人信息).",
        ),
    ),
    "a choice of nothing": (
        with_action(
            an_action("x", effect="note", fields=(Field(code="f", label="", kind="choice"),))
        ),
        ("kind incident, action x", "field f", "It has nothing to choose from."),
    ),
    "a field asked for twice": (
        with_action(an_action("x", effect="note", fields=(Field(code="f", label=""),) * 2)),
        ("kind incident, action x", "field f", "The field is asked for twice."),
    ),
    "a rating of nothing": (
        with_action(an_action("x", effect="rate", fields=(Field(code="words", label=""),))),
        ("kind incident, action x", "fields", "It rates, and asks for no stars."),
    ),
    "stars where nothing is rated": (
        with_action(an_action("x", effect="note", fields=(SPEED,))),
        ("kind incident, action x", "field speed", "Only what rates asks for stars."),
    ),
    "two questions of one code": (
        with_action(
            an_action("x", effect="rate", fields=(SPEED,)),
            an_action("y", effect="rate", fields=(replace(SPEED, label="态度"),)),
        ),
        ("kind incident, action y", "field speed", "Another question, 效率, has this code."),
    ),
    "a state of an unknown step": (
        kind(states=(replace(KIND.states[0], step="nine"), *KIND.states[1:])),
        ("kind incident, state new", "step", "There is no step nine."),
    ),
    "a state that nothing leads to": (
        with_state(State(code="limbo", name="", ends=Ends.REFUSED)),
        ("kind incident, state limbo", "code", "No action leads to it."),
    ),
    "an unknown holder": (
        kind(states=(replace(KIND.states[0], holder="king"), *KIND.states[1:])),
        ("kind incident, state new", "holder", "There is no holder king."),
    ),
    "an open state that nobody holds": (
        kind(states=(replace(KIND.states[0], holder=""), *KIND.states[1:])),
        ("kind incident, state new", "holder", "It is open and nobody holds it."),
    ),
    "a holder who can do nothing": (
        kind(states=(replace(KIND.states[0], holder="department"), *KIND.states[1:])),
        ("kind incident, state new", "holder", "Its holder can do nothing to move it on."),
    ),
    "a dead end": (
        kind(
            states=(*KIND.states, State(code="limbo", name="", holder="desk")),
            actions=(*KIND.actions, an_action("lose", to="limbo", effect="note"), COUNTER),
        ),
        ("kind incident, state limbo", "ends", "From here a case can never be closed: a dead end."),
    ),
}


def test_a_sound_county_has_no_flaw():
    assert flaws(COUNTY, "tiny", rights=RIGHTS) == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_with_its_place(fault):
    county, expected = FAULTS[fault]

    found = (*doubles(county, "tiny"), *flaws(county, "tiny", rights=RIGHTS))

    assert expected in {(f.declaration, f.field, f.sentence) for f in found}
    assert all(flaw.plugin == "tiny" for flaw in found)


def test_all_faults_come_at_once():
    county = replace(
        with_category(departments=()), posts=(replace(COUNTY.posts[0], levels=("moon",)),)
    )

    assert [str(flaw) for flaw in flaws(county, "tiny")] == [
        "tiny: category E0101, departments: No department is named for it.",
        "tiny: post leader, levels: There is no level moon.",
    ]


def test_rights_are_checked_only_when_they_are_known():
    assert flaws(with_role(code="x", rights=("case.fly",)), "tiny") == ()


def test_merging_alone_does_not_count_as_moving_on():
    merged = State(code="merged", name="", ends=Ends.MERGED)
    only_merges = kind(
        states=(*KIND.states, merged),
        actions=(
            REPORT,
            an_action("merge", before=("new",), to="merged", effect="merge"),
            an_action("unmerge", before=("merged",), effect="unmerge"),
            CLOSE,
        ),
    )

    found = flaws(only_merges, "tiny")

    assert "Its holder can do nothing to move it on." in {flaw.sentence for flaw in found}


def test_clocks_that_take_turns_leave_no_gap():
    """One stops when the other starts: whichever way a case came, some clock runs."""
    handle = replace(PROMISE, stops=("close", "answer"))
    go_on = replace(PROMISE, code="go_on", promise=False, starts=("answer",))
    rules = replace(RULES, clocks=(handle, go_on))
    answering = an_action("answer", before=("filed",), effect="explain")
    county = replace(with_action(answering), urgencies=(replace(NORMAL, rules=(rules,)),))

    assert flaws(county, "tiny") == ()
    assert may_run(county.case_kinds[0], rules)["filed"] == {
        frozenset({"handle"}),
        frozenset({"go_on"}),
        frozenset({"handle", "go_on"}),
    } or may_run(county.case_kinds[0], rules)["filed"] == {
        frozenset({"handle"}),
        frozenset({"go_on"}),
    }


def test_a_policy_with_flaws_is_not_made():
    class Broken:
        @hookimpl
        def county(self):
            return with_clock(promise=False, limit=hours(1), warn=hours(2))

    policies = Policies({"broken": SimpleNamespace(county=Broken().county)})

    with pytest.raises(PolicyError) as refused:
        policies.of(["broken"])

    assert str(refused.value).splitlines() == [
        f"broken: {IN}, clock handle: It warns no earlier than it ends.",
        f"broken: {IN}, clocks: Exactly one clock is the promise that on-time is judged by.",
    ]


def test_what_is_declared_of_services_holds_together():
    """Flags and places of custody: each fault by its place, and none in a county that is sound."""
    sound = {
        "batches": (ServiceBatch(code="doing", name="代办", category="E0101"),),
        "flags": (
            ServiceFlag(code="fetched", name="能代取", on_behalf=True, needs=("steps",)),
            ServiceFlag(code="carried", name="能代送", under="fetched"),
        ),
        "custody": (CustodyPlace(code="desk", name="窗口"),),
    }
    faults = {
        ("service flag fee", "code"): {"flags": (ServiceFlag(code="fee", name="免费"),)},
        ("service flag carried", "under"): {"flags": sound["flags"][1:]},
        ("service flag a", "needs"): {"flags": (ServiceFlag(code="a", name="甲", needs=("b",)),)},
        ("service flags", "on_behalf"): {
            "flags": (*sound["flags"], ServiceFlag(code="a", name="甲", on_behalf=True))
        },
        ("service batch doing", "category"): {"custody": ()},
        ("custody returned", "code"): {"custody": (CustodyPlace(code="returned", name="还了"),)},
    }

    assert list(service_faults(**sound)) == []
    assert ("service batch doing", "category") in {
        fault[:2] for fault in service_faults(**sound | {"flags": ()})
    }
    for place, wrong in faults.items():
        assert place in {fault[:2] for fault in service_faults(**sound | wrong)}, place
