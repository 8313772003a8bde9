"""The charts of the overview are drawn, and say in a table what they draw."""

import pytest

from browser.people import signed_in
from factories.cases import Crew
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database

PHONE, DESK = 390, 1440
TOLD = 4
INK = """canvas => {
  const {width, height} = canvas;
  const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  const colours = new Set();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 200) colours.add(data.slice(at, at + 3).join());
  }
  return [...colours];
}"""


async def furnish(settings):
    """A county with cases of today, and the secret of its supervisor."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    crew = Crew(database, county, now=now())
    for state in ("reported", "filed", "handling", "closed"):
        await crew.brought_to(state)
    secrets = await signed_in(database, county, ["supervisor"])
    await database.close()
    return county, secrets["supervisor"]


@pytest.fixture(params=[PHONE, DESK])
def overview(request, chromium, address, furnished):
    county, secret = furnished
    context = chromium.new_context(locale="zh-CN", viewport={"width": request.param, "height": 900})
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "gridgov_session", "value": secret, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/{county.tenant.slug}/overview")
    yield page
    context.close()


def test_every_chart_is_drawn_in_the_countys_accent(overview):
    charts = overview.locator("[data-chart]")
    accent = overview.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"
    )
    drawn = [int(accent[at : at + 2], 16) for at in (1, 3, 5)]

    assert charts.count() == 2
    for chart in charts.all():
        chart.scroll_into_view_if_needed()
        canvas = chart.locator("canvas").first
        canvas.wait_for()
        overview.wait_for_timeout(100)
        colours = canvas.evaluate(INK)
        assert ",".join(map(str, drawn)) in colours
        assert len(colours) > 10  # axes and words beside it
        assert chart.locator("[data-chart-canvas]").get_attribute("aria-label")


def test_the_numbers_behind_a_chart_are_reached_by_keyboard(overview):
    """For who cannot see it: the table is one key away, and says the same."""
    overview.locator("[data-chart] canvas").first.wait_for()
    days, categories = overview.locator("[data-chart]").all()
    for chart in (days, categories):
        assert not chart.locator("table").is_visible()
        chart.locator("summary").focus()
        overview.keyboard.press("Enter")
        chart.locator("table").wait_for()

    told, closed = (
        sum(map(int, days.locator(f"tbody tr > :nth-child({column})").all_inner_texts()))
        for column in (2, 3)
    )
    kinds = sum(map(int, categories.locator("tbody tr > :nth-child(2)").all_inner_texts()))
    assert (told, closed, kinds) == (TOLD, 1, TOLD)
