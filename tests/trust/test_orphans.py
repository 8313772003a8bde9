"""A plugin that declares less: what counties kept meanwhile is held back or stays readable."""

import re
from collections.abc import Collection
from dataclasses import replace

import pytest

from factories.stock import a_stocked_county
from gridgov.contract.declarations import NEEDED_SETTINGS
from gridgov.contract.layering import GROUPS
from gridgov.fieldwork.queries.lines import line_seen
from gridgov.rulebook.actions.changing import keep_wish
from gridgov.rulebook.queries.standing import in_use, wish_of
from gridgov.rulebook.rules.orphans import LEFT, Left, kinds_of, reasons
from gridgov.tenants.actions import count_policy_up
from gridgov.testkit.signing_in import send
from trust.walking import walk

GOING = [group for group, left in LEFT.items() if left is not Left.HELD]

BEGINS = {
    "GET /{tenant}/cases/{case_id}/consultations/new",
    "GET /{tenant}/field/write/{ledger}",
    "GET /{tenant}/lists/{list_code}/rows/{row_code}",
    "GET /{tenant}/stations/{node_id}/duty/{seat}",
}
"""Forms by which something would begin anew: without its declaration it cannot."""

PREVIEW = "GET /{tenant}/rules/change"
"""Says by their codes what would come back."""


def less(county):
    """The county without everything that may go, but for what no county can be without."""
    gone = dict.fromkeys(GOING, ())
    needed = tuple(one for one in county.settings if one.code in NEEDED_SETTINGS)
    return replace(county, **gone | {"case_kinds": county.case_kinds[:1], "settings": needed})


@pytest.fixture(scope="module")
async def stock(app):
    return await a_stocked_county(app, "KANAVIO")


@pytest.fixture(scope="module")
async def gone(stock) -> Collection[str]:
    """The county runs less from now on; the codes of what is gone."""
    async with stock.acting() as ctx:
        rulebook = ctx.policy.editions[0].rulebook
        await count_policy_up(ctx)
        now = less(rulebook.county)
        await keep_wish(ctx, await wish_of(ctx), replace(rulebook, county=now))
    logins = {person.login for person in stock.county.accounts.values()}
    return {
        one.code
        for group in GOING
        for one in getattr(rulebook.county, group)
        if one not in getattr(now, group)
    } - logins  # a hand that keeps papers is called as somebody who logs in


def test_of_every_group_it_is_decided_what_becomes_of_its_data():
    assert set(LEFT) == set(GROUPS)


@pytest.mark.parametrize("group", [group for group, left in LEFT.items() if left is Left.HELD])
async def test_what_something_stands_on_is_held(stock, group):
    async with stock.acting() as ctx:
        before = ctx.policy.editions[-1].rulebook
        after = replace(before, county=replace(before.county, **{group: ()}))
        used = await in_use(ctx, [])

        said = reasons(before, after, kinds_of([before.county]), used)

    assert said
    assert all("要去掉，但还有" in reason for reason in said)


async def test_what_may_go_leaves_every_page_that_reads_what_there_is(stock, gone, doors):
    visits = await walk(stock, doors)

    shut = [(v.door.key, v.answer.status_code) for v in visits if not v.opened]
    bare = [
        (visit.door.key, words)
        for visit in visits
        if visit.door.key != PREVIEW and (words := gone & words_of(visit.answer))
    ]
    assert {key for key, _ in shut} == BEGINS, shut
    assert {status for _, status in shut} <= {404, 409}
    assert bare == [], "codes in place of words"


async def test_what_is_sealed_in_a_gone_ledger_can_still_be_looked_at(stock, gone):
    line = stock.things["home_visit"]
    async with stock.acting() as ctx:
        assert (await line_seen(ctx, line)).ledger in gone

    async with stock.browsing() as browser:
        at = f"/{stock.slug}/field/lines/{line}/reveal"
        answer = await send(browser, at, page=f"/{stock.slug}/account", reason="help", words="测试")

    assert stock.words("person") in answer.text


def words_of(answer) -> set[str]:
    """The bare words that a page shows, names of departments left out."""
    if "html" not in answer.headers.get("content-type", ""):
        return set()
    shown = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", answer.text, flags=re.DOTALL)
    return set(re.findall(r"(?<![\w./·-])[a-z][a-z_0-9]*(?![\w./-])", shown))
