"""A hall by hand: numbers at the counter and on the wall, one window, and labels on paper."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from browser.eyes import wide
from browser.people import signed_in
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.services.actions.codes import issue_codes
from gridgov.services.types import CodeKind
from gridgov.stations.actions.screens import open_screen
from gridgov.stations.queries.halls import screens_of
from gridgov.testkit.clock import Clock
from gridgov.testkit.contexts import open_context

PHONE, DESK = 390, 1440
STAFF = ("subcentre_clerk", "station_clerk")
LABELS = 9
"""One more than a sheet of eight holds."""


async def furnish(settings):
    """A sub-centre with a screen on its wall, and a grid with labels to hang."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    hall, time = county.at("town").id, Clock(now())
    async with open_context(database, settings, time, county, as_="subcentre_clerk") as ctx:
        await open_screen(ctx, hall, name="一楼等候区")
        (screen,) = await screens_of(ctx, hall)
    async with open_context(database, settings, time, county, as_="station_clerk") as ctx:
        stairs = [f"{n}栋1单元" for n in range(1, LABELS + 1)]
        await issue_codes(ctx, county.at("grid").id, kind=CodeKind.STAIR, places=stairs)
    secrets = await signed_in(database, county, STAFF)
    await database.close()
    return f"/{county.tenant.slug}", hall, screen.token, secrets


@pytest.fixture(scope="module")
def furnished(settings):
    with ThreadPoolExecutor(1) as thread:  # the browser's own loop runs in this one
        return thread.submit(asyncio.run, furnish(settings)).result()


@pytest.fixture
def opens(chromium, address, furnished):
    """A page of the county in a browser of its own; ``role`` is who sits there, or nobody."""
    root, _, _, secrets = furnished
    contexts = []

    def opened(path, role="", width=DESK):
        context = chromium.new_context(locale="zh-CN", viewport={"width": width, "height": 900})
        contexts.append(context)
        if role:
            cookie = {"name": "gridgov_session", "value": secrets[role], "url": address}
            context.add_cookies([cookie])
        page = context.new_page()
        page.goto(f"{address}{root}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()


def call(counter, window):
    """Somebody takes a number at the window's zone, and is called."""
    zone = counter.locator("main section:has(h2:has-text('窗口受理'))")
    zone.get_by_role("button", name="取一个号").click()
    counter.wait_for_load_state()
    zone.get_by_label("到几号窗口").fill(window)
    zone.get_by_role("button", name="叫下一个").click()
    counter.wait_for_load_state()


def test_a_number_called_at_the_counter_stands_on_the_wall_which_nobody_touches(opens, furnished):
    _, hall, token, _ = furnished
    wall = opens(f"/wall/{token}")
    counter = opens(f"/stations/{hall}/numbers", "subcentre_clerk", PHONE)
    call(counter, "7号窗口")
    wall.locator(".wall-line:has-text('7号窗口')").wait_for(timeout=15_000)

    assert wide(wall) == [] and wide(counter) == []
    assert not wall.locator(".wall-lost").is_visible()


def test_a_wall_that_hears_nothing_says_so_and_goes_on_when_it_hears_again(opens, furnished):
    _, hall, token, _ = furnished
    wall = opens(f"/wall/{token}")
    counter = opens(f"/stations/{hall}/numbers", "subcentre_clerk")
    lost, called = wall.locator(".wall-lost"), wall.locator(".wall-line:has-text('8号窗口')")
    wall.context.set_offline(True)
    lost.wait_for(timeout=15_000)
    told = lost.inner_text()
    call(counter, "8号窗口")
    unheard = called.count()
    wall.context.set_offline(False)
    called.wait_for(timeout=15_000)

    assert "连不上了" in told and "请听窗口叫号" in told
    assert unheard == 0
    assert not lost.is_visible()


def test_at_the_window_a_matter_is_found_by_its_initials_and_becomes_a_case(opens, furnished):
    _, hall, _, _ = furnished
    window = opens(f"/stations/{hall}/window", "subcentre_clerk")
    window.fill("[name=description]", "楼下路灯不亮，晚上看不见")
    window.fill("#f-category", "ld")
    window.locator(".combo-option:has-text('路灯')").first.click()
    window.fill("[name=phone]", "19900001234")
    window.get_by_role("button", name="受理，给他一个编号").click()
    window.wait_for_url("**/cases/*")

    assert "路灯" in window.locator("h1").inner_text()
    assert "凭编号和电话后四位可查" in window.locator("[role=status]").first.inner_text()


def test_eight_labels_fill_a_page_of_paper_and_leave_none_blank(opens):
    sheet = opens("/codes/sheet?per=8", "station_clerk")
    paper = sheet.pdf(format="A4", prefer_css_page_size=True)

    assert sheet.locator(".code-card").count() == LABELS
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2
