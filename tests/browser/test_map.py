"""A resident without a map in mind finds their own village on the county's, and aims."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from factories.tenants import a_county
from gridgov.kernel.db import Database

MIDDLE = {"x": 335, "y": 140}


async def furnish(settings):
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    await database.close()
    return county


@pytest.fixture(scope="module")
def county(settings):
    with ThreadPoolExecutor(1) as thread:  # the browser's own loop runs in this one
        return thread.submit(asyncio.run, furnish(settings)).result()


def test_a_village_is_found_by_its_name_and_its_grids_are_named_on_the_map(
    chromium, address, county
):
    village = county.at("village", 1)
    grids = [node for node in county.nodes.values() if node.path.startswith(village.path)][1:]
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{address}/{county.tenant.slug}/report/")
    page.wait_for_selector(".leaflet-overlay-pane canvas")

    page.fill("#f-near", village.code)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".map-name:has-text('{named(county, grids[0])}')")
    shown = set(page.locator(".map-name").all_inner_texts())
    page.locator("[data-map-canvas]").click(position=MIDDLE)
    lon, lat = (float(page.input_value(f"[data-{axis}]")) for axis in ("lon", "lat"))
    page.context.close()

    assert {named(county, grid) for grid in grids} <= shown
    assert abs(lon - village.lon) < 0.01
    assert abs(lat - village.lat) < 0.01


def named(county, node):
    return next(row.name for row in county.package.nodes if row.code == node.code)
