"""Databases that nobody misses: cloned from a template that is migrated once.

Whoever runs tests side by side shares the servers and never a database. There is one template for
each state of the migrations, the core's and those of every installed plugin.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import gridgov
from gridgov.embedded.stack import Stack
from gridgov.kernel.settings import Settings
from gridgov.migrations.running import migrate
from gridgov.plugins import Plugins

_RUN: Final = "run_"
_TEMPLATE: Final = "template_"
_CORE: Final = Path(str(gridgov.__file__)).parent
_SHAPERS: Final = ("embedded/*.sql", "kernel/row_security.py", "migrations/**/*.py")


@contextmanager
def servers() -> Generator[Stack]:
    """The servers of this checkout's tests: started or joined; the last to leave stops them."""
    with Stack.named("test", durable=False).opened(first=_tidy) as stack:
        yield stack


@contextmanager
def a_database(stack: Stack) -> Generator[Settings]:
    """Settings for a migrated, empty database and an empty Redis for this process alone."""
    name = f"{_RUN}{os.getpid()}_{secrets.token_hex(3)}"
    stack.prepare_database(name, template=_template(stack))
    made = stack.settings(name, redis_database=stack.cache.next_database(), demo=True)
    try:
        yield replace(made, hosts=("localhost", "testserver"), pool_size=8)
    finally:
        stack.sql(f"DROP DATABASE {name} WITH (FORCE)")


def make_database(stack: Stack, name: str) -> None:
    """A migrated database of this name. In a thread, for migrating runs an event loop."""
    stack.prepare_database(name)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(migrate, stack.settings(name)).result()


def _template(stack: Stack) -> str:
    """The database that all others are cloned from, closed once it is whole."""
    name = _TEMPLATE + _state_of_migrations()
    with (stack.place.folder / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in _databases(stack, "NOT datallowconn"):
            stack.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            make_database(stack, name)
            stack.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    return name


def _tidy(stack: Stack) -> None:
    """Drop what killed runs left behind, and the templates of other days."""
    for name in _databases(stack, "true"):
        if name.startswith((_RUN, _TEMPLATE)) and name != _TEMPLATE + _state_of_migrations():
            stack.sql(f"DROP DATABASE {name} WITH (FORCE)")


def _state_of_migrations() -> str:
    """A short name for everything that shapes an empty database."""
    digest = hashlib.sha256()
    for root, path in _shapers():
        digest.update(f"{root.name}/{path.relative_to(root)}".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _shapers() -> Iterator[tuple[Path, Path]]:
    roots: list[tuple[Path, tuple[str, ...]]] = [(_CORE, _SHAPERS)]
    roots += [(plugin.folder, ("migrations/**/*.py",)) for plugin in Plugins.installed()]
    for root, patterns in roots:
        for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
            yield root, path


def _databases(stack: Stack, which: str) -> list[str]:
    return stack.sql(f"SELECT datname FROM pg_database WHERE {which}")
