"""A small county for each test, and somebody in it with just the rights they need."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from factories.tenants import a_county, installed_policies
from gridgov.context import Context
from gridgov.contract.actor import Actor, Scope
from gridgov.kernel.crypto import Vault
from gridgov.kernel.ids import new_id
from gridgov.kernel.together import Together
from gridgov.staff.types import StaffRight

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""A Monday, 12:00 in China."""


@pytest.fixture
async def county(database, settings):
    return await a_county(database, settings)


@pytest.fixture
def open_context(county, database):
    """One transaction in the county: ``open_context(at=path)``."""

    @asynccontextmanager
    async def opened(*, at="", rights=tuple(StaffRight), now=NOON):
        actor = Actor(
            account_id=new_id(),
            staff_id=None,
            name="测试·王一",
            title="测试员",
            rights={right: (Scope(at or f"{county.tenant.code}."),) for right in rights},
        )
        async with database.session(county.tenant.id) as session:
            yield Context(
                tenant=county.tenant,
                actor=actor,
                session=session,
                policy=installed_policies().of(county.tenant.plugins),
                now=now,
                vault=Vault(county.tenant.id, bytes(32)),
                together=Together({}),
            )

    return opened
