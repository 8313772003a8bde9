"""The small county of our own tests: Liling's rules, and four departments known by name."""

from typing import Any

from gridgov.kernel.db import Database
from gridgov.kernel.settings import Settings
from gridgov.testkit import counties
from gridgov.testkit.counties import ACounty

DEPARTMENTS = ("urban", "housing", "water", "emergency")


async def a_county(database: Database, settings: Settings, **how: Any) -> ACounty:
    """One district, two towns, four villages, eight grids (see ``gridgov.testkit``)."""
    given = {"plugins": ("liling",), "departments": DEPARTMENTS, **how}
    return await counties.a_county(database, settings, **given)
