"""The second key of an account, from binding a phone to coming in with it, on a phone."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest

from browser.eyes import Tab, cut, resize, serious, wide
from browser.people import signed_in
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.testkit.signing_in import PASSWORD

WIDTHS = (1440, 320, 390)
OURS = "status of 422"


async def furnish(settings):
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    await signed_in(database, county, ["worker"])
    await database.close()
    return county


@pytest.fixture(scope="module")
def county(settings):
    with ThreadPoolExecutor(1) as thread:  # the browser's own loop runs in this one
        return thread.submit(asyncio.run, furnish(settings)).result()


def faults(tab):
    found = [one for one in tab.faults() if OURS not in one]
    for width in WIDTHS:
        resize(tab.page, width)
        found += [(width, one) for one in (*wide(tab.page), *cut(tab.page), *serious(tab.page))]
    return found


def test_a_phone_is_bound_and_asked_for_at_the_next_log_in(chromium, address, county):
    base = f"{address}/{county.tenant.slug}"
    context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    tab = Tab(context)
    page = tab.page

    def sends():
        page.locator("main form button[data-kind=main]").first.click()
        page.wait_for_load_state("load")

    def enters():
        tab.open(f"{base}/log-in")
        page.fill("#f-login", "worker")
        page.fill("#f-password", PASSWORD)
        sends()

    enters()
    tab.open(f"{base}/account/second-factor")
    sound = {"binding": faults(tab)}
    page.fill("#f-code", pyotp.TOTP(page.inner_text("figcaption code").replace(" ", "")).at(now()))
    sends()
    sound["spare keys"] = faults(tab)
    spare = page.locator("main ol code").first.inner_text()

    tab.open(f"{base}/account")
    words = page.inner_text("main")
    sound["account"] = faults(tab)
    context.clear_cookies()

    enters()
    assert page.url.split("?")[0] == f"{base}/account/verify"
    sound["verify"] = faults(tab)
    page.fill("#f-code", "000 000")
    sends()
    assert page.locator("[data-field=code] .field-error").inner_text()
    sound["wrong code"] = faults(tab)
    page.fill("#f-code", spare)
    sends()
    page.locator(".nav-list").wait_for()
    context.close()

    assert {name: found for name, found in sound.items() if found} == {}
    assert "worker" in words
    assert re.search("网格员 · ", words)
    assert "没有绑定" not in words
