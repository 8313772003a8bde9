"""What holds of every page and every deed in one's own county."""

import re
from collections import Counter

import pytest

from factories.stock import a_stocked_county, grow_much, phone_of
from trust.walking import STREAMS, bare, walk
from trust.watch import readable

LIST, RECORD = 8, 14
"""Statements that a list and a record may cost (house.md); BEGIN, SET, COMMIT not counted."""

RECORDS = {
    "/{tenant}/access/people/{account_id}",
    "/{tenant}/admin",
    "/{tenant}/assessment",
    "/{tenant}/buildings/{building_id}",
    "/{tenant}/campaigns/targets/{target_id}",
    "/{tenant}/campaigns/{campaign_id}",
    "/{tenant}/campaigns/{campaign_id}/report",
    "/{tenant}/assist/{case_id}",
    "/{tenant}/assist/{case_id}/card",
    "/{tenant}/assist/{case_id}/receipt",
    "/{tenant}/cases/preview/{case_id}",
    "/{tenant}/cases/{case_id}",
    "/{tenant}/cases/{case_id}/compare/{other_id}",
    "/{tenant}/cases/{case_id}/do/{action}",
    "/{tenant}/cases/{case_id}/reporters/{reporter_id}",
    "/{tenant}/dispatch/preview/{case_id}",
    "/{tenant}/field",
    "/{tenant}/field/lines/{line_id}",
    "/{tenant}/grid/{node_id}",
    "/{tenant}/grid/{node_id}/cut",
    "/{tenant}/grid/{node_id}/merge",
    "/{tenant}/grid/{node_id}/move",
    "/{tenant}/grid/{node_id}/rename",
    "/{tenant}/grid/{node_id}/split",
    "/{tenant}/handovers/{handover_id}",
    "/{tenant}/handovers/{handover_id}/sheet",
    "/{tenant}/overview",
    "/{tenant}/overview/now",
    "/{tenant}/published/{review_id}",
    "/{tenant}/people/{staff_id}",
    "/{tenant}/reviews/{review_id}",
    "/{tenant}/reviews/{review_id}/appeals",
    "/{tenant}/reviews/{review_id}/cases/{department_id}",
    "/{tenant}/reviews/{review_id}/circular",
    "/{tenant}/reviews/{review_id}/opinions",
    "/{tenant}/reviews/{review_id}/export/{table}",
    "/{tenant}/reviews/{review_id}/print",
    "/{tenant}/reviews/{review_id}/questions",
    "/{tenant}/rules/change",
    "/{tenant}/standards/{node_id}",
    "/{tenant}/standards/{node_id}/{item}",
    "/{tenant}/stations/{node_id}",
    "/{tenant}/stations/{node_id}/zones/{zone}",
}
"""Pages of one thing; every other page counts as a list."""

DEARER: dict[str, int] = {
    "/{tenant}/cases/{case_id}/compare/{other_id}": 16,  # two records beside each other
    "/{tenant}/resets": 9,  # what was asked for, and the people whom a search finds
}
"""Pages that may cost more, each with the reason beside it."""

GROWING = (
    "/{tenant}/suggestions", "/{tenant}/notices", "/{tenant}/calendar",
    "/{tenant}/cases", "/{tenant}/cases/mine", "/{tenant}/my-day",
    "/{tenant}/requests", "/{tenant}/bounces", "/{tenant}/supervision", "/{tenant}/dispatch",
    "/{tenant}/overview", "/{tenant}/search", "/{tenant}/cases/points",
    "/{tenant}/people", "/{tenant}/accounts", "/{tenant}/resets",
    "/{tenant}/grid/redivision", "/{tenant}/field/lines", "/{tenant}/campaigns",
    "/{tenant}/campaigns/{campaign_id}/targets",
)  # fmt: skip
"""Lists that must be longer once there is more of everything; what they cost is held for all."""


@pytest.fixture(scope="module")
async def visits(two, doors):
    return await walk(two.mine, doors)


def test_every_page_opens_for_who_may_open_it(visits, doors):
    """The control of all refusals, and the rule that no page stays untried."""
    shut = [(v.door.key, v.answer.status_code) for v in visits if not v.opened]
    assert shut == [], "\n".join(map(str, shut))
    tried = {visit.door.key for visit in visits}
    reading = {d.key for d in doors if d.in_tenant and not d.writes}
    assert reading - tried == STREAMS


