"""A small county of its own for each test, and people in it with just the rights they need."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import pytest

from factories.tenants import ACounty, a_county, installed_policies
from gridgov.context import Context
from gridgov.contract.actor import Actor, Scope
from gridgov.grid.types import GridRight
from gridgov.kernel.crypto import Vault
from gridgov.kernel.ids import new_id
from gridgov.kernel.together import Together

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""A Monday, 12:00 in China."""

Open = Callable[..., AbstractAsyncContextManager[Context]]


@pytest.fixture
async def county(database, settings) -> ACounty:
    return await a_county(database, settings, at=NOON)


@pytest.fixture
def open_context(county, database, settings) -> Open:
    """One transaction in the county: ``open_context(at=path)``; ``keep=False`` takes it back."""

    @asynccontextmanager
    async def opened(*, at="", rights=tuple(GridRight), now=NOON, followers=None, keep=True):
        actor = Actor(
            account_id=new_id(),
            staff_id=None,
            name="测试·王一",
            title="测试员",
            rights={right: (Scope(at),) for right in rights},
        )
        async with database.open(county.tenant.id) as session:
            yield Context(
                county.tenant,
                actor,
                session,
                installed_policies().of(county.tenant.plugins),
                now,
                Vault(county.tenant.id, bytes(32)),
                Together(followers or {}),
                files=settings.files,
            )
            await (session.commit() if keep else session.rollback())

    return opened
