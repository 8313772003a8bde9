"""Migrating: the core's versions first, then each installed plugin's, enabled anywhere or not."""

import asyncio
from collections.abc import Awaitable, Callable
from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from gridgov.calendar.loading import seed_calendar
from gridgov.kernel.clock import now
from gridgov.kernel.engines import engine_for
from gridgov.kernel.row_security import install, install_region, seal_key
from gridgov.kernel.settings import Settings
from gridgov.migrations.tables import CORE
from gridgov.plugins import Plugins

_HERE = Path(__file__).parent


class Runs:
    """The core's versions and those of the installed plugins, each in a folder of its own."""

    def __init__(self, plugins: Plugins | None = None) -> None:
        installed = Plugins.installed() if plugins is None else plugins
        self.folders = {CORE: _HERE / "versions"} | {
            plugin.name: folder
            for plugin in installed
            if (folder := plugin.folder / "migrations" / "versions").is_dir()
        }

    def config(self, connection: Connection, name: str) -> Config:
        """What Alembic is told for one run."""
        config = Config()
        config.set_main_option("script_location", str(_HERE))
        config.set_main_option("version_locations", str(self.folders[name]))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        config.attributes["name"] = name
        config.attributes["foreign"] = tuple(f"{other}_" for other in self.folders if other != CORE)
        return config


async def _as_owner(
    settings: Settings,
    work: Callable[[Connection], None],
    *,
    then: Callable[[AsyncConnection], Awaitable[None]] | None = None,
) -> None:
    engine: AsyncEngine = engine_for(settings.owner_url, pooled=False)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            await connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            await connection.run_sync(work)
            if then is not None:
                await then(connection)
    finally:
        await engine.dispose()


def migrate(settings: Settings, plugins: Plugins | None = None) -> None:
    """Bring the database to the newest version. Safe to repeat; one transaction."""
    runs = Runs(plugins)

    def work(connection: Connection) -> None:
        for statement in install(seal_key(settings.secret)):
            connection.exec_driver_sql(statement)
        for name in runs.folders:
            command.upgrade(runs.config(connection, name), "head")
        if inspect(connection).has_table("tenants"):
            for statement in install_region():
                connection.exec_driver_sql(statement)

    asyncio.run(_as_owner(settings, work, then=_seed))


def remove_tables(settings: Settings, name: str, plugins: Plugins | None = None) -> None:
    """Undo all versions of a plugin: its tables go, with what is in them."""
    runs = Runs(plugins)

    def work(connection: Connection) -> None:
        command.downgrade(runs.config(connection, name), "base")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}_version")

    asyncio.run(_as_owner(settings, work))


async def _seed(connection: AsyncConnection) -> None:
    """What all counties share from the start: the working days."""
    if await connection.run_sync(lambda plain: inspect(plain).has_table("calendar_days")):
        async with AsyncSession(connection) as session:
            await seed_calendar(session, now=now())
            await session.commit()  # of the session alone; the transaction is the outer one


def draw_up(settings: Settings, message: str, name: str = CORE) -> None:
    """Write the version that leads from the database to the models (for developers)."""
    runs = Runs()

    def work(connection: Connection) -> None:
        config = runs.config(connection, name)
        command.revision(config, message, autogenerate=True, rev_id=_next_id(runs.folders[name]))

    asyncio.run(_as_owner(settings, work))


def differences(connection: Connection, name: str = CORE, plugins: Plugins | None = None) -> None:
    """Raise if the database that the versions reach differs from the models."""
    config = Runs(plugins).config(connection, name)
    config.stdout = StringIO()  # which would say that there are none
    command.check(config)


def _next_id(folder: Path) -> str:
    versions = [int(file.name[:4]) for file in folder.glob("[0-9]*.py")]
    return f"{max(versions, default=0) + 1:04d}"
