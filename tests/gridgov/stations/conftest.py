"""A small county for each test, in the real application, with its people at browsers."""

import pytest


@pytest.fixture
def at(county):
    return lambda tail="": f"/{county.tenant.slug}/stations{tail}"


@pytest.fixture
def hall(county):
    """The county itself: the centre has the whole hall."""
    return county.at("county").id
