"""The second key of an account, from binding a phone to coming in with it, on a phone."""

import pyotp
import pytest

from browser.aside import aside
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
    return aside(furnish(settings))


class Phone(Tab):
    """Somebody's phone, on which every page that comes is looked at."""

    def __init__(self, context, base):
        super().__init__(context)
        self.base = base
        self.seen = {}

    def looks(self, name):
        """At what is open, at every width; what is wrong is kept by the name."""
        found = [one for one in self.faults() if OURS not in one]
        for width in WIDTHS:
            resize(self.page, width)
            found += [(width, one) for look in (wide, cut, serious) for one in look(self.page)]
        self.seen |= {name: found} if found else {}

    def sends(self, field, words):
        self.page.fill(field, words)
        self.page.locator("main form button[data-kind=main]").first.click()
        self.page.wait_for_load_state("load")

    def enters(self):
        self.open(f"{self.base}/log-in")
        self.page.fill("#f-login", "worker")
        self.sends("#f-password", PASSWORD)


@pytest.fixture
def phone(chromium, address, county):
    context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    yield Phone(context, f"{address}/{county.tenant.slug}")
    context.close()


def test_a_phone_is_bound_and_asked_for_at_the_next_log_in(phone):
    page = phone.page
    phone.enters()
    phone.open(f"{phone.base}/account/second-factor")
    phone.looks("binding")
    secret = page.inner_text("figcaption code").replace(" ", "")
    phone.sends("#f-code", pyotp.TOTP(secret).at(now()))
    phone.looks("spare keys")
    spare = page.locator("main ol code").first.inner_text()
    phone.open(f"{phone.base}/account")
    phone.looks("account")
    account = page.inner_text("main")

    page.context.clear_cookies()
    phone.enters()
    asked_at = page.url.split("?")[0]
    phone.looks("verify")
    phone.sends("#f-code", "000 000")
    refused = page.locator("[data-field=code] .field-error").inner_text()
    phone.looks("a wrong code")
    phone.sends("#f-code", spare)
    page.locator(".nav-list").wait_for()

    assert phone.seen == {}
    assert asked_at == f"{phone.base}/account/verify"
    assert refused
    assert "worker" in account
    assert "网格员 · " in account
    assert "没有绑定" not in account
