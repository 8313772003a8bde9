"""Maps: a resident aims at their own village, staff click through to a grid and to a case."""

import pytest

from browser.people import signed_in
from factories.cases import Crew
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database

MIDDLE = {"x": 335, "y": 140}


async def furnish(settings):
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    grid = county.at("grid")
    where = {"lon": grid.lon, "lat": grid.lat}
    case = await Crew(database, county, now=now()).brought_to("handling", **where)
    secrets = await signed_in(database, county, ["supervisor"])
    await database.close()
    return county, case, secrets["supervisor"]


@pytest.fixture(scope="module")
def county(furnished):
    return furnished[0]


@pytest.fixture
def staff_map(chromium, address, furnished):
    """The map of the village with the case, as a supervisor sees it."""
    county, _, secret = furnished
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "gridgov_session", "value": secret, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/{county.tenant.slug}/grid/map?node={county.at('village').id}")
    page.wait_for_selector(".leaflet-overlay-pane canvas")
    yield page
    context.close()


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


def test_a_click_on_a_grid_leads_to_its_page(staff_map, county):
    other = county.at("grid", 1)  # the case lies in the first: its point would take the click
    name = staff_map.locator(f".map-name:has-text('{named(county, other)}')")
    name.wait_for()
    box = name.bounding_box()
    staff_map.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    staff_map.locator(f".leaflet-popup a:has-text('{named(county, other)}')").click()
    staff_map.wait_for_url(f"**/grid/{other.id}")

    assert named(county, other) in staff_map.inner_text("h1")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_click_on_a_point_leads_to_its_case(staff_map, furnished, width):
    staff_map.set_viewport_size({"width": width, "height": 900})
    staff_map.reload()
    staff_map.locator(".map-mark").first.click()
    staff_map.locator(".leaflet-popup a").first.click()
    staff_map.wait_for_url(f"**/cases/{furnished[1]}")

    assert staff_map.locator(".clockbar").count()


def named(county, node):
    return next(row.name for row in county.package.nodes if row.code == node.code)
