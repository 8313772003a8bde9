"""After each disaster no case, notice, audit row or session is missing or double."""

import asyncio
import os
import signal
from uuid import uuid4

import httpx
import pytest

from crash.conftest import Scene
from crash.victims import PENDING
from factories.working import place_in, tell
from gridgov.kernel.clock import now
from gridgov.kernel.pokes import redis_for

pytestmark = pytest.mark.crash

SUBMISSIONS = 200


async def test_a_worker_killed_in_the_middle_of_500_events_loses_and_doubles_none(scene: Scene):
    place = await place_in(scene.county, scene.database, scene.settings)
    for _ in range(10):
        await tell(place, PENDING, times=50, at=now(), account=str(uuid4()))
    for worker in scene.workers:
        worker.start()

    for victim, traces in zip((*scene.workers, scene.worker), (50, 200, 350), strict=True):
        await scene.has_traced(traces)
        victim.kill()
        victim.start()

    await scene.all_told()
    await scene.check(pending=500)
    assert max(worker.stop() for worker in scene.workers) < 10


async def test_a_web_process_killed_during_200_submissions_loses_and_doubles_none(scene: Scene):
    await scene.begin()

    async def kill_twice() -> None:
        for acknowledged in (60, 130):
            await scene.reaches(acknowledged)
            scene.web.kill()
            scene.web.start()

    async with scene.signed_in():
        await asyncio.gather(scene.submit(SUBMISSIONS), kill_twice())
        await scene.all_told()
    await scene.check(submitted=SUBMISSIONS)


async def test_redis_emptied_and_stopped_for_a_while_loses_nothing(scene: Scene):
    await scene.begin()
    cache = scene.stack.cache

    async def empty_and_stop() -> None:
        await scene.reaches(40)
        redis = redis_for(scene.settings.redis_url)
        await redis.flushall()
        await redis.aclose(close_connection_pool=True)
        await scene.reaches(80)
        await asyncio.to_thread(cache.stop)
        await scene.reaches(SUBMISSIONS)
        await scene.all_told()  # without Redis: by looking
        await asyncio.to_thread(cache.start)

    async with scene.signed_in():
        await asyncio.gather(scene.submit(SUBMISSIONS), empty_and_stop())
    await scene.check(submitted=SUBMISSIONS)
    assert scene.worker.alive


async def test_a_database_that_falls_and_rises_loses_and_doubles_nothing(scene: Scene):
    await scene.begin()
    postgres = scene.stack.postgres

    async def fall_twice() -> None:
        for acknowledged in (50, 120):
            await scene.reaches(acknowledged)
            head = int((postgres.data / "postmaster.pid").read_text().splitlines()[0])
            os.kill(head, signal.SIGQUIT)  # immediate: no checkpoint, no farewell
            await asyncio.sleep(0.3)
            await asyncio.to_thread(postgres.start)

    async with scene.signed_in():
        await asyncio.gather(scene.submit(SUBMISSIONS), fall_twice())
        await scene.all_told()
    await scene.check(submitted=SUBMISSIONS)
    assert scene.worker.alive


async def test_a_web_process_ends_at_once_although_a_page_listens(scene: Scene):
    await scene.begin()
    async with scene.signed_in() as cookies:
        async with (
            httpx.AsyncClient(cookies=cookies, timeout=10) as client,
            client.stream("GET", f"{scene.address}/live") as page,
        ):
            heard = page.aiter_lines()
            assert await anext(heard) == "event: unread"

            lasted = await asyncio.to_thread(scene.web.stop)

            assert lasted < 5
        await scene.begin()