def test_reading_does_not_write(visits):
    """But for when somebody was last seen. Looks at personal data are deeds, not reads."""
    written = [
        (visit.door.key, statement[:80])
        for visit in visits
        for statement in visit.sent
        if re.match(r"\s*(INSERT|UPDATE|DELETE|WITH .*(INSERT|UPDATE|DELETE) )", statement)
        and not statement.startswith("UPDATE sessions SET seen_at")
    ]
    assert written == []


def test_every_statement_says_whose_rows_it_means(visits):
    """Row security is the net, the predicate is the route (citus.md, rule 3)."""
    unsaid = {(visit.door.key, name) for visit in visits for s in visit.sent for name in bare(s)}
    assert sorted(unsaid) == []


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("SELECT cases.id FROM cases WHERE cases.id = $1", ["cases"]),
        ("SELECT cases.id FROM cases WHERE cases.tenant_id = $1", []),
        ("SELECT a.id FROM cases AS a JOIN staff ON staff.tenant_id = a.tenant_id", []),
        ("SELECT 1 FROM cases, staff WHERE cases.tenant_id = $1::UUID", ["staff"]),
        ("UPDATE cases SET state=$1 WHERE cases.id = $2", ["cases"]),
        ("DELETE FROM notices WHERE notices.tenant_id = $1 AND notices.at < $2", []),
        ("INSERT INTO notices (id, text) VALUES ($1, $2)", ["notices"]),
        ("INSERT INTO notices (tenant_id, id) VALUES ($1, $2)", []),
        ("SELECT x.id FROM (SELECT cases.id FROM cases) AS x", ["cases"]),
    ],
)
def test_a_statement_that_says_it_not_is_seen(statement, names):
    assert bare(statement) == names


def test_no_page_costs_more_statements_than_its_budget(visits):
    dear = [
        (visit.door.key, cost_of(visit), budget)
        for visit in visits
        if cost_of(visit) > (budget := budget_of(visit.door))
    ]
    assert dear == [], "\n".join(map(str, dear))


def budget_of(door):
    return DEARER.get(door.pattern, RECORD if door.pattern in RECORDS else LIST)


def test_the_budget_names_no_page_that_is_gone(doors):
    assert (RECORDS | set(DEARER) | set(GROWING)) - {door.pattern for door in doors} == set()


def whole_list(door):
    return {"q": "暴露垃圾"} if door.pattern == "/{tenant}/search" else {}


async def test_a_list_costs_the_same_however_long_it_is(app, doors):
    stock = await a_stocked_county(app, "KANAVIC")
    few = {visit.door.pattern: visit for visit in await walk(stock, doors, whole_list)}
    await grow_much(stock)
    many = {visit.door.pattern: visit for visit in await walk(stock, doors, whole_list)}

    longer = {
        name: len(readable(many[name].answer)) - len(readable(few[name].answer)) for name in few
    }
    costs = {name: (cost_of(few[name]), cost_of(many[name])) for name in few}
    differ = {name: cost for name, cost in costs.items() if cost[0] != cost[1]}
    assert differ == {}, "\n".join(map(str, differ.items()))
    assert {name for name in GROWING if longer[name] < 100} == set()


def cost_of(visit):
    """Statements but for the one that is sent once a minute, whatever the page."""
    return len([one for one in visit.sent if not one.startswith("UPDATE sessions SET seen_at")])


def test_sealed_words_are_on_no_page(visits, two):
    """Names, numbers and addresses of those who report come out by a reasoned look alone."""
    sealed = (f"{two.mine.mark}person", f"{two.mine.mark}home", phone_of(two.mine.mark))
    shown = [
        (visit.door.key, word)
        for visit in visits
        for word in sealed
        if word in readable(visit.answer)
    ]
    assert shown == []


def test_the_words_that_must_not_leak_are_words_that_pages_show(visits, two):
    """Seen from inside, the canaries are there: a walk that finds none would prove nothing."""
    seen = Counter(
        mark
        for visit in visits
        for mark in re.findall(rf"{two.mine.mark}-[\w-]+", readable(visit.answer))
    )
    assert len(seen) >= 15, seen
