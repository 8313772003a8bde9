"""What only a browser can show at the door: a name signed with the finger, and where one stands."""

import pytest
from sqlalchemy import select

from browser.people import signed_in
from factories.services import ITEMS
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.services.actions.importing import bring_to
from gridgov.services.models import ServiceItem
from gridgov.testkit.clock import Clock
from gridgov.testkit.contexts import open_context


async def furnish(settings):
    """A county with a catalogue, and a worker who is signed in."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    secrets = await signed_in(database, county, ["worker"])
    async with open_context(database, settings, Clock(now()), county) as ctx:
        await bring_to(ctx, ITEMS)
        item = await ctx.session.scalar(select(ServiceItem.id).where(ServiceItem.code == "LL01001"))
    await database.close()
    return county, secrets["worker"], item


@pytest.fixture
def phone(chromium, address, furnished):
    """The worker's phone; it says where it is when it is asked and may."""
    county, secret, _ = furnished
    grid = county.at("grid")
    context = chromium.new_context(
        locale="zh-CN",
        viewport={"width": 390, "height": 844},
        permissions=["geolocation"],
        geolocation={"longitude": grid.lon, "latitude": grid.lat},
    )
    context.add_cookies([{"name": "gridgov_session", "value": secret, "url": address}])
    yield context.new_page()
    context.close()


def test_a_resident_signs_on_the_screen_and_the_word_is_kept(phone, address, furnished):
    county, _, item = furnished
    phone.goto(f"{address}/{county.tenant.slug}/assist/new?item={item}")
    phone.wait_for_load_state("networkidle")
    node = phone.locator("[name=node]")
    if node.get_attribute("type") != "hidden":
        node.select_option(str(county.at("grid").id), force=True)
    phone.fill("[name=name]", "测试·李奶奶")
    phone.fill("[name=phone]", "19900001234")
    pad = phone.locator("[data-sign] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    phone.mouse.move(box["x"] + 40, box["y"] + 60)
    phone.mouse.down()
    for step in range(1, 12):
        phone.mouse.move(box["x"] + 40 + 20 * step, box["y"] + 60 + (25 if step % 2 else -25))
    phone.mouse.up()
    drawn = phone.locator("[name=signature]").input_value()
    phone.get_by_role("button", name="登记代办").click()
    phone.wait_for_url("**/assist/*-*")
    picture = phone.locator("img.signature")
    picture.scroll_into_view_if_needed()
    phone.wait_for_load_state("networkidle")

    assert drawn.startswith("data:image/png;base64,")
    assert "当面签名" in phone.locator("main").inner_text()
    assert picture.evaluate("one => one.complete && one.naturalWidth > 0")


def test_the_phone_says_where_it_stands_and_the_form_names_the_grid(phone, address, furnished):
    county, _, _ = furnished
    grid = county.at("grid")
    phone.goto(f"{address}/{county.tenant.slug}/cases/new")
    phone.wait_for_load_state("networkidle")
    phone.locator("details:has([data-locate]) > summary").first.click()
    phone.locator("[data-locate]").click()
    said = phone.locator("[data-map-say]").filter(has_text="会报到")
    said.wait_for(timeout=10_000)

    assert float(phone.locator("[data-lon]").input_value()) == pytest.approx(grid.lon, abs=1e-5)
    assert float(phone.locator("[data-lat]").input_value()) == pytest.approx(grid.lat, abs=1e-5)
    assert said.inner_text().split("，")[0] in phone.locator(".case-here").inner_text()
