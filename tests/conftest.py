"""The ground under every test: a real PostgreSQL and Redis, and a database of its own for each run.

Runs side by side (several people, several xdist workers) share the servers and never a database:
one template is migrated for each state of the migrations, and each process clones it.
"""

import asyncio
import fcntl
import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from gridgov.app import create_app
from gridgov.cli.embedded.places import CHECKOUT
from gridgov.cli.embedded.stack import Stack
from gridgov.kernel.db import Database
from gridgov.kernel.settings import Settings
from gridgov.migrations.running import migrate

RUN = "run_"
TEMPLATE = "template_"
SHAPERS = (
    "platform/gridgov/cli/embedded/*.sql",
    "platform/gridgov/kernel/row_security.py",
    "platform/gridgov/migrations/**/*.py",
    "plugins/*/migrations/**/*.py",
)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The servers of this checkout's tests: started or joined; the last run to leave stops them."""
    with Stack.named("test", durable=False).opened(first=tidy) as opened:
        yield opened


@pytest.fixture(scope="session")
def template(stack: Stack) -> str:
    """The database that all clones are made from, migrated once by its plain owner."""
    name = TEMPLATE + state_of_migrations()
    with (stack.place.folder / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in databases(stack, "NOT datallowconn"):
            make_template(stack, name)
    return name


@pytest.fixture(scope="session")
def settings(stack: Stack, template: str) -> Iterator[Settings]:
    """Settings for a migrated, empty database and an empty Redis that this process alone uses."""
    name = f"{RUN}{os.getpid()}_{secrets.token_hex(3)}"
    stack.prepare_database(name, template=template)
    made = stack.settings(name, redis_database=stack.cache.next_database(), demo=True)
    yield replace(made, hosts=("localhost", "testserver"), pool_size=8)
    stack.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def own_stack() -> Iterator[Stack]:
    """Servers that a test may kill, restart and empty: durable, with a migrated ``gridgov``.

    ``own_stack.settings("gridgov")``, ``.postgres.stop()``, ``.cache.stop()``, ``.start()``.
    """
    own = Stack.named(f"crash{os.getpid()}")
    try:
        with own.opened():
            make_database(own, "gridgov")
            yield own
    finally:
        own.discard()


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


@asynccontextmanager
async def started(app: Litestar) -> AsyncIterator[Litestar]:
    """In a task of its own: a fixture's end runs in another task than its beginning."""
    ready, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            ready.set()
            await over.wait()

    life = asyncio.create_task(live())
    life.add_done_callback(lambda _: ready.set())
    await ready.wait()
    try:
        yield app
    finally:
        over.set()
        await life


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of nobody, with a jar of its own."""
    async with browser(app) as opened:
        yield opened


def browser(app: Litestar) -> httpx.AsyncClient:
    """One more browser, for tests with several people. Errors of the server surface as they are."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="https://testserver")


def state_of_migrations() -> str:
    """A short name for everything that shapes an empty database."""
    digest = hashlib.sha256()
    paths = {path for pattern in SHAPERS for path in CHECKOUT.glob(pattern)}
    for path in sorted(paths):
        digest.update(str(path.relative_to(CHECKOUT)).encode())
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:12]


def make_database(stack: Stack, name: str) -> None:
    """Migrate it in a thread: migrating runs an event loop of its own."""
    stack.prepare_database(name)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(migrate, stack.settings(name)).result()


def make_template(stack: Stack, name: str) -> None:
    """Closed once it is whole, so that nobody clones a half."""
    stack.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    make_database(stack, name)
    stack.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")


def tidy(stack: Stack) -> None:
    """Drop what killed runs left behind, and the templates of other days."""
    for name in databases(stack, "true"):
        if name.startswith((RUN, TEMPLATE)) and name != TEMPLATE + state_of_migrations():
            stack.sql(f"DROP DATABASE {name} WITH (FORCE)")


def databases(stack: Stack, which: str) -> list[str]:
    return stack.sql(f"SELECT datname FROM pg_database WHERE {which}")
