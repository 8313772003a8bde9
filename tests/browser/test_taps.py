"""Work that is done by thumb, by keyboard, and without scripts.

The commonest task of each role takes three taps at most, from its first page to done. Typing is
no tap; a press that sends, opens or chooses something is one.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from browser.people import signed_in
from factories.cases import Crew
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.registry.actions import Count, add_building

PHONE, DESK = 390, 1440
MOST = 3
LATE = timedelta(days=25)


class Thumb:
    """Taps on what is seen, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what: str) -> None:
        self.taps += 1
        self.page.locator(what).locator("visible=true").first.click()
        self.page.wait_for_load_state("load")

    def types(self, field: str, words: str) -> None:
        self.page.locator(f"{field} >> visible=true").first.fill(words)

    def sees(self, words: str) -> None:
        self.page.get_by_text(words).first.wait_for(timeout=5000)


def worker(thumb, _):
    """Reports what they see."""
    thumb.tap("a.button:has-text('上报事件')")
    thumb.types("#f-category", "井盖")
    thumb.tap(".combo-option")
    thumb.types("#f-place", "菜市场东门")
    thumb.tap("form[data-draft] button[data-kind=main]")
    thumb.sees("待立案")


def chief(thumb, _):
    """Urges who is late in their grids."""
    thumb.tap("a.button:has-text('催办')")
    thumb.types("textarea", "已经超期，请尽快")
    thumb.tap("main form button[data-kind=main]")
    thumb.sees("催办")


def station_clerk(thumb, cases):
    """Files what was reported."""
    thumb.tap(f"a[href*='{cases['reported']}']")
    thumb.tap(".action-bar :text-is('立案')")
    thumb.tap("main form button[data-kind=main]")
    thumb.sees("待派遣")


def subcentre_clerk(thumb, cases):
    """Takes what a station passed up."""
    thumb.tap(f"a[href*='{cases['raised']}']")
    thumb.tap(".action-bar :text-is('接收')")
    thumb.tap("main form button[data-kind=main]")
    thumb.sees("待派遣")


def dispatcher(thumb, cases):
    """Hands cases to the departments that are suggested."""
    thumb.tap(f"input[value='{cases['filed']}']")
    thumb.tap("text=按推荐派出")
    thumb.sees("已派出 1 件")


def handler(thumb, _):
    """Accepts what was handed to the department."""
    thumb.tap("a.button:has-text('受理')")
    thumb.tap("main form button[data-kind=main]")
    thumb.sees("处置中")


def supervisor(thumb, _):
    """Urges who is late, from the overview."""
    thumb.tap(".board-late a")
    thumb.tap(".action-bar :text-is('催办')")
    thumb.types("textarea", "已经超期，请尽快")
    thumb.tap("main form button[data-kind=main]")
    thumb.sees("催办")


def county_admin(thumb, _):
    """Asks for a new password for somebody who stands before them."""
    thumb.tap("main >> text=重置密码")
    thumb.types("#f-q", "T01")
    thumb.page.keyboard.press("Enter")
    thumb.page.wait_for_load_state("load")
    thumb.types("#reason-1", "本人到站，看了工作证")
    thumb.tap("main >> text=提出重置")
    thumb.sees("等待核准")


def auditor(thumb, _):
    """Looks up who saw personal data."""
    thumb.tap("text=谁看过个人信息")
    thumb.tap("text=最近 30 天")
    thumb.sees("没有人看过个人信息")


TASKS = [
    (worker, PHONE),
    (chief, PHONE),
    (station_clerk, PHONE),
    (subcentre_clerk, DESK),
    (dispatcher, DESK),
    (handler, PHONE),
    (supervisor, DESK),
    (county_admin, DESK),
    (auditor, DESK),
]

UPWARDS = (
    ("station_clerk", "pass_up"),
    ("subcentre_clerk", "take"),
    ("subcentre_clerk", "pass_up"),
    ("dispatcher", "take"),
)


async def furnish(settings):
    """A county with a case in each of the states that the tasks begin with."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    crew = Crew(database, county, now=now() - LATE)
    await crew.brought_to("handling")
    crew.now = now()
    async with crew.acting("worker") as ctx:
        count = Count(use="home", dwellings=12, households=8)
        await add_building(ctx, county.at("grid").id, name="3栋", count=count)
    cases = {
        "reported": await crew.brought_to("reported"),
        "filed": await crew.brought_to("filed"),
        "raised": await crew.brought_to("filed"),
    }
    for _ in range(2):
        await crew.brought_to("dispatched")
    await crew.does("station_clerk", cases["raised"], "pass_up")
    for role, action in UPWARDS:
        await crew.does(role, cases["filed"], action)
    secrets = await signed_in(database, county, [task.__name__ for task, _ in TASKS])
    await database.close()
    return county, cases, secrets


@pytest.fixture
def open_home(chromium, address, furnished):
    """The first page of a role, in a browser of its width."""
    county, _, secrets = furnished
    contexts = []

    def opened(role, width, **how):
        context = chromium.new_context(
            locale="zh-CN", viewport={"width": width, "height": 900}, **how
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        secret = {"name": "gridgov_session", "value": secrets[role], "url": address}
        context.add_cookies([secret])
        page = context.new_page()
        page.goto(f"{address}/{county.tenant.slug}/")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task[0].__name__)
def test_the_commonest_task_takes_three_taps_at_most(open_home, furnished, task):
    does, width = task
    thumb = Thumb(open_home(does.__name__, width))

    does(thumb, furnished[1])

    assert 0 < thumb.taps <= MOST


def test_a_building_is_updated_from_the_phone_in_two_taps(open_home, furnished):
    """采集更新: what changed is typed between them; what did not change takes one."""
    grid = furnished[0].at("grid")
    page = open_home("worker", PHONE)
    buildings = "/".join(page.url.split("/")[:4]) + f"/buildings?node={grid.id}"
    page.goto(buildings)
    thumb = Thumb(page)

    thumb.tap("main a:has-text('更新')")
    thumb.types("#f-households", "9")
    thumb.tap("#count button[data-kind=main]")
    thumb.sees("9 户")
    assert thumb.taps == 2

    page.goto(buildings)
    thumb.tap("main form button:has-text('没有变化')")
    thumb.sees("刚刚")
    assert thumb.taps == 3


FOCUS = """() => {
  const e = document.activeElement;
  const s = getComputedStyle(e.closest('tr') ?? e);
  return [e.textContent.trim() || e.id, s.outlineStyle, parseFloat(s.outlineWidth)];
}"""


def test_a_queue_is_worked_by_keyboard_with_a_focus_that_is_seen(open_home):
    page = open_home("dispatcher", DESK)
    page.goto(page.url.replace("/dispatch", "/cases"))
    titles = page.locator("[data-row-link]").all_inner_texts()

    page.keyboard.press("j")
    page.keyboard.press("j")
    second, line, width = page.evaluate(FOCUS)
    page.keyboard.press("k")
    first, *_ = page.evaluate(FOCUS)
    page.keyboard.press("/")
    search, *_ = page.evaluate(FOCUS)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*-*")

    assert [first, second] == titles[:2]
    assert (line, width) == ("solid", 3)
    assert search == "search"


def test_a_case_is_accepted_without_scripts(open_home):
    page = open_home("handler", PHONE, java_script_enabled=False)
    waiting = page.locator("a.button:has-text('受理')")
    before = waiting.count()

    waiting.first.click()
    page.locator("main form button[data-kind=main]").click()
    said = page.inner_text("main")
    page.goto(page.url.split("/cases")[0] + "/")

    assert "处置中" in said
    assert waiting.count() == before - 1
