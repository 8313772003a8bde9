"""A small county for each test, with its people at work."""

import pytest

from factories.cases import Crew
from factories.tenants import a_county


@pytest.fixture
async def county(app):
    return await a_county(app.state.database, app.state.settings)


@pytest.fixture
def crew(app, county):
    return Crew(app.state.database, county)
