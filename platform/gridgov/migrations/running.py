"""Migrating: the core's versions first, then each installed plugin's."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from gridgov.calendar.loading import seed_calendar
from gridgov.kernel.clock import now
from gridgov.kernel.db import engine_for
from gridgov.kernel.row_security import install, install_region, seal_key
from gridgov.kernel.settings import Settings

_HERE = Path(__file__).parent


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
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


def migrate(settings: Settings) -> None:
    """Bring the database to the newest version. Safe to repeat; one transaction."""

    def work(connection: Connection) -> None:
        for statement in install(seal_key(settings.secret)):
            connection.exec_driver_sql(statement)
        command.upgrade(_config(connection), "head")
        if inspect(connection).has_table("tenants"):
            for statement in install_region():
                connection.exec_driver_sql(statement)

    asyncio.run(_as_owner(settings, work, then=_seed))


async def _seed(connection: AsyncConnection) -> None:
    """What all counties share from the start: the working days."""
    if await connection.run_sync(lambda plain: inspect(plain).has_table("calendar_days")):
        async with AsyncSession(connection) as session:
            await seed_calendar(session, now=now())
            await session.commit()  # of the session alone; the transaction is the outer one


def draw_up(settings: Settings, message: str) -> None:
    """Write the version that leads from the database to the models (for developers)."""

    def work(connection: Connection) -> None:
        command.revision(_config(connection), message, autogenerate=True, rev_id=_next_id())

    asyncio.run(_as_owner(settings, work))


def differences(connection: Connection) -> None:
    """Raise if the database that the versions reach differs from the models."""
    command.check(_config(connection))


def _next_id() -> str:
    versions = [int(file.name[:4]) for file in (_HERE / "versions").glob("[0-9]*.py")]
    return f"{max(versions, default=0) + 1:04d}"
