"""The limiter: exact over processes, never twice as much at the turn of a window."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from gridgov.accounts.limits import Limit, allow, first_refused, forget, forget_old, give_back
from gridgov.accounts.models import Attempt
from gridgov.kernel.db import Database

HOUR = timedelta(hours=1)
START = datetime(2026, 11, 23, 8, tzinfo=UTC)


def a_key():
    return f"test|{secrets.token_hex(8)}"


async def test_what_is_allowed_equals_the_limit_over_two_processes(database, settings):
    other, key = Database(settings), a_key()

    answers = await asyncio.gather(
        *(allow(which, key, 5, HOUR, now=START) for which in (database, other) for _ in range(12))
    )
    await other.close()

    assert sum(answers) == 5


async def test_keys_do_not_share_a_count(database):
    one, two = a_key(), a_key()
    for _ in range(3):
        await allow(database, one, 3, HOUR, now=START)

    assert not await allow(database, one, 3, HOUR, now=START)
    assert await allow(database, two, 3, HOUR, now=START)


async def test_the_turn_of_a_window_does_not_give_twice_as_much(database):
    key, late = a_key(), START + timedelta(minutes=59)
    for _ in range(5):
        await allow(database, key, 5, HOUR, now=late)

    after = [await allow(database, key, 5, HOUR, now=START + HOUR) for _ in range(5)]

    assert sum(after) == 0


async def test_the_count_fades_as_time_goes_by(database):
    key = a_key()
    for _ in range(5):
        await allow(database, key, 5, HOUR, now=START)

    later = START + HOUR + timedelta(minutes=30)
    answers = [await allow(database, key, 5, HOUR, now=later) for _ in range(5)]

    assert 2 <= sum(answers) <= 3
    assert await allow(database, key, 5, HOUR, now=START + 3 * HOUR)


async def test_a_flood_counts_no_further_than_the_limit(database):
    key = a_key()
    for _ in range(20):
        await allow(database, key, 3, HOUR, now=START)

    async with database.shared() as session:
        kept = await session.scalar(select(Attempt.count).where(Attempt.key == key))

    assert kept == 4


async def test_the_first_that_refuses_is_named_and_the_next_is_not_spent(database):
    near, far = Limit(a_key(), 1, HOUR), Limit(a_key(), 9, HOUR)
    await first_refused(database, [near, far], now=START)

    refused = await first_refused(database, [near, far], now=START)

    async with database.shared() as session:
        spent = await session.scalar(select(Attempt.count).where(Attempt.key == far.key))
    assert (refused, spent) == (near, 1)


async def test_a_good_use_is_given_back_and_a_success_forgets(database):
    limit = Limit(a_key(), 1, HOUR)
    await first_refused(database, [limit], now=START)
    async with database.shared() as session:
        await give_back(session, limit, START)

    assert await first_refused(database, [limit], now=START) is None

    async with database.shared() as session:
        await forget(session, [limit.key])
    assert await first_refused(database, [limit], now=START) is None


async def test_old_counters_are_forgotten(database):
    old, new = a_key(), a_key()
    await allow(database, old, 3, HOUR, now=START - timedelta(days=3))
    await allow(database, new, 3, HOUR, now=START)

    async with database.shared() as session:
        await forget_old(session, START)
        left = await session.scalars(select(Attempt.key).where(Attempt.key.in_([old, new])))
        assert left.all() == [new]
        assert await session.scalar(select(func.count()).select_from(Attempt)) >= 1
