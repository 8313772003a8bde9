"""Alembic's entry: runs as the owner, who is no superuser, in production and here alike."""

from collections.abc import Iterable
from typing import Any

from alembic import context
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table

from gridgov.kernel.row_security import protect, share
from gridgov.migrations.tables import CORE, METADATA


def guarded(_: MigrationContext, __: Any, directives: list[ops.MigrationScript]) -> None:
    """After each new table comes what guards it, row security and grants; and its statistics."""
    for script in directives:
        for upgrade in script.upgrade_ops_list:
            upgrade.ops[:] = list(_with_guards(upgrade.ops))


def _with_guards(operations: Iterable[ops.MigrateOperation]) -> Iterable[ops.MigrateOperation]:
    for operation in operations:
        yield operation
        if isinstance(operation, ops.CreateTableOp):
            table = METADATA.tables[operation.table_name]
            for statement in (*guards_of(table), *_statistics_of(table)):
                yield ops.ExecuteSQLOp(statement)


def guards_of(table: Table) -> Iterable[str]:
    """The statements that guard a table, by what its model says."""
    province = bool(table.info.get("province"))
    if "tenant_id" in table.columns and "id" in table.columns:
        append_only = bool(table.info.get("append_only"))
        return protect(table.name, append_only=append_only, province=province)
    return share(table.name, province=province)


def _statistics_of(table: Table) -> Iterable[str]:
    """Columns of which one says much about the others, so that the planner counts them together."""
    if together := table.info.get("counted_together"):
        name = f"st_{table.name}_{'_'.join(together)}"
        yield f"CREATE STATISTICS {name} (mcv) ON {', '.join(together)} FROM {table.name}"


def run(connection: Connection, metadata: MetaData, name: str, foreign: tuple[str, ...]) -> None:
    """One run on this connection: of the core, or of the plugin with this name.

    Each has a version table of its own, and sees only its own tables: a plugin's begin with its
    name. ``foreign`` are how the tables of others begin.
    """

    def own(_: object, table: str | None, kind: str, *__: object) -> bool:
        if kind != "table" or table is None:
            return True
        if name != CORE:
            return table.startswith(f"{name}_") and table != f"{name}_version"
        return not table.startswith(foreign)

    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=f"{name}_version",
        include_object=own,
        process_revision_directives=guarded,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes
if "connection" in given:
    run(given["connection"], METADATA, given["name"], given["foreign"])
