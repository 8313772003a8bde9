"""What is due by the clock runs once a slot, however many workers and whatever their clocks."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from factories.contexts import a_tenant
from factories.working import a_place
from gridgov.context import Context
from gridgov.kernel.clock import CHINA
from gridgov.kernel.clockwork import Clockwork
from gridgov.kernel.outbox import OutboxEvent, emit
from gridgov.kernel.schedules import CatchUp, Every, Schedule
from gridgov.tenants.workplace import Workplace
from gridgov.testkit.clock import NOON, Clock

Run = Callable[[Context], Any]


@pytest.fixture
async def place(database, settings) -> Workplace:
    return await a_place(await a_tenant(database, settings))


async def mark(ctx: Context) -> None:
    """A trace of the run, with the time that it was told."""
    await emit(ctx.session, ctx.tenant.id, "ran", ctx.tenant.id, at=ctx.now)


async def runs(place: Workplace) -> list[datetime]:
    async with place.transaction("test") as ctx:
        return list((await ctx.session.scalars(select(OutboxEvent.at).order_by("at"))).all())


async def state(place: Workplace) -> Any:
    async with place.transaction("test") as ctx:
        columns = Schedule.slot, Schedule.failures, Schedule.error
        return (await ctx.session.execute(select(*columns))).one()


def clockwork(clock: Clock, run: Run = mark, **every: Any) -> Clockwork:
    return Clockwork({"job": Every(run=run, **every)}, clock=clock)


def in_china(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("every", "now", "slot"),
    [
        ({"minutes": 5}, in_china(2026, 11, 23, 12, 4, 59), in_china(2026, 11, 23, 12)),
        ({"minutes": 5}, in_china(2026, 11, 23, 12, 5), in_china(2026, 11, 23, 12, 5)),
        ({"hours": 1}, in_china(2026, 11, 23, 0, 59), in_china(2026, 11, 23)),
        (
            {"days": 1, "at": time(3, 20)},
            in_china(2026, 11, 23, 3, 19),
            in_china(2026, 11, 22, 3, 20),
        ),
        (
            {"days": 1, "at": time(3, 20)},
            in_china(2026, 11, 23, 3, 20),
            in_china(2026, 11, 23, 3, 20),
        ),
        ({"days": 7, "at": time(8)}, in_china(2026, 11, 29, 9), in_china(2026, 11, 23, 8)),
    ],
)
def test_a_slot_begins_by_the_clock_of_china(every, now, slot):
    assert Every(run=mark, **every).slot(now.astimezone(UTC)) == slot


def test_after_a_pause_the_newest_slot_runs_for_all_or_each_runs():
    last, now = in_china(2026, 11, 23, 12), in_china(2026, 11, 23, 12, 3, 30)
    latest = Every(run=mark, minutes=1)
    each = Every(run=mark, minutes=1, catch_up=CatchUp.EACH)

    assert list(latest.missed(last, now)) == [in_china(2026, 11, 23, 12, 3)]
    assert list(each.missed(last, now)) == [in_china(2026, 11, 23, 12, n) for n in (1, 2, 3)]
    assert list(latest.missed(last, last + timedelta(seconds=59))) == []


async def test_a_job_runs_once_in_each_slot(place):
    clock = Clock()
    jobs = clockwork(clock, minutes=1)

    for _ in range(12):  # two minutes in steps of ten seconds
        await jobs.run_due(place)
        clock.turn(seconds=10)

    assert len(await runs(place)) == 1
    await jobs.run_due(place)
    assert len(await runs(place)) == 2


async def test_three_workers_with_wrong_clocks_run_each_slot_once(place):
    clocks = [Clock(NOON + timedelta(seconds=wrong)) for wrong in (-90, 0, 90)]
    workers = [clockwork(clock, minutes=1, catch_up=CatchUp.EACH) for clock in clocks]

    for _ in range(60):  # ten minutes
        await asyncio.gather(*(worker.run_due(place) for worker in workers))
        for clock in clocks:
            clock.turn(seconds=10)

    ran = await runs(place)
    assert ran == [ran[0] + timedelta(minutes=n) for n in range(len(ran))]
    assert len(ran) >= 10


async def test_slots_that_nobody_was_awake_for_run_one_by_one_where_each_counts(place):
    clock = Clock()
    jobs = clockwork(clock, minutes=1, catch_up=CatchUp.EACH)
    await jobs.run_due(place)

    clock.turn(minutes=5)
    await jobs.run_due(place)

    assert await runs(place) == [NOON + timedelta(minutes=n) for n in range(1, 6)]


async def test_a_failed_run_is_undone_and_tried_again_after_a_while(place):
    clock = Clock()
    broken = [True]

    async def shaky(ctx: Context) -> None:
        await mark(ctx)
        if broken[0]:
            raise LookupError

    jobs = clockwork(clock, shaky, hours=1)
    await jobs.run_due(place)
    clock.turn(hours=1)
    await jobs.run_due(place)
    await jobs.run_due(place)
    assert await runs(place) == []
    assert (await state(place))[1:] == (1, "LookupError")

    broken[0] = False
    clock.turn(seconds=16)
    await jobs.run_due(place)

    assert len(await runs(place)) == 1
    assert (await state(place))[1:] == (0, None)


async def test_one_broken_job_does_not_keep_the_others(place):
    async def broken(ctx: Context) -> None:
        raise LookupError

    clock = Clock()
    jobs = Clockwork(
        {"broken": Every(run=broken, minutes=1), "sound": Every(run=mark, minutes=1)}, clock=clock
    )
    await jobs.run_due(place)
    clock.turn(minutes=1)

    await jobs.run_due(place)

    assert len(await runs(place)) == 1


async def test_a_slot_that_never_runs_lets_the_next_ones_follow(place):
    clock = Clock()

    async def picky(ctx: Context) -> None:
        if ctx.now == NOON + timedelta(minutes=1):
            raise LookupError
        await mark(ctx)

    jobs = clockwork(clock, picky, minutes=1, catch_up=CatchUp.EACH)
    await jobs.run_due(place)
    for _ in range(10):
        clock.turn(minutes=1)
        await jobs.run_due(place)

    assert await runs(place) == [NOON + timedelta(minutes=n) for n in range(2, 11)]
