from collections.abc import AsyncIterator
from dataclasses import replace

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
def own_settings(settings: Settings, tmp_path) -> Settings:
    return replace(settings, files=tmp_path / "files")


@pytest.fixture
async def county(database: Database, own_settings: Settings) -> Grounds:
    return await a_tenant(database, own_settings)


@pytest.fixture
async def neighbour(database: Database, own_settings: Settings) -> Grounds:
    return await a_tenant(database, own_settings)
