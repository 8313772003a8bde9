"""Alembic's entry: runs as the owner, who is no superuser, in production and here alike."""

from collections.abc import Iterable
from typing import Any

from alembic import context
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table

from gridgov.kernel.row_security import protect, share
from gridgov.migrations.tables import METADATA

VERSION_TABLE = "gridgov_version"


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


def run(connection: Connection, metadata: MetaData) -> None:
    """One run on this connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        process_revision_directives=guarded,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


connection: Connection | None = context.config.attributes.get("connection")
if connection is not None:
    run(connection, METADATA)
