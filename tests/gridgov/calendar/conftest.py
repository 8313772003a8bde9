from collections.abc import AsyncIterator

import pytest

from factories.contexts import Grounds, a_tenant
from gridgov.kernel.db import Database
from gridgov.kernel.settings import Settings


@pytest.fixture(scope="session")
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings)
    yield opened
    await opened.close()


@pytest.fixture
async def county(database: Database, settings: Settings) -> Grounds:
    return await a_tenant(database, settings)
