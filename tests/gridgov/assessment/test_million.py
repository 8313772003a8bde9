"""A quarter of a county with a million cases, evaluated: the whole of it within a minute."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from bench.ground import fill, workplace_of
from gridgov.assessment.actions.evaluating import begin_evaluation, evaluate_part
from gridgov.assessment.actions.reviewing import open_review
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.rules.periods import period_before
from gridgov.assessment.types import EVALUATE, PARTS
from gridgov.kernel.db import Database
from gridgov.kernel.outbox import Event, OutboxEvent
from gridgov.testkit.databases import a_database

pytestmark = pytest.mark.million
MILLION = 1_000_000
MOST_SECONDS = 60
LONGEST_PART = 20


@pytest.fixture(scope="module")
async def place(stack):
    """Liling with a million cases and everything that hangs on them."""
    with a_database(stack) as settings:
        with ThreadPoolExecutor(1) as pool:  # it runs event loops of its own
            pool.submit(fill, stack, settings, MILLION, everything=True, lasting=False).result()
        database = Database(settings)
        yield replace(await workplace_of(settings), database=database)
        await database.close()


async def test_a_quarter_is_evaluated_within_a_minute_and_each_part_within_a_handlers_time(place):
    async with place.transaction("test") as ctx:
        period = period_before(ctx.today, 3)
        review = await open_review(ctx, "quarterly", period.code)
        await begin_evaluation(ctx, review)
    took = {}
    for part in PARTS:
        async with place.transaction("test") as ctx:
            row = await ctx.session.scalar(
                select(OutboxEvent).where(
                    OutboxEvent.kind == EVALUATE, OutboxEvent.payload["part"].as_string() == part
                )
            )
            began = time.perf_counter()
            await evaluate_part(
                ctx,
                Event(row.id, row.tenant_id, row.kind, row.subject, None, row.payload, row.at),
            )
        took[part] = time.perf_counter() - began
    async with place.transaction("test") as ctx:
        (newest,) = await queries.evaluations(ctx, review)
        assert newest.finished_at is not None
        assert sum(row.closed for row in newest.departments) > 50_000
    assert sum(took.values()) < MOST_SECONDS
    assert max(took.values()) < LONGEST_PART
