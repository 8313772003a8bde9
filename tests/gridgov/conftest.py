"""A county in the real application, with its people at work and at browsers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.testkit.signing_in import a_browser, sign_in


@pytest.fixture
async def county(app):
    """A small one of its own for each test."""
    return await a_county(app.state.database, app.state.settings)


@pytest.fixture
def crew(app, county):
    """Its people, to act through the actions."""
    return Crew(app.state.database, county)


@pytest.fixture
async def admin(app, county):
    """The browser of its administrator."""
    async with a_browser(app) as browser:
        await sign_in(browser, county, "county_admin", second_factor=True)
        yield browser


@pytest.fixture
def browsing(app, county):
    """A browser signed in as a role: to be opened by ``async with``."""

    @asynccontextmanager
    async def opened(role: str) -> AsyncIterator:
        async with a_browser(app) as client:
            await sign_in(client, county, role, second_factor=True)
            yield client

    return opened


@pytest.fixture
async def signed(app, county):
    """The browser of whoever has a role; asked again, the same one."""
    opened = {}

    async def by(role):
        if role not in opened:
            opened[role] = a_browser(app)
            await sign_in(opened[role], county, role, second_factor=True)
        return opened[role]

    yield by
    for one in opened.values():
        await one.aclose()
