"""The bell of an open page: a notice comes by itself, by a stream or without one."""

import pytest

from browser.people import signed_in
from factories.cases import Crew
from factories.tenants import a_county
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.suggestions.actions import suggest

MINUTE = 60_000
UNREAD = """() => {
  const dot = document.querySelector('[data-unread]');
  return dot.hidden ? 0 : Number(dot.textContent);
}"""


async def furnish(settings):
    """A county where a worker waits for answers, and the secrets of those who meet."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    async with Crew(database, county, now=now()).acting("worker") as ctx:
        for number in range(3):
            await suggest(ctx, text=f"字太小，第{number}次说", page="")
    secrets = await signed_in(database, county, ["worker", "county_admin"])
    await database.close()
    return county, secrets


@pytest.fixture
def sit_down(chromium, address, furnished):
    """Somebody of the county at a browser of their own; and how often their page asks."""
    county, secrets = furnished
    contexts = []

    def seated(role, path="my-day", stream=None):
        context = chromium.new_context(locale="zh-CN")
        contexts.append(context)
        context.add_cookies([{"name": "gridgov_session", "value": secrets[role], "url": address}])
        page = context.new_page()
        asked = []
        page.on("request", lambda one: one.url.endswith("/unread") and asked.append(one.url))
        if stream:
            page.clock.install()
            page.route(f"**/{county.tenant.slug}/live", stream)
        page.goto(f"{address}/{county.tenant.slug}/{path}")
        page.evaluate("window.stayed = true")
        return page, asked

    yield seated
    for context in contexts:
        context.close()


def answer(admin):
    """What tells the worker: one of their suggestions is answered."""
    form = admin.locator("form[action*='/answer']").first
    form.locator("textarea").fill("字号放大了。")
    form.locator("button[type=submit]").click()
    admin.wait_for_load_state("load")


def comes_to(page, unread):
    for _ in range(150):
        if page.evaluate(UNREAD) == unread:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"The bell says {page.evaluate(UNREAD)}, not {unread}.")


def test_a_notice_comes_to_an_open_page_by_itself(sit_down):
    worker, asked = sit_down("worker")
    admin, _ = sit_down("county_admin", "suggestions")
    before = worker.evaluate(UNREAD)

    answer(admin)
    comes_to(worker, before + 1)

    assert not asked
    assert worker.evaluate("window.stayed")
    assert f"{before + 1} 条未读" in worker.locator("[data-unread-words]").text_content()


STREAMS = {
    "refused": lambda route: route.fulfill(status=429, body=""),
    "broken off": lambda route: route.abort(),
}


@pytest.mark.parametrize("stream", STREAMS)
def test_without_a_stream_the_page_asks_once_a_minute(sit_down, stream):
    worker, asked = sit_down("worker", stream=STREAMS[stream])
    admin, _ = sit_down("county_admin", "suggestions")
    before = worker.evaluate(UNREAD)
    for _ in range(150):  # the stream is given up, and what was missed meanwhile is asked for
        if asked:
            break
        worker.wait_for_timeout(100)
    assert len(asked) == 1

    answer(admin)
    assert worker.evaluate(UNREAD) == before
    worker.clock.fast_forward(MINUTE)
    comes_to(worker, before + 1)

    assert len(asked) == 2
    assert worker.evaluate("window.stayed")
