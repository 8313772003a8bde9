"""The worker finds its work: woken at once, by looking when nobody wakes it, and not everywhere."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from time import perf_counter

import pytest
from sqlalchemy import update

from factories.contexts import a_tenant
from factories.packages import tiny_policies
from factories.working import a_place, tell, traces, tracing
from gridgov import worker as module
from gridgov.embedded.stack import Stack
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.outbox import Handler
from gridgov.kernel.relay import Limits
from gridgov.kernel.settings import Settings
from gridgov.rooms import HANDLERS, JOBS, SCHEDULES
from gridgov.tenants.models import TenantRecord
from gridgov.tenants.workplace import Workplace
from gridgov.testkit.databases import a_database
from gridgov.worker import LOOKS_EVERY, OWN, Worker


@pytest.fixture(scope="module")
def settings(stack: Stack) -> Iterator[Settings]:
    """A database of its own: a worker looks into every county that it finds."""
    with a_database(stack) as made:
        yield made


@pytest.fixture(scope="module")
async def database(settings: Settings) -> AsyncIterator[Database]:
    opened = Database(settings)
    yield opened
    await opened.close()


@pytest.fixture
async def place(database, settings) -> Workplace:
    return await a_place(await a_tenant(database, settings))


@asynccontextmanager
async def working(settings: Settings, *handlers: Handler) -> AsyncIterator[Worker]:
    worker = Worker(
        settings, handlers={"thing.done": handlers}, schedules={}, policies=tiny_policies()
    )
    task = asyncio.create_task(worker.run())
    await asyncio.sleep(1.0)  # the first look, and arq's start
    try:
        yield worker
    finally:
        worker.stop()
        await asyncio.wait_for(task, 10)


async def until_done(
    database, place: Workplace, expected: dict[str, int], patience: float
) -> float:
    """How long it took until the effects were there."""
    began = perf_counter()
    while await traces(database, place) != expected:
        assert perf_counter() - began < patience, await traces(database, place)
        await asyncio.sleep(0.05)
    return perf_counter() - began


async def test_a_worker_is_woken_by_a_commit(database, settings, place, monkeypatch):
    monkeypatch.setattr(module, "LOOKS_EVERY", 60.0)
    async with working(settings, tracing("first")):
        await tell(place, times=5, at=now())

        lasted = await until_done(database, place, {"first": 5}, 5)

    assert lasted < 3


async def test_without_redis_a_worker_finds_its_work_by_looking(
    database, settings, place, monkeypatch
):
    monkeypatch.setattr(module, "LOOKS_EVERY", 0.3)
    away = replace(settings, redis_url="unix:///nowhere/redis.sock")
    async with working(away, tracing("first")):
        await tell(place, times=5, at=now())

        await until_done(database, place, {"first": 5}, 5)


async def test_a_suspended_tenant_is_not_worked_in(database, settings, place, monkeypatch):
    monkeypatch.setattr(module, "LOOKS_EVERY", 0.2)

    async def set_state(state: str) -> None:
        async with database.session(place.tenant_id) as session:
            mine = TenantRecord.id == place.tenant_id
            await session.execute(update(TenantRecord).where(mine).values(state=state))

    await set_state("suspended")
    await tell(place, times=2, at=now())
    async with working(settings, tracing("first")):
        await asyncio.sleep(0.5)
        assert await traces(database, place) == {}

        await set_state("active")
        await until_done(database, place, {"first": 2}, 5)


async def test_a_tenant_with_much_to_do_lets_the_others_have_their_turn(
    database, settings, place, monkeypatch
):
    monkeypatch.setattr(module, "AT_ONCE", 1)
    monkeypatch.setattr(module, "BATCHES", 1)
    other = await a_place(await a_tenant(database, settings))
    order: list[object] = []
    all_done = asyncio.Event()

    async def note(ctx, event) -> None:
        order.append(ctx.tenant.id)
        if len(order) == 101:
            all_done.set()

    await tell(place, times=100, at=now())
    await tell(other, times=1, at=now())
    async with working(settings, Handler("noting", note)):
        await asyncio.wait_for(all_done.wait(), 20)

    assert order.index(other.tenant_id) < 60


def test_what_a_killed_worker_had_begun_is_begun_anew_within_35_seconds():
    assert Limits().lease.total_seconds() + LOOKS_EVERY <= 35


def names(handlers: Sequence[Handler]) -> list[str]:
    return [handler.name for handler in handlers]


def test_every_handler_and_every_schedule_has_a_name_of_its_own():
    every = [job for room in JOBS for job in getattr(room, "every", {})]

    assert sorted(SCHEDULES) == sorted(every)
    assert not set(SCHEDULES) & set(OWN)
    for handlers in HANDLERS.values():
        assert len(set(names(handlers))) == len(handlers)
