"""For ``pytest_plugins``, beside the fixtures: Chromium, signed in as a role, at the real server.

Asynchronous, so that it stands in one run with tests of everything else.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from gridgov.kernel.db import Database
from gridgov.kernel.settings import Settings
from gridgov.testkit.counties import ACounty
from gridgov.testkit.serving import served
from gridgov.testkit.signing_in import entered
from gridgov.web.csrf import cookie_name

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

OpenPage = Callable[..., Awaitable[Page]]
"""``await browser(county, "my-day", as_="worker")``: a page of the county in its own window."""


@pytest.fixture(scope="session")
def address(settings: Settings) -> Iterator[str]:
    """Where a server listens: ``gridgov serve`` in a process of its own."""
    with served(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One for the run: the system's, or the one that playwright brought."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        yield opened
        await opened.close()


@pytest.fixture
async def browser(
    chromium: Browser, address: str, database: Database, settings: Settings
) -> AsyncIterator[OpenPage]:
    """Opens pages; ``as_`` is a role of the county, and nobody if it is not said."""
    windows: list[BrowserContext] = []

    async def opened(county: ACounty, path: str = "", *, as_: str = "", wide: int = 1440) -> Page:
        window = await chromium.new_context(locale="zh-CN", viewport={"width": wide, "height": 900})
        windows.append(window)
        if as_:
            into = await entered(database, county.accounts[as_], second_factor=True)
            name = cookie_name(settings, "session")
            await window.add_cookies([{"name": name, "value": into.secret, "url": address}])
        page = await window.new_page()
        await page.goto(f"{address}/{county.tenant.slug}/{path.lstrip('/')}")
        return page

    yield opened
    for window in windows:
        await window.close()
