"""A small county for each test."""

from dataclasses import replace

import pytest

from factories.tenants import a_county
from gridgov.app import create_app


@pytest.fixture
async def county(app):
    return await a_county(app.state.database, app.state.settings)


@pytest.fixture(scope="session")
async def strict_app(settings):
    """The application as it runs outside the demo: secure cookies, administrators with two keys."""
    made = create_app(replace(settings, demo=False))
    yield made
    await made.state.database.close()
