"""A small county for each test, with its people at work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.kernel.together import Together
from gridgov.rooms import TOGETHER
from gridgov.testkit.signing_in import a_browser, sign_in


@pytest.fixture
async def county(app):
    return await a_county(app.state.database, app.state.settings)


@pytest.fixture
def crew(app, county):
    return Crew(app.state.database, county, together=Together(TOGETHER))


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
def at(county):
    """An address of the county."""
    return lambda tail: f"/{county.tenant.slug}/{tail}"
