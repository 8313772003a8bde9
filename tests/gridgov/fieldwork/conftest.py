"""A small county for each test, with its people at work."""

import pytest

from factories.cases import Crew
from gridgov.kernel.together import Together
from gridgov.rooms import TOGETHER


@pytest.fixture
def crew(app, county):
    return Crew(app.state.database, county, together=Together(TOGETHER))


@pytest.fixture
def at(county):
    """An address of the county."""
    return lambda tail: f"/{county.tenant.slug}/{tail}"
