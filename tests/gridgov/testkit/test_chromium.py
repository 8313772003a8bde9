"""The kit's Chromium beside tests of everything else."""

import pytest

from gridgov.testkit.counties import a_county

pytest_plugins = ["gridgov.testkit.chromium"]
pytestmark = pytest.mark.browser


async def test_a_page_is_opened_as_a_role_and_as_nobody(browser, database, settings):
    county = await a_county(database, settings, plugins=["baseline"])

    worker = await browser(county, "my-day", as_="worker")
    nobody = await browser(county, "my-day", wide=390)

    assert await worker.locator("form[action$='log-in']").count() == 0
    assert await worker.locator("h1").count() == 1
    assert await nobody.locator("input[name=password]").count() == 1
