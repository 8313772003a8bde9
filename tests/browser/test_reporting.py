"""The report pages as they are, under a thumb: words stay, twice is once, photos go along.

The scripts alone are in test_scripts; here they meet the forms that they were made for.
"""

import pytest
from sqlalchemy import func, select

from browser.aside import aside
from browser.people import signed_in
from factories.tenants import a_county
from factories.uploads import a_photo
from gridgov.cases.models import Case
from gridgov.files.models import StoredFile
from gridgov.kernel.db import Database

WORDS = "东门口第三盏路灯不亮"
SEND = "form[data-draft] button[data-kind=main]"
PAPER = {"name": "说明.txt", "mimeType": "text/plain", "buffer": "不是照片".encode()}


async def furnish(settings):
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    secrets = await signed_in(database, county, ["worker"])
    await database.close()
    return county, secrets["worker"]


async def kept(settings, county, words):
    """How many cases were told in these words, and how many photos they have."""
    database = Database(settings, pooled=False)
    async with database.session(county.tenant.id) as session:
        mine = select(Case.id).where(Case.place == words)
        cases = await session.scalar(select(func.count()).select_from(mine.subquery()))
        photos = select(func.count()).where(StoredFile.owner_id.in_(mine))
        found = cases, await session.scalar(photos)
    await database.close()
    return found


@pytest.fixture(params=["report", "cases/new"])
def form(request, chromium, address, furnished):
    """The page of a resident, and that of a grid worker, each on a phone."""
    county, secret = furnished
    context = chromium.new_context(
        locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True
    )
    context.set_default_timeout(10_000)
    if request.param == "cases/new":
        context.add_cookies([{"name": "gridgov_session", "value": secret, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/{county.tenant.slug}/{request.param}?grid={county.at('grid').code}")
    yield page
    context.close()


def fill(page, words):
    page.fill("#f-category", "ld")
    page.locator(".combo-option:has-text('路灯')").first.click()
    page.fill("#f-place", words)


def test_what_was_typed_survives_a_reload_and_two_taps_make_one_case(form, furnished, settings):
    words = f"{WORDS}，{form.title()}"
    fill(form, words)
    for _ in range(100):  # a draft is written when the typing rests
        if words in form.evaluate("JSON.stringify(localStorage)"):
            break
        form.wait_for_timeout(30)
    form.reload()
    assert form.input_value("#f-place") == words
    assert "路灯" in form.input_value("#f-category")

    photo = {"name": "灯.png", "mimeType": "image/png", "buffer": a_photo((640, 480))}
    form.set_input_files("#f-photos", [photo])
    form.wait_for_selector(".photo-kept img")
    form.evaluate(f"for (const _ of [1, 2]) document.querySelector('{SEND}').click()")
    form.wait_for_selector(".code")

    assert aside(kept(settings, furnished[0], words)) == (1, 1)


def test_what_was_reported_lately_is_offered_first(form):
    for letters, name in (("ld", "路灯"), ("jg", "雨水井盖")):
        form.fill("#f-category", letters)
        form.locator(f".combo-option:has-text('{name}')").first.click()
    form.fill("#f-category", "")
    offered = form.locator(".combo:has(#f-category) .combo-list > div")

    assert offered.all_inner_texts()[:3] == ["最近用过", "雨水井盖", "路灯"]
    form.keyboard.press("ArrowDown")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Enter")
    assert form.input_value("#f-category") == "路灯"


def test_a_file_that_is_no_photo_is_refused_beside_the_field_and_the_words_stay(form):
    fill(form, WORDS)
    form.set_input_files("#f-photos", [PAPER])
    form.locator("[data-photo-say]:has-text('说明.txt')").wait_for()

    assert form.locator(".photo-kept").count() == 0
    assert form.input_value("#f-place") == WORDS


def test_a_file_that_is_no_photo_comes_back_with_its_sentence_without_scripts_too(
    chromium, address, furnished
):
    county, _ = furnished
    page = chromium.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{address}/{county.tenant.slug}/report?grid={county.at('grid').code}")
    page.select_option("select[name=category]", label="路灯")
    page.fill("#f-place", WORDS)
    page.set_input_files("#f-photos", [PAPER])
    page.click(SEND)

    assert page.locator("[data-field=photos] .field-error").inner_text()
    assert page.input_value("#f-place") == WORDS
    assert page.input_value("select[name=category]")
    page.context.close()
