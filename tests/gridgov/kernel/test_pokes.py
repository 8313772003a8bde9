"""Hints: sent after the commit, dropped when Redis is away, never waited for."""

import asyncio
import time
from dataclasses import replace

import pytest

from factories.contexts import a_tenant
from factories.working import a_place, tell
from gridgov.kernel.db import Database
from gridgov.kernel.outbox import emit
from gridgov.kernel.pokes import QUEUE, Poker, redis_for
from gridgov.testkit.clock import NOON


@pytest.fixture
async def redis(settings):
    opened = redis_for(settings.redis_url)
    await asyncio.sleep(0.3)  # hints are gathered for a moment: those of the tests before come now
    await opened.flushdb()
    yield opened
    await opened.aclose(close_connection_pool=True)


@pytest.fixture
async def place(database, settings):
    return await a_place(await a_tenant(database, settings))


async def queued(redis) -> list[str]:
    await asyncio.sleep(0.3)
    return [job.decode() for job in await redis.zrange(QUEUE, 0, -1)]


async def test_a_committed_event_wakes_a_worker_once(place, redis):
    await tell(place, times=20)

    assert await queued(redis) == [f"wake:{place.tenant_id}"]


async def test_an_undone_event_wakes_nobody(place, redis):
    async def change_and_fail() -> None:
        async with place.transaction("test") as ctx:
            await emit(ctx.session, place.tenant_id, "thing.done", place.tenant_id, at=NOON)
            raise LookupError

    with pytest.raises(LookupError):
        await change_and_fail()

    assert await queued(redis) == []


async def test_what_travels_through_redis_is_no_code(place, redis):
    await tell(place)
    await queued(redis)

    assert (await redis.get(f"arq:job:wake:{place.tenant_id}")).startswith(b"{")


async def test_without_redis_a_commit_takes_no_longer(settings, caplog):
    database = Database(replace(settings, redis_url="unix:///nowhere/redis.sock"))
    try:
        place = await a_place(await a_tenant(database, settings))
        began = time.perf_counter()
        for _ in range(20):
            await tell(place)
        await asyncio.sleep(0.05)
        lasted = time.perf_counter() - began
    finally:
        await database.close()

    assert lasted < 2
    assert len([line for line in caplog.messages if "no hints" in line]) == 1


async def test_a_redis_that_hangs_holds_nobody_up():
    """It takes the connection and never answers: the worst it can do."""
    lines: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, line: lines.append(line), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    poker = Poker(f"redis://127.0.0.1:{port}")
    began = time.perf_counter()

    poker.poke({("tell", "t:x:bell:y")})
    told = time.perf_counter() - began
    await poker.close()
    closed = time.perf_counter() - began

    assert told < 0.05
    assert closed < 2
    for line in lines:
        line.close()
    server.close()


def test_a_command_without_a_loop_pokes_nobody_and_does_not_mind():
    Poker("unix:///nowhere").poke({("wake", "x")})
