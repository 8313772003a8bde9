"""A small county for each test, in the real application, with its people at browsers."""

import pytest

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.testkit.signing_in import a_browser, sign_in


@pytest.fixture
async def county(app):
    return await a_county(app.state.database, app.state.settings)


@pytest.fixture
def crew(app, county):
    return Crew(app.state.database, county)


@pytest.fixture
def at(county):
    return lambda tail="": f"/{county.tenant.slug}/stations{tail}"


@pytest.fixture
def hall(county):
    """The county itself: the centre has the whole hall."""
    return county.at("county").id


@pytest.fixture
async def signed(app, county):
    opened = {}

    async def by(role):
        if role not in opened:
            opened[role] = a_browser(app)
            await sign_in(opened[role], county, role, second_factor=True)
        return opened[role]

    yield by
    for one in opened.values():
        await one.aclose()
