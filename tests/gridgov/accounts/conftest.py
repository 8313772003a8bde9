"""A small county for each test."""

from dataclasses import replace

import pytest

from gridgov.app import create_app
from gridgov.testkit.signing_in import a_browser


@pytest.fixture
async def client(app):
    """A browser at an address of its own: what one test gets wrong is not another's fault."""
    async with a_browser(app) as opened:
        yield opened


@pytest.fixture(scope="session")
async def strict_app(settings):
    """The application as it runs outside the demo: secure cookies, administrators with two keys."""
    made = create_app(replace(settings, demo=False))
    yield made
    await made.state.database.close()
