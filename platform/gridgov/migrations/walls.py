"""What must be true of every table, asked of the database itself: one line for each fault."""

from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from gridgov.kernel.db import Base, SharedRow
from gridgov.migrations.tables import METADATA

_ASKED: Final = files("gridgov.migrations").joinpath("walls.sql").read_text()


def shared_tables() -> set[str]:
    """The tables that belong to no tenant."""
    models = (mapper.class_ for mapper in Base.registry.mappers)
    return {model.__tablename__ for model in models if issubclass(model, SharedRow)}


def faults_sql() -> str:
    """The statement that lists them, and nothing when the wall stands. For a superuser."""
    shared = shared_tables()
    append_only = [
        table.name
        for table in METADATA.sorted_tables
        if table.name not in shared and table.info.get("append_only")
    ]
    return _ASKED.replace(":shared", _array(shared)).replace(":append_only", _array(append_only))


def _array(names: Iterable[str]) -> str:
    quoted = ",".join(f"'{name}'" for name in sorted(names))
    return f"ARRAY[{quoted}]::text[]"
