"""The system's Chromium against the real server, on a port and a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.aside import aside
from gridgov.testkit.chromium import FLAGS
from gridgov.testkit.serving import served

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def address(settings) -> Iterator[str]:
    """Where the server listens: ``gridgov serve`` in a process of its own."""
    with served(settings) as base:
        yield base


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run; each test opens contexts of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def furnished(request, settings):
    """What the module's ``furnish`` has made ready."""
    return aside(request.module.furnish(settings))
