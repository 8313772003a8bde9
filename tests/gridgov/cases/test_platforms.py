"""Four named worklists over one engine: each case in those that its category or kind belongs to."""

import pytest

from factories.tenants import a_county
from gridgov.cases.queries.platforms import of_platform, open_by_light
from gridgov.testkit.signing_in import a_browser, sign_in


@pytest.fixture
async def browser(app, county):
    async with a_browser(app) as opened:
        await sign_in(opened, county, "dispatcher", second_factor=True)
        yield opened


@pytest.fixture
async def county(app):
    return await a_county(app.state.database, app.state.settings)


async def test_a_case_is_counted_and_listed_in_its_platform(county, crew, browser):
    street = await crew.report(category="E0102")
    quarrel = await crew.report(category="family")
    declared = county.policy.county.platforms
    async with crew.acting("dispatcher") as ctx:
        counts = await open_by_light(ctx, [of_platform(one) for one in declared])
    cases = f"/{county.tenant.slug}/cases"
    front = await browser.get(f"{cases}/platforms")
    order = await browser.get(cases, params={"platform": "order"})
    unknown = await browser.get(cases, params={"platform": "nothing"})

    totals = {one.code: sum(lights.values()) for one, lights in zip(declared, counts, strict=True)}
    assert totals == {"order": 1, "enforcement": 1, "service": 0, "party": 0}
    assert all(one.name in front.text for one in declared)
    assert f"/cases/{quarrel.case_id}" in order.text
    assert f"/cases/{street.case_id}" not in order.text
    assert f"/cases/{street.case_id}" in unknown.text


async def test_the_filter_goes_along_to_the_next_search_and_the_export(county, crew, browser):
    await crew.report(category="family")
    page = await browser.get(f"/{county.tenant.slug}/cases", params={"platform": "order"})

    assert '<input type="hidden" name="platform" value="order">' in page.text
    assert "cases/export?platform=order" in page.text
