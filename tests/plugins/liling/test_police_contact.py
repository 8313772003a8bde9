"""一村一辅警、一格一助警 as a contact to ask: named where somebody looks, and without any right."""

from datetime import date

import pytest

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.staff.actions import appoint_post
from gridgov.testkit.signing_in import sign_in


@pytest.fixture
async def county(app):
    return await a_county(app.state.database, app.state.settings, departments=("urban", "police"))


@pytest.fixture
async def contact(app, county):
    """A person who holds the post on the first grid."""
    crew = Crew(app.state.database, county, now=now())
    person = county.accounts["supervisor"]
    async with crew.acting("county_admin") as ctx:
        await appoint_post(
            ctx,
            person.staff_id,
            node_id=county.at("grid").id,
            post="police",
            valid_from=date(2026, 1, 1),
        )
    return person


async def test_the_grids_page_its_card_and_the_page_of_a_case_there_name_the_contact(
    app, client, county, contact
):
    at, grid = f"/{county.tenant.slug}", county.at("grid")
    crew = Crew(app.state.database, county, now=now())
    case = (await crew.report(category="E0505")).case_id
    await sign_in(client, county, "dispatcher")
    posts = (await client.get(f"{at}/people/at/{grid.id}")).text
    record = (await client.get(f"{at}/cases/{case}")).text
    await sign_in(client, county, "county_admin", second_factor=True)
    card = (await client.get(f"{at}/staffing/at/{grid.id}/card")).text
    named = (await client.get(f"{at}/people/at/{grid.id}")).text

    for page in (posts, record, card):
        assert "网格警员" in page
    assert "测试·督查员" in card and "测试·督查员" in named
    assert "测试·督查员" not in record  # masked, as all who serve a place are on a case


async def test_the_form_of_dispatch_suggests_the_police_and_says_whom_to_ask_first(
    app, client, county
):
    crew = Crew(app.state.database, county, now=now())
    case = await crew.brought_to("filed", category="E0505")
    await sign_in(client, county, "dispatcher")
    form = (await client.get(f"/{county.tenant.slug}/cases/{case}/do/dispatch")).text

    assert "治安类：可以先问网格警员；紧急情况请拨打110" in form


async def test_the_post_gives_no_role(county):
    assert all(role.post != "police" for role in county.policy.county.roles)
