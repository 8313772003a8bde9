"""The county at work: its page, its kind of case, and that it is nobody else's."""

import pytest
from gridgov.cases.actions.performing import allowed_actions
from gridgov.testkit.cases import a_case, does
from gridgov.testkit.counties import a_county
from gridgov.testkit.signing_in import sign_in

from moban.errand import CATEGORIES, ERRAND

BOARD = "/x/moban/board"


@pytest.fixture
async def county(database, settings):
    return await a_county(database, settings, plugins=["moban"])


async def test_the_board_is_closed_to_strangers(client, county):
    assert (await client.get(f"/{county.tenant.slug}{BOARD}")).status_code == 401


async def test_the_board_is_closed_to_roles_without_its_right(client, county):
    await sign_in(client, county, "handler")
    assert (await client.get(f"/{county.tenant.slug}{BOARD}")).status_code == 403


async def test_the_board_is_absent_in_other_counties(client, database, settings):
    other = await a_county(database, settings, plugins=["baseline"])
    await sign_in(client, other, "station_clerk")
    assert (await client.get(f"/{other.tenant.slug}{BOARD}")).status_code == 404


async def test_an_errand_is_asked_for_run_and_answered(open_context, county):
    moves = {action.code: action for action in ERRAND.actions}

    async with open_context(county, as_="helper") as ctx:
        errand = await a_case(
            ctx, county.at("grid"), kind=ERRAND.code, category=CATEGORIES[-1].code
        )
        await does(ctx, county, errand.case_id, moves["file"])
    async with open_context(county, as_="helper") as ctx:
        done = await does(ctx, county, errand.case_id, moves["close"], answer="药已送到。")
        left = await allowed_actions(ctx, errand.case_id)

    assert (done.state, left.actions) == ("answered", ())


async def test_an_errand_stands_on_the_board_until_it_is_answered(client, open_context, county):
    async with open_context(county, as_="helper") as ctx:
        await a_case(ctx, county.at("grid"), kind=ERRAND.code, title="给三组送药")
    await sign_in(client, county, "helper")

    assert "给三组送药" in (await client.get(f"/{county.tenant.slug}{BOARD}")).text
