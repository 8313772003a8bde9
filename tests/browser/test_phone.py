"""What is made for a thumb: lists instead of wide tables, words that are whole and in line."""

import pytest

from browser.eyes import cut, resize, wide
from browser.people import signed_in
from factories.tenants import a_county
from gridgov.kernel.db import Database

NARROW, PHONE, DESK = 320, 390, 1440
ROLES = ("worker", "dispatcher", "county_admin")
INSIDE = """tab => {
  const [strip, mine] = [tab.closest('.tabs-list'), tab].map(one => one.getBoundingClientRect());
  return mine.left >= strip.left && mine.right <= strip.right;
}"""
BEGINS = """one => {
  const words = document.createRange();
  words.selectNodeContents(one);
  return words.getBoundingClientRect().left;
}"""
STILL = "all => all.every(one => one.scrollWidth <= one.clientWidth)"


async def furnish(settings):
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    secrets = await signed_in(database, county, ROLES)
    await database.close()
    return county, secrets


@pytest.fixture
def phone(chromium, address, furnished):
    """Opens a page of the county in somebody's hand."""
    county, secrets = furnished
    contexts = []

    def opened(path, role="", width=PHONE, locale="zh"):
        context = chromium.new_context(locale="zh-CN", viewport={"width": width, "height": 844})
        contexts.append(context)
        carried = {"locale": locale} | ({"session": secrets[role]} if role else {})
        context.add_cookies(
            [
                {"name": f"gridgov_{name}", "value": value, "url": address}
                for name, value in carried.items()
            ]
        )
        page = context.new_page()
        page.goto(f"{address}/{county.tenant.slug}/{path}")
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("place", ["services", "bookings", "staffing/gaps"])
def test_the_tab_of_the_page_is_in_view(phone, place):
    strip = phone(place, "worker").locator(".tabs.only-phone .tab[aria-current]")

    assert strip.count() == 1
    assert strip.evaluate(INSIDE)


def test_a_week_of_duty_is_a_list_by_day(phone, furnished):
    page = phone(f"stations/{furnished[0].at('town').id}/duty", "dispatcher")
    shown = [page.locator(f"main {what}").first for what in (".week", ".week-days")]
    by_day = [one.is_visible() for one in shown]

    assert by_day == [False, True]
    assert page.locator(".week-one").count() == 7
    assert page.locator(".week-one[open] .week-turn").count()
    assert wide(page) == []
    assert page.locator(".table-frame:visible").evaluate_all(STILL)
    resize(page, DESK)
    assert [one.is_visible() for one in shown] == [True, False]


@pytest.mark.parametrize("role", ROLES)
def test_the_bar_at_the_foot_holds_whole_words_in_english(phone, role):
    page = phone("", role, NARROW, "en")

    assert page.locator("html").get_attribute("lang") == "en"
    assert cut(page) == []


def test_what_a_resident_may_do_besides_begins_where_the_words_above_do(phone):
    page = phone("report")
    ways = page.locator("nav.portal-after .button").all()
    left = page.locator("main > .portal-after").first.evaluate(BEGINS)

    assert len(ways) == 4
    assert ways[0].evaluate(BEGINS) == pytest.approx(left, abs=2)
