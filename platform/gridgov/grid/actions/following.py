"""What lies in a moved subtree follows it: every path of today, in whichever table."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, literal, update
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.context import Context
from gridgov.grid.types import Rewritten
from gridgov.kernel.db import TenantRow, within


async def follow_paths(ctx: Context, moved: Iterable[Rewritten]) -> None:
    """Rewrite every path of today that lies in a moved subtree, table by table."""
    for one in moved:
        if one.old_path == one.path:
            continue
        for model, key in followers():
            column: InstrumentedAttribute[str] = getattr(model, key)
            await ctx.session.execute(
                update(model)
                .where(within(column, one.old_path))
                .values({key: rewritten(column, one.old_path, one.path)})
                .execution_options(synchronize_session=False)
            )


def followers() -> list[tuple[type[TenantRow], str]]:
    """Every column of every table that says where something lies today."""
    found: list[tuple[type[TenantRow], str]] = []
    for mapper in TenantRow.registry.mappers:
        if issubclass(mapper.class_, TenantRow):
            found += [
                (mapper.class_, mapper.get_property_by_column(column).key)
                for column in mapper.local_table.c
                if column.info.get("follows")
            ]
    return sorted(found, key=lambda one: (one[0].__tablename__, one[1]))


def rewritten(column: InstrumentedAttribute[str], old: str, new: str) -> Any:
    """The column with ``old`` at its beginning replaced."""
    return literal(new).concat(func.substr(column, len(old) + 1))
