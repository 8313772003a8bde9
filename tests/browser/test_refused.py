"""A form that was refused is shown where it is at fault, however far down and folded it stands."""

import pytest

from browser.people import signed_in
from factories.tenants import a_county
from gridgov.kernel.db import Database


async def furnish(settings):
    """A county, and the secret of its station clerk's sign-in."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    secrets = await signed_in(database, county, {"station_clerk"})
    await database.close()
    return county, secrets["station_clerk"]


@pytest.fixture
def tab(chromium, address, furnished):
    county, secret = furnished
    context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "gridgov_session", "value": secret, "url": address}])
    page = context.new_page()
    yield page, f"{address}/{county.tenant.slug}"
    context.close()


SEEN = """(selector) => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  return at.matches(selector) && at.checkVisibility() && box.top >= 0 && box.bottom <= innerHeight;
}"""


def test_the_summary_of_the_faults_is_what_one_is_led_to(tab):
    page, root = tab
    page.goto(f"{root}/meetings/")
    page.get_by_text("召集会议").first.click()
    page.locator("[name=at]").fill("")
    page.get_by_role("button", name="召集，列出议题").click()

    page.wait_for_function(SEEN, arg=".error-summary", timeout=5000)


def test_or_the_field_itself_where_the_form_has_no_other(tab):
    page, root = tab
    page.goto(f"{root}/teams/")
    page.get_by_role("button", name="成立").first.click()
    page.get_by_text("解散队伍").click()
    page.locator("#f-on").fill("")
    page.get_by_role("button", name="解散", exact=True).click()

    page.wait_for_function(SEEN, arg="#f-on[aria-invalid]", timeout=5000)
