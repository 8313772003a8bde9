"""A county for each test, with its people at work and signed in."""

from functools import partial

import pytest

from gridgov.testkit.statements import statements


@pytest.fixture
def counting(app):
    """A list of the statements sent meanwhile."""
    return partial(statements, app.state.database)
