"""For ``pytest_plugins``: a real PostgreSQL and Redis, and the application on them.

Not an entry point of pytest: whoever does not ask for it pays nothing for it.
"""

from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest
from litestar import Litestar

from gridgov.app import create_app
from gridgov.embedded.stack import Stack
from gridgov.kernel.db import Database
from gridgov.kernel.settings import Settings
from gridgov.testkit import contexts
from gridgov.testkit.clock import Clock
from gridgov.testkit.contexts import OpenContext
from gridgov.testkit.databases import a_database, servers
from gridgov.testkit.serving import started
from gridgov.testkit.signing_in import Browser, a_browser


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The servers of this checkout's tests."""
    with servers() as opened:
        yield opened


@pytest.fixture(scope="session")
def settings(stack: Stack) -> Iterator[Settings]:
    """Settings for a migrated, empty database and an empty Redis that this process alone uses."""
    with a_database(stack) as made:
        yield made


@pytest.fixture(scope="session")
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The application's way to this run's database, without an application."""
    opened = Database(settings)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[Litestar]:
    """The whole application, started and at the end stopped as the server would."""
    async with started(create_app(settings)) as made:
        yield made


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[Browser]:
    """A browser of nobody, with a jar of its own and an address of its own."""
    async with a_browser(app) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """The time of the contexts that a test opens; forward by ``clock.turn(days=7)``."""
    return Clock()


@pytest.fixture
def open_context(database: Database, settings: Settings, clock: Clock) -> OpenContext:
    """One transaction of somebody (see ``gridgov.testkit.contexts``) at the clock's time."""
    return partial(contexts.open_context, database, settings, clock)
