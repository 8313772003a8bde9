"""The README's walk, by hand: a resident's report goes through six steps to the rating."""

import re
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from browser.people import signed_in
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.services.actions.codes import issue_codes
from gridgov.services.models import PlaceCode
from gridgov.services.types import CodeKind
from gridgov.testkit.clock import Clock
from gridgov.testkit.contexts import open_context
from gridgov.testkit.signing_in import PASSWORD

PHONE, DESK = 390, 1440
MINUTES = 3
README = (Path(__file__).parents[2] / "README.md").read_text()
STAFF = ("station_clerk", "subcentre_clerk", "handler")
ANSWER = "灯泡换好了，今晚就亮。"


async def furnish(settings):
    """A county whose people know their passwords."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    await signed_in(database, county, STAFF)
    async with open_context(database, settings, Clock(now()), county, as_="station_clerk") as ctx:
        (code,) = await issue_codes(ctx, county.at("grid").id, kind=CodeKind.GRID, places=())
        token = await ctx.session.scalar(select(PlaceCode.token).where(PlaceCode.id == code))
    await database.close()
    return county, token


@pytest.fixture
def code_at_the_door(furnished):
    return furnished[1]


class Somebody:
    """A person at a browser of their own."""

    def __init__(self, chromium, base, width):
        context = chromium.new_context(
            locale="zh-CN", viewport={"width": width, "height": 844}, has_touch=width == PHONE
        )
        context.set_default_timeout(10_000)
        self.base = base
        self.page = context.new_page()

    def opens(self, path):
        self.page.goto(self.base + path)

    def enters(self, login):
        self.opens("/log-in")
        self.page.fill("#f-login", login)
        self.page.fill("#f-password", PASSWORD)
        self.sends()

    def sends(self):
        """The main button of the form on the page."""
        self.page.locator("main form button[data-kind=main]").locator("visible=true").first.click()
        self.page.wait_for_load_state("load")

    def does(self, action, **fields):
        """One action of a case; what asks for nothing is done at once, without a form.

        Each under the word that the README gives it: who has nothing else finds the button.
        """
        assert action in README
        button = self.page.locator(f".action-bar :is(a, button):has-text('{action}')").first
        asks = button.evaluate("one => one.matches('a')")
        button.click()
        self.page.wait_for_load_state("load")
        if not asks:
            return
        for name, words in fields.items():
            self.page.fill(f"main [name={name}]", words)
        self.sends()

    def sees(self, words):
        self.page.get_by_text(words).locator("visible=true").first.wait_for()


@pytest.fixture
def somebody(chromium, address, furnished):
    county, _ = furnished
    people = []

    def sits_down(width=DESK):
        people.append(Somebody(chromium, f"{address}/{county.tenant.slug}", width))
        return people[-1]

    yield sits_down
    for one in people:
        one.page.context.close()


def test_a_report_goes_the_way_of_the_readme_to_its_rating(somebody, code_at_the_door):
    began = time.monotonic()
    resident = somebody(PHONE)
    resident.opens(f"/q/{code_at_the_door}")
    assert "反映问题" in README
    resident.page.locator("main a:has-text('反映问题')").click()
    resident.page.wait_for_url("**/report?grid=*")
    resident.page.fill("#f-category", "ld")
    resident.page.locator(".combo-option:has-text('路灯')").first.click()
    resident.sends()
    resident.page.locator(".code.big").first.wait_for()
    code, pin = resident.page.locator(".code.big").all_inner_texts()

    clerk = somebody()
    clerk.enters("station-clerk")
    clerk.sees("刚刚")
    clerk.page.locator("main a:has-text('路灯')").first.click()
    clerk.does("立案")
    clerk.does("上报上级", reason="灯杆归城管，站里修不了")

    centre = somebody()
    centre.enters("subcentre-clerk")
    centre.page.locator("main a:has-text('路灯')").first.click()
    centre.does("接收")
    centre.does("派遣")
    case = centre.page.url

    handler = somebody(PHONE)
    handler.enters("handler")
    handler.page.locator("main a:has-text('路灯')").first.click()
    handler.does("受理")
    handler.sees("处置中")
    handler.does("处置完毕", answer="换了灯泡")

    centre.page.goto(case)
    centre.does("核查结案", answer=ANSWER)

    rate(resident, pin)
    resident.sees("已评价")

    assert re.fullmatch(r"\d{17}", code)
    assert time.monotonic() - began < MINUTES * 60


def rate(resident, pin):
    """Reads the answer with the PIN that is on the page still, and says how it was."""
    resident.page.locator("main a:has-text('现在就去看看')").click()
    resident.page.fill("#f-key", pin)
    resident.sends()
    resident.sees(ANSWER)
    for name, stars in (("effort", 5), ("speed", 4), ("result", 5)):
        resident.page.locator(f"label:has([name={name}][value='{stars}'])").click()
    resident.sends()
