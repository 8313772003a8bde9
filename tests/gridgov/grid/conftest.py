"""A small county of its own for each test, and people in it with just the rights they need."""

import pytest

from factories.tenants import a_county
from gridgov.grid.types import GridRight
from gridgov.kernel.together import Together
from gridgov.testkit import contexts
from gridgov.testkit.clock import NOON, Clock
from gridgov.testkit.contexts import OpenContext, with_rights
from gridgov.testkit.counties import ACounty


@pytest.fixture
async def county(database, settings) -> ACounty:
    return await a_county(database, settings, at=NOON)


@pytest.fixture
def open_context(county, database, settings) -> OpenContext:
    """One transaction in the county: ``open_context(at=path)``; ``keep=False`` takes it back."""

    def opened(*, at="", rights=tuple(GridRight), now=NOON, followers=None, keep=True):
        actor, together = with_rights(*rights, at=at), Together(followers or {})
        return contexts.open_context(
            database, settings, Clock(now), county, as_=actor, together=together, keep=keep
        )

    return opened
