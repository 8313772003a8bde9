"""The ground under every test: the author's kit, and servers that a test may kill."""

import os
import time
from collections.abc import Iterator

import pytest

from gridgov.embedded.stack import Stack
from gridgov.testkit.databases import make_database

os.environ["TZ"] = "Asia/Shanghai"  # noqa: TID251  (of the tests alone: their today is the county's)
time.tzset()

pytest_plugins = ["gridgov.testkit.fixtures"]


@pytest.fixture(scope="module")
def own_stack() -> Iterator[Stack]:
    """Servers that a test may kill, restart and empty: durable, with a migrated ``gridgov``.

    ``own_stack.settings("gridgov")``, ``.postgres.stop()``, ``.cache.stop()``, ``.start()``.
    """
    own = Stack.named(f"crash{os.getpid()}")
    try:
        with own.opened():
            make_database(own, "gridgov")
            yield own
    finally:
        own.discard()
