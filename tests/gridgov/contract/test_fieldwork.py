"""What can be wrong with a county's ledgers and campaigns, each named with its place."""

from dataclasses import replace

import pytest

from gridgov.contract.declarations import County, Setting
from gridgov.contract.fieldwork import BuildingUse, CampaignKind, LedgerField, LedgerKind
from gridgov.contract.linting.county import doubles, flaws
from gridgov.contract.organisations import TeamKind
from liling.fieldwork import CAMPAIGNS, DIARY, LEDGERS, TALK, VISIT
from liling.levels import LEVELS
from liling.roles import ROLES


def with_field(**what):
    field = LedgerField(**{"code": "words", "label": "说什么", **what})
    return (LedgerKind(code="a", name="甲", about="", fields=(field,), private=True, kept="days"),)


def alone(ledgers):
    days = Setting(code="days", name="", default=1)
    found = flaws(County(name="", ledgers=ledgers, settings=(days,), roles=ROLES), "x")
    return [(one.field, one.sentence) for one in found if one.declaration.startswith("ledger")]


def test_liling_has_none():
    bare = {"daily": "", "minutes": "", "planned_for": ()}
    assert alone(tuple(replace(one, kept="days", private=True, answered=False, **bare)
                       for one in LEDGERS)) == []  # fmt: skip
    assert {"patrol", "visit", "diary", "opinion", "hand_out", "talk"} == {
        one.code for one in LEDGERS
    }
    assert [one.name for one in CAMPAIGNS] == ["进企业", "进商铺", "进社区", "进村居", "进家庭"]


@pytest.mark.parametrize(
    ("what", "field", "words"),
    [
        ({"kind": "photo"}, "field words", "no kind of field photo"),
        ({"kind": "choice"}, "field words", "nothing to choose"),
        ({"kind": "date", "sealed": True}, "field words", "Only text"),
        ({"ahead": True}, "field words", "Only a date"),
        ({"needed_when": ("found", "problem")}, "field words", "no choice found = problem"),
        ({"label": "宗教信仰"}, "field words", "religion"),
        ({"code": "watchlist"}, "field watchlist", "watched"),
        (
            {"kind": "choice", "choices": (("a", "重点人员"),)},
            "field words",
            "lists of watched people",
        ),
    ],
)
def test_a_field_that_no_form_may_have_is_named(what, field, words):
    (found,) = alone(with_field(**what))
    assert found[0] == field and words in found[1]


@pytest.mark.parametrize(
    ("ledger", "field"),
    [
        (LedgerKind(code="a", name="甲", about="", kept="days"), "fields"),
        (replace(DIARY, becomes=("nothing",), kept="days"), "becomes"),
        (replace(DIARY, becomes=("diary",), kept="days"), "becomes"),
        (replace(DIARY, kept="nothing", becomes=()), "kept"),
        (replace(VISIT, kept="", becomes=()), "kept"),
        (replace(TALK, kept=""), "kept"),
        (replace(DIARY, kept="days", becomes=(), answered=True), "private"),
        (
            replace(DIARY, kept="days", becomes=(), daily="nothing", planned_for=("worker",)),
            "daily",
        ),
        (replace(DIARY, kept="days", becomes=(), planned_for=("nobody",)), "planned_for"),
        (replace(DIARY, kept="days", becomes=(), daily="days"), "planned_for"),
        (
            replace(DIARY, kept="days", becomes=(), fields=(*DIARY.fields, *DIARY.fields)),
            "field words",
        ),
    ],
)
def test_a_ledger_that_cannot_be_kept_is_named(ledger, field):
    assert [found for found, _ in alone((ledger,))] == [field]


def test_a_campaign_goes_somewhere_that_there_is():
    home = (BuildingUse(code="home", name="住宅"),)
    kinds = (
        CampaignKind(code="nowhere", name="甲"),
        CampaignKind(code="far", name="乙", levels=("moon",), uses=("castle",), category="x"),
        CampaignKind(code="home", name="丙", uses=("home",)),
    )
    found = flaws(County(name="", campaigns=kinds, building_uses=home), "x")

    assert {
        (one.declaration, one.field) for one in found if one.declaration.startswith("campaign")
    } == {
        ("campaign nowhere", "levels"),
        ("campaign far", "levels"),
        ("campaign far", "uses"),
        ("campaign far", "category"),
    }


def test_what_is_declared_twice_is_named():
    county = County(name="", ledgers=(DIARY, DIARY), campaigns=(CAMPAIGNS[0], CAMPAIGNS[0]))

    assert {one.declaration for one in doubles(county, "x")} == {"ledger diary", "campaign firms"}


@pytest.mark.parametrize(("unnamed", "fields"), [(False, ["unnamed"]), (True, [])])
def test_a_team_of_a_party_names_no_residents(unnamed, fields):
    kind = TeamKind(code="party", name="党员先锋队", level="grid", unnamed=unnamed)
    found = flaws(County(name="", levels=LEVELS, team_kinds=(kind,)), "x")
    assert [one.field for one in found if one.declaration == "kind of team party"] == fields
