"""The stream of an open page: tells at once, holds nothing, and ends when it should."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import update

from factories.tenants import a_county
from factories.working import place_in
from gridgov.accounts.models import SignIn
from gridgov.kernel.clock import now
from gridgov.notices import web
from gridgov.notices.actions import notify
from gridgov.notices.live import MOST_STREAMS, Hub
from gridgov.tenants.workplace import Workplace
from gridgov.testkit.counties import ACounty
from gridgov.testkit.signing_in import sign_in


@dataclass
class Listening:
    """An open stream, as a browser has it (the usual test browser waits for the end)."""

    status: int = 0
    said: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def hears(self, patience: float = 3.0) -> str:
        return await asyncio.wait_for(self.said.get(), patience)

    async def ends(self, patience: float = 3.0) -> None:
        await asyncio.wait_for(self.ended.wait(), patience)


@asynccontextmanager
async def listening(
    app: Litestar, client: httpx.AsyncClient, path: str
) -> AsyncIterator[Listening]:
    heard, gone = Listening(), asyncio.Event()
    request = client.build_request("GET", path)
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 443),
    }
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            heard.status = message["status"]
        elif message.get("body"):
            heard.said.put_nowait(message["body"].decode())
        if message["type"] == "http.response.body" and not message.get("more_body"):
            heard.ended.set()
            gone.set()  # as a server says when all is sent

    task = asyncio.create_task(app(scope, receive, send))  # type: ignore[arg-type]
    try:
        yield heard
    finally:
        gone.set()
        await asyncio.wait_for(task, 5)


@pytest.fixture
async def county(database, settings) -> ACounty:
    return await a_county(database, settings)


@pytest.fixture
async def place(county, database, settings) -> Workplace:
    return await place_in(county, database, settings)


@pytest.fixture
async def worker(client, county):
    return await sign_in(client, county, "worker")


@pytest.fixture
def visit(app, client, county) -> Callable[[], AbstractAsyncContextManager[Listening]]:
    """Open a page's stream in the test's browser."""
    return lambda: listening(app, client, f"/{county.tenant.slug}/live")


async def ring(place: Workplace, *people: Any, about: str = "test") -> None:
    async with place.transaction("test") as ctx:
        accounts = [person.account_id for person in people]
        await notify(ctx, accounts, about=about, text="测试通知", link="/")


async def test_an_open_page_is_told_at_once(visit, place, worker):
    async with visit() as page:
        before = await page.hears()
        await asyncio.sleep(0.3)  # the hub has subscribed
        await ring(place, worker)
        after = await page.hears()

    assert before == "event: unread\ndata: 0\n\n"
    assert after == "event: unread\ndata: 1\n\n"


async def test_an_open_page_hears_nothing_of_others_and_of_nothing_new(
    visit, county, place, worker
):
    async with visit() as page:
        await page.hears()
        await ring(place, county.accounts["chief"])
        await ring(place)
        with pytest.raises(TimeoutError):
            await page.hears(1.0)


async def test_an_open_page_holds_no_connection_to_the_database(visit, app, worker):
    pool = app.state.database.engine.pool
    async with visit() as page:
        await page.hears()
        await asyncio.sleep(0.05)
        assert pool.checkedout() == 0


async def test_a_page_that_is_left_is_forgotten(visit, app, worker):
    hub: Hub = app.state.bells
    async with visit() as page:
        await page.hears()
        assert hub.count() == 1

    await asyncio.sleep(0.05)
    assert hub.count() == 0


async def test_a_stream_ends_with_its_sign_in(visit, place, worker, database):
    async with visit() as page:
        await page.hears()
        async with database.shared() as session:
            mine = SignIn.account_id == worker.account_id
            await session.execute(update(SignIn).where(mine).values(revoked_at=now()))
        await ring(place, worker)
        await page.ends()


async def test_a_stream_looks_by_itself_when_nobody_rings(visit, worker, database, monkeypatch):
    monkeypatch.setattr(web, "LOOKS_EVERY", 0.2)
    monkeypatch.setattr(web, "HEARTBEAT", 0.1)
    async with visit() as page:
        await page.hears()
        assert await page.hears() == ": \n\n"
        async with database.shared() as session:
            mine = SignIn.account_id == worker.account_id
            await session.execute(update(SignIn).where(mine).values(revoked_at=now()))
        await page.ends()


async def test_a_stream_ends_when_the_process_is_told_to(visit, app, worker, monkeypatch):
    hub = Hub(app.state.settings.redis_url)
    monkeypatch.setattr(app.state, "bells", hub)
    async with visit() as page:
        await page.hears()
        hub.close()
        await page.ends()
    await hub.hang_up()


async def test_one_person_cannot_hold_the_server_open_without_end(visit, worker):
    pages = [visit() for _ in range(MOST_STREAMS)]
    opened = [await page.__aenter__() for page in pages]
    for page in opened:
        await page.hears()
    try:
        async with visit() as one_more:
            await one_more.ends()
            assert one_more.status == 429
    finally:
        for page in pages:
            await page.__aexit__(None, None, None)


async def test_a_stranger_has_no_stream(visit):
    async with visit() as page:
        await page.ends()

    assert page.status == 401
