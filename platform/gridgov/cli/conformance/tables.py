"""Its tables: made, taken away and made again on a database of their own, behind both walls."""

import asyncio
from collections.abc import Callable, Iterator

from alembic.util import CommandError
from sqlalchemy import Connection, make_url

from gridgov.cli.conformance.reading import Looked
from gridgov.contract.linting.flaw import Flaw
from gridgov.embedded.stack import Stack
from gridgov.kernel.engines import engine_for
from gridgov.kernel.settings import Settings
from gridgov.migrations.running import differences, migrate, remove_tables
from gridgov.migrations.walls import faults_sql


def faults(looked: Looked, stack: Stack, settings: Settings) -> Iterator[Flaw]:
    """What is wrong with them, if it brings any."""
    name = str(make_url(settings.database_url).database)
    if (looked.plugin.folder / "migrations" / "versions").is_dir():
        yield from _drifted(looked, settings)
    elif looked.tables:
        yield looked.flaw("migrations", "versions", "It has tables and no versions that make them.")
    for line in stack.sql(faults_sql(), database=name):
        kind, _, what = line.partition("|")
        if looked.name in what:
            yield looked.flaw(f"table {what}", "walls", f"{kind.capitalize()}.")
    if (looked.plugin.folder / "migrations" / "versions").is_dir():
        yield from _down_and_up(looked, settings, lambda: _own(looked, stack, name))


def _down_and_up(
    looked: Looked, settings: Settings, own: Callable[[], list[str]]
) -> Iterator[Flaw]:
    try:
        remove_tables(settings, looked.name, looked.plugins)
        left = own()
        if not left:
            migrate(settings, looked.plugins)
    except Exception as error:  # somebody else's code
        yield looked.flaw("migrations", "downgrade", f"Down and up again they fail: {error}")
    else:
        for each in left:
            yield looked.flaw("migrations", "downgrade", f"It leaves {each} behind.")


def _own(looked: Looked, stack: Stack, database: str) -> list[str]:
    asked = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'S', 'v') AND relname LIKE "
    return stack.sql(f"{asked}'{looked.name}\\_%'", database=database)


def _drifted(looked: Looked, settings: Settings) -> Iterator[Flaw]:
    def differ(connection: Connection) -> None:
        differences(connection, looked.name, looked.plugins)

    async def compare() -> None:
        engine = engine_for(settings.owner_url, pooled=False)
        try:
            async with engine.connect() as connection:
                await connection.run_sync(differ)
        finally:
            await engine.dispose()

    try:
        asyncio.run(compare())
    except CommandError as error:
        yield looked.flaw("migrations", "versions", f"They do not lead to the models: {error}")
