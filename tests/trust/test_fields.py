"""Role by field: who sees which personal field of a resident's case, masked or after a reason.

Written out by hand, not derived from the declared rights: a right given to a role by mistake turns
this red (domain: R4, R9).
"""

from enum import StrEnum

import pytest

from factories.stock import phone_of
from trust.calling import token_of


class Sees(StrEnum):
    """How far somebody sees a field."""

    NO_CASE = "the case does not exist for them"
    NOTHING = "the case, and that a resident reported it"
    MASK = "a mask, and the field itself for a reason"


MATRIX = {
    "worker": Sees.NOTHING,
    "chief": Sees.NOTHING,
    "station_clerk": Sees.MASK,
    "subcentre_clerk": Sees.MASK,
    "dispatcher": Sees.MASK,
    "handler": Sees.NO_CASE,
    "supervisor": Sees.NOTHING,
    "leader": Sees.NOTHING,
    "county_admin": Sees.NO_CASE,
    "security_admin": Sees.NO_CASE,
    "auditor": Sees.NO_CASE,
}


def fields(stock):
    """The three, as they were typed."""
    return {
        "name": stock.words("person"),
        "phone": phone_of(stock.mark),
        "address": stock.words("home"),
    }


def test_every_role_of_the_county_has_its_row(two):
    assert {role.code for role in two.mine.policy.county.roles} == set(MATRIX)


@pytest.mark.parametrize(("role", "sees"), MATRIX.items())
async def test_a_role_sees_just_its_cells(two, role, sees):
    stock = two.mine
    case = f"/{stock.slug}/cases/{stock.cases['told']}"
    async with stock.browsing(role) as browser:
        page = await browser.get(case)
        token = await token_of(browser, stock.slug)
        asked = await browser.post(
            f"{case}/reporters/{stock.things['reporter']}",
            data={"_csrf": token, "reason": "call_back", "words": "回访"},
            headers={"sec-fetch-site": "same-origin", "hx-request": "true"},
        )
    revealed = {name for name, word in fields(stock).items() if word in asked.text}
    typed = {name for name, word in fields(stock).items() if word in page.text}

    assert typed == set()
    assert (page.status_code == 200) == (sees is not Sees.NO_CASE)
    assert ("199****" in page.text) == (sees is Sees.MASK)
    assert revealed == (set(fields(stock)) if sees is Sees.MASK else set())
    assert (asked.status_code == 200) == (sees is Sees.MASK)


@pytest.mark.parametrize("role", [role for role, sees in MATRIX.items() if sees is Sees.MASK])
async def test_no_list_holds_them_and_no_search_finds_by_them(two, role):
    stock = two.mine
    async with stock.browsing(role) as browser:
        lists = [await browser.get(f"/{stock.slug}/{place}") for place in ("cases/", "my-day")]
        found = await browser.get(f"/{stock.slug}/search", params={"q": phone_of(stock.mark)})

    assert not any(word in page.text for page in lists for word in fields(stock).values())
    assert str(stock.cases["told"]) not in found.text
