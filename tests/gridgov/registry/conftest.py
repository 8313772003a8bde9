"""A small county for each test, with its people at work."""

import pytest


@pytest.fixture
def at(county):
    """An address of the county."""
    return lambda tail: f"/{county.tenant.slug}/{tail}"
