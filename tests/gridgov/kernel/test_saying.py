"""A transaction is whole or not at all, whenever somebody hangs up."""

import asyncio
import contextlib
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from factories.tenants import a_county
from gridgov.grid.models import GridNode
from gridgov.kernel.db import Database
from gridgov.kernel.ready import Ready

MOMENTS = 120
_COUNT = Ready(select(func.count()).select_from(GridNode))


@pytest.fixture(scope="module")
async def counties(database, settings):
    return await a_county(database, settings), await a_county(database, settings)


async def test_who_hangs_up_leaves_nothing_to_the_next(settings, counties, database):
    """With a single connection, whoever comes gets what the one before left."""
    single = Database(replace(settings, pool_size=1))
    ended = 0
    for turns in range(MOMENTS):
        leaving, staying = counties if turns % 2 else counties[::-1]
        ended += await left_after(single, leaving, turns)
        name, grid = f"改名{turns}", staying.at("grid").id
        async with single.session(staying.tenant.id) as session:
            await session.execute(update(GridNode).where(GridNode.id == grid).values(name=name))
        async with database.session(staying.tenant.id) as session:
            kept = await session.scalar(select(GridNode.name).where(GridNode.id == grid))
        assert kept == name, f"after {turns} turns"
    await single.close()
    assert 0 < ended < MOMENTS  # some were left in the middle, some came to their end


async def left_after(database, county, turns):
    """One transaction, left after so many turns of the event loop; whether it came to its end."""
    session = database.open(county.tenant.id)

    async def works():
        await _COUNT.scalar(session)
        await session.commit()

    working = asyncio.create_task(works())
    for _ in range(turns):
        await asyncio.sleep(0)
    ended = working.done()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
    await session.close()
    return ended
