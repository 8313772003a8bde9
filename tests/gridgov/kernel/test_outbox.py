"""Events: each handler once, whatever fails, whoever else is at work."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from factories.contexts import a_tenant
from factories.working import a_place, failing, leave_trace, tell, traces, tracing
from gridgov.kernel import queue
from gridgov.kernel.outbox import Event, Handler, OutboxDelivery, OutboxEvent, emit
from gridgov.kernel.relay import Limits, Relay
from gridgov.kernel.tasks import end
from gridgov.tenants.workplace import Workplace
from gridgov.testkit.clock import Clock

LIMITS = Limits(tries=3)


@pytest.fixture
async def place(database, settings) -> Workplace:
    return await a_place(await a_tenant(database, settings))


def relay_of(clock: Clock, *handlers: Handler, limits: Limits = LIMITS) -> Relay:
    return Relay({"thing.done": handlers}, clock=clock, limits=limits)


async def drain(relay: Relay, place: Workplace) -> None:
    while await relay.relay(place):
        pass


async def pending(place: Workplace) -> int:
    async with place.transaction("test") as ctx:
        count = select(func.count()).select_from(OutboxEvent)
        return await ctx.session.scalar(count.where(OutboxEvent.done_at.is_(None))) or 0


async def deliveries(place: Workplace) -> Sequence[Any]:
    async with place.transaction("test") as ctx:
        columns = OutboxDelivery.handler, OutboxDelivery.state, OutboxDelivery.attempts
        rows = select(*columns, OutboxDelivery.error).order_by(OutboxDelivery.handler)
        return [tuple(row) for row in (await ctx.session.execute(rows)).all()]


async def test_an_event_reaches_each_of_its_handlers_once(database, place):
    relay = relay_of(Clock(), tracing("first"), tracing("second"))
    await tell(place, times=30)

    await drain(relay, place)
    await drain(relay, place)

    assert await traces(database, place) == {"first": 30, "second": 30}
    assert await pending(place) == 0


async def test_an_event_that_nobody_listens_to_is_done(place):
    await tell(place, "nobody.listens", times=3)

    await drain(relay_of(Clock(), tracing("first")), place)

    assert await pending(place) == 0


async def test_an_event_of_an_undone_change_is_not_told(database, place):
    async def change_and_fail() -> None:
        async with place.transaction("test") as ctx:
            await emit(ctx.session, place.tenant_id, "thing.done", place.tenant_id, at=ctx.now)
            raise LookupError

    with pytest.raises(LookupError):
        await change_and_fail()

    await drain(relay_of(Clock(), tracing("first")), place)

    assert await traces(database, place) == {}


async def test_what_a_failed_handler_did_is_undone_and_it_is_tried_again_later(database, place):
    clock = Clock()
    relay = relay_of(clock, failing("shaky", times=1), tracing("steady"))
    await tell(place)

    await drain(relay, place)

    assert await traces(database, place) == {"steady": 1}
    assert await deliveries(place) == [
        ("shaky", "waiting", 1, "LookupError"),
        ("steady", "done", 1, None),
    ]

    clock.turn(seconds=6)
    await drain(relay, place)

    assert await traces(database, place) == {"steady": 1, "shaky": 1}
    assert await pending(place) == 0


async def test_a_poisoned_event_is_parked_and_blocks_nobody(database, place, caplog):
    clock = Clock()

    async def picky(ctx: Any, event: Event) -> None:
        if event.payload.get("poison"):
            raise LookupError(event.payload["poison"])
        await leave_trace(ctx, event, "picky")

    relay = relay_of(clock, Handler("picky", picky))
    await tell(place, poison="电话 19900000000")
    await tell(place, times=3)

    for _ in range(4):
        await drain(relay, place)
        clock.turn(minutes=1)

    assert await traces(database, place) == {"picky": 3}
    assert ("picky", "parked", 3, "LookupError") in await deliveries(place)
    assert await pending(place) == 0
    assert "19900000000" not in caplog.text


async def test_a_parked_delivery_can_be_replayed(database, place):
    clock = Clock()
    await tell(place)
    relay = relay_of(clock, failing("mended", times=1), limits=Limits(tries=1))
    await drain(relay, place)
    async with place.transaction("test") as ctx:
        parked = await ctx.session.scalar(select(OutboxDelivery.id))
        replayed = await queue.replay(ctx.session, parked, now=clock())
        again = await queue.replay(ctx.session, parked, now=clock())

    await drain(relay, place)

    assert (replayed, again) == (True, False)
    assert await traces(database, place) == {"mended": 1}


async def test_a_handler_that_hangs_is_ended(database, place):
    async def hang(ctx: Any, event: Event) -> None:
        await asyncio.sleep(60)

    relay = relay_of(Clock(), Handler("hanging", hang), limits=Limits(handler=0.05))
    await tell(place)

    await drain(relay, place)

    assert await deliveries(place) == [("hanging", "waiting", 1, "TimeoutError")]


async def test_several_workers_share_the_work_and_double_nothing(database, place):
    await tell(place, times=90)
    relays = [relay_of(Clock(), tracing("first"), tracing("second")) for _ in range(3)]

    await asyncio.gather(*(drain(relay, place) for relay in relays))

    assert await traces(database, place) == {"first": 90, "second": 90}
    assert await pending(place) == 0


async def test_two_workers_at_one_event_have_one_effect(database, place):
    """A lease may run out while its worker is still at it: the lock on the event decides."""
    await tell(place)
    clock, late = Clock(), Clock()
    late.turn(minutes=5)

    async def slow(ctx: Any, event: Event) -> None:
        await leave_trace(ctx, event, "slow")
        await asyncio.sleep(0.2)

    first, second = relay_of(clock, Handler("slow", slow)), relay_of(late, Handler("slow", slow))
    held = asyncio.create_task(drain(first, place))
    await asyncio.sleep(0.1)
    await second.relay(place)
    await held

    assert await traces(database, place) == {"slow": 1}
    assert await deliveries(place) == [("slow", "done", 1, None)]


async def test_what_a_dead_worker_had_claimed_is_done_after_its_lease(database, place):
    clock = Clock()
    await tell(place, times=5)
    async with place.transaction("test") as ctx:
        await queue.claim(ctx.session, clock(), lease=LIMITS.lease, most=10)
    relay = relay_of(clock, tracing("first"))

    await drain(relay, place)
    before = await traces(database, place)
    clock.turn(seconds=31)
    await drain(relay, place)

    assert before == {}
    assert await traces(database, place) == {"first": 5}


async def test_an_event_that_kills_its_workers_is_parked_and_blocks_nobody(database, place):
    clock = Clock()
    await tell(place, deadly=True)
    await tell(place, times=4)

    class Dead(BaseException):
        pass

    async def run(ctx: Any, event: Event) -> None:
        if event.payload.get("deadly"):
            raise Dead
        await leave_trace(ctx, event, "first")

    for _ in range(20):
        try:
            await drain(relay_of(clock, Handler("first", run)), place)
        except Dead:
            clock.turn(seconds=31)

    assert await traces(database, place) == {"first": 4}
    assert ("first", "parked", 1, "WorkerLost") in await deliveries(place)
    assert await pending(place) == 0


async def test_a_stopped_relay_gives_back_what_it_has_not_begun(database, place):
    clock = Clock()
    await tell(place, times=3)
    relays: list[Relay] = []

    async def stopping(ctx: Any, event: Event) -> None:
        await leave_trace(ctx, event, "first")
        relays[0].stop()

    relays.append(relay_of(clock, Handler("first", stopping)))
    await drain(relays[0], place)
    assert await traces(database, place) == {"first": 1}

    await drain(relay_of(clock, tracing("first")), place)

    assert await traces(database, place) == {"first": 3}


async def test_an_event_interrupted_by_ten_deploys_is_told_once_and_at_once(database, place):
    """Each worker is told to stop and does not wait for a handler that takes too long."""
    clock, begun, patient = Clock(), asyncio.Event(), asyncio.Event()

    async def slow(ctx: Any, event: Event) -> None:
        await leave_trace(ctx, event, "slow")
        begun.set()
        await patient.wait()

    await tell(place, times=2)
    for _ in range(10):
        begun.clear()
        working = asyncio.create_task(relay_of(clock, Handler("slow", slow)).relay(place))
        await asyncio.wait_for(begun.wait(), 10)
        await end([working])
    patient.set()

    await drain(relay_of(clock, Handler("slow", slow)), place)

    assert await traces(database, place) == {"slow": 2}
    assert await deliveries(place) == [("slow", "done", 1, None)] * 2


async def test_old_events_are_forgotten_but_not_what_is_parked(place):
    clock = Clock()
    await tell(place, times=3)
    await drain(relay_of(clock, tracing("first")), place)
    await tell(place)
    await drain(relay_of(clock, failing("first"), limits=Limits(tries=1)), place)

    async with place.transaction("test") as ctx:
        forgotten = await queue.purge(ctx.session, before=clock() + timedelta(days=1))

    assert forgotten == 3
    assert [row[1] for row in await deliveries(place)] == ["parked"]
