"""A county whose installed plugin changes under it."""

import pytest

from factories.cases import NOON
from factories.rules import CASEWORK, Lifetime, installed
from factories.tenants import a_county


@pytest.fixture
async def lifetime(database, settings):
    """A county that runs Liling's rules under the name of ``one``."""
    policies = installed(one=CASEWORK)
    made = await a_county(database, settings, policies=policies, plugins=("one",), at=NOON)
    return Lifetime(database, settings, made)
