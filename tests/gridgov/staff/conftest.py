"""A small county for each test, and somebody in it with just the rights they need."""

import pytest

from factories.tenants import a_county
from gridgov.kernel.together import Together
from gridgov.staff.types import StaffRight
from gridgov.testkit import contexts
from gridgov.testkit.clock import NOON, Clock
from gridgov.testkit.contexts import with_rights


@pytest.fixture
async def county(database, settings):
    return await a_county(database, settings)


@pytest.fixture
def open_context(county, database, settings):
    """One transaction in the county: ``open_context(at=path)``."""

    def opened(*, at="", rights=tuple(StaffRight), now=NOON):
        actor = with_rights(*rights, at=at or f"{county.tenant.code}.")
        return contexts.open_context(
            database, settings, Clock(now), county, as_=actor, together=Together({})
        )

    return opened
