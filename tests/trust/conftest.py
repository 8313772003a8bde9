"""Two counties with something of every kind in both, for tests that walk through all routes."""

from dataclasses import dataclass

import pytest

from factories.stock import Stock, a_stocked_county
from gridgov.testkit.doors import doors as doors_of
from trust.watch import Watched, marked, plant, watched

MINE, THEIRS = "KANAVIA", "KANAVIB"
"""Marks in the words of the two counties. No page writes them by itself."""


@dataclass(frozen=True)
class Two:
    """One's own county, and another one that must not be seen from it."""

    mine: Stock
    theirs: Stock
    watch: Watched
    watch_mine: Watched


@pytest.fixture(scope="session")
def database_name(settings) -> str:
    return settings.database_url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
async def two(app, stack, database_name) -> Two:
    mine = await a_stocked_county(app, MINE)
    theirs = await a_stocked_county(app, THEIRS)
    for stock in (mine, theirs):
        plant(stack, database_name, stock, marked(stock))
    return Two(mine, theirs, *(watched(stack, database_name, stock) for stock in (theirs, mine)))


@pytest.fixture(scope="session")
def doors(app):
    return doors_of(app)
