"""A small county for each test, with its people at work."""

import pytest

from factories.cases import NOON, Crew
from factories.tenants import a_county


@pytest.fixture
async def county(database, settings):
    return await a_county(database, settings, at=NOON)


@pytest.fixture
def crew(database, county):
    return Crew(database, county)
