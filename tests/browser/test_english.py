"""English words are longer: the pages fit all the same, and can be read by machines."""

import pytest

from browser.eyes import serious, wide
from browser.people import signed_in
from factories.cases import Crew
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database

SIZES = ((320, 640), (390, 844), (1440, 900))

PAGES = (
    ("", "report/"),
    ("worker", ""),
    ("worker", "cases/new/"),
    ("dispatcher", "cases/"),
    ("dispatcher", "cases/{case}/"),
    ("supervisor", "overview/"),
    ("county_admin", "calendar/"),
    ("county_admin", "grid/{node}"),
    ("county_admin", "people"),
)


async def furnish(settings):
    """A county with a case in hand, and the secret of a sign-in for each role."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    case = await Crew(database, county, now=now()).brought_to("handling")
    secrets = await signed_in(database, county, {role for role, _ in PAGES if role})
    await database.close()
    return county, case, secrets


@pytest.mark.parametrize("way", PAGES, ids=" ".join)
def test_a_page_in_english_fits_every_screen(chromium, address, furnished, way):
    role, page = way
    county, case, secrets = furnished
    cookies = {"gridgov_locale": "en"} | ({"gridgov_session": secrets[role]} if role else {})
    context = chromium.new_context(locale="en-GB")
    context.add_cookies([{"name": n, "value": v, "url": address} for n, v in cookies.items()])
    tab = context.new_page()
    where = page.format(case=case, node=county.at("grid").id)
    faults = {}
    for width, height in SIZES:
        tab.set_viewport_size({"width": width, "height": height})
        answer = tab.goto(f"{address}/{county.tenant.slug}/{where}")
        assert answer.status == 200
        faults[width] = wide(tab)
    faults["axe"] = serious(tab)
    language = tab.evaluate("document.documentElement.lang")
    context.close()

    assert {key: fault for key, fault in faults.items() if fault} == {}
    assert language == "en"
