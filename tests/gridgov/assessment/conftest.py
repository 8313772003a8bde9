"""A small county, its people at work, and a clock that is turned past a quarter's end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.cases import NOON, Crew
from factories.tenants import a_county
from gridgov.assessment.actions.evaluating import evaluate_part
from gridgov.assessment.types import EVALUATE
from gridgov.kernel.outbox import Event, OutboxEvent

QUARTER = "2026Q4"
AFTER = NOON.replace(year=2027, month=1, day=10)
"""A day in the quarter after the one that NOON lies in."""


@pytest.fixture
async def county(database, settings):
    return await a_county(database, settings, at=NOON - timedelta(days=400))


@pytest.fixture
def crew(database, county):
    return Crew(database, county)


@pytest.fixture
def compute(crew):
    """What the relay would do: each part of the evaluation in a transaction of its own."""
    done = set()

    async def run():
        parts = []
        while True:
            async with crew.system() as ctx:
                rows = await ctx.session.scalars(
                    select(OutboxEvent)
                    .where(OutboxEvent.kind == EVALUATE, OutboxEvent.id.not_in(done))
                    .order_by(OutboxEvent.id)
                )
                row = rows.first()
                if row is None:
                    return parts
                done.add(row.id)
                parts.append(row.payload["part"])
                event = Event(
                    row.id, row.tenant_id, row.kind, row.subject, row.actor, row.payload, row.at
                )
                await evaluate_part(ctx, event)

    return run
