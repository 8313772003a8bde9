"""四个平台: four worklists over one engine, by what a case is about and by who has it."""

from dataclasses import replace

import pytest

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.cases.actions.performing import perform
from gridgov.cases.queries.platforms import of_platform, open_by_light
from gridgov.cases.queries.worklist import OPEN, worklist
from gridgov.kernel.clock import now
from gridgov.testkit.signing_in import a_browser, sign_in


@pytest.fixture
async def browser(app, county):
    async with a_browser(app) as opened:
        await sign_in(opened, county, "dispatcher", second_factor=True)
        yield opened


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
    assert "1 件未结" in order.text and "2 件未结" in unknown.text


async def test_the_filter_goes_along_to_the_next_search_and_the_export(county, crew, browser):
    await crew.report(category="family")
    page = await browser.get(f"/{county.tenant.slug}/cases", params={"platform": "order"})

    assert '<input type="hidden" name="platform" value="order">' in page.text
    assert "cases/export?platform=order" in page.text


@pytest.mark.parametrize(
    ("department", "listed"), [("justice", True), ("water", False), ("", True)]
)
async def test_what_went_to_another_department_leaves_the_platform(app, department, listed):
    """A quarrel stays with 政法综治 while nobody has it, and while one of its departments has."""
    county = await a_county(
        app.state.database, app.state.settings, departments=("urban", "justice", "water")
    )
    crew = Crew(app.state.database, county, now=now())
    case = await crew.brought_to("filed", category="family")
    if department:
        async with crew.acting("dispatcher") as ctx:
            sent = {"departments": [county.departments[department]]}
            await perform(ctx, case, "dispatch", sent)
    (order,) = [one for one in county.policy.county.platforms if one.code == "order"]
    async with crew.acting("dispatcher") as ctx:
        (lights,) = await open_by_light(ctx, [of_platform(order)])
        rows = (await worklist(ctx, replace(of_platform(order), ends=OPEN))).rows

    assert sum(lights.values()) == len(rows) == int(listed)


async def test_what_comes_back_from_a_department_is_on_its_platform_again(app):
    county = await a_county(
        app.state.database, app.state.settings, departments=("urban", "justice", "water")
    )
    crew = Crew(app.state.database, county, now=now())
    case = await crew.brought_to("filed", category="family")
    async with crew.acting("dispatcher") as ctx:
        await perform(ctx, case, "dispatch", {"departments": [county.departments["water"]]})
        await perform(ctx, case, "withdraw", {"reason": "派错了"})
    (order,) = [one for one in county.policy.county.platforms if one.code == "order"]
    async with crew.acting("dispatcher") as ctx:
        (lights,) = await open_by_light(ctx, [of_platform(order)])

    assert sum(lights.values()) == 1
