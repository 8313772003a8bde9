"""``gridgov plugin export``: the rows of a plugin's own tables, before they are removed with it."""

import argparse
import asyncio
from pathlib import Path
from typing import Final

from sqlalchemy import Table, select

from gridgov.audit.actions import record
from gridgov.cli.plugin_rules import OPERATOR
from gridgov.cli.registry import Commands
from gridgov.cli.tables import csv_of
from gridgov.context import Context
from gridgov.kernel.db import Base, Database
from gridgov.kernel.errors import Conflict, NotFound
from gridgov.kernel.settings import Settings
from gridgov.plugins import Plugins
from gridgov.policy import Policies
from gridgov.rulebook.actions.changing import RULES
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces

EXPORTED: Final = "rules.exported"


def register(verbs: Commands) -> None:
    """Add ``export``."""
    verb = verbs.add_parser("export", help="write a county's rows of a plugin's own tables as CSV")
    verb.add_argument("name", metavar="NAME")
    verb.add_argument("--tenant", required=True, metavar="SLUG")
    verb.add_argument("--to", required=True, type=Path, metavar="DIR", help="a folder to put them")
    verb.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """One file for each table, for the owner's eyes only; nothing is overwritten."""
    if asked.name not in Plugins.installed():
        raise NotFound("没有安装插件“{name}”。", name=asked.name)
    tables = [one for one in Base.metadata.sorted_tables if one.name.startswith(f"{asked.name}_")]
    if not tables:
        print(f"“{asked.name}”没有自己的表。")
        return 0
    for file, rows in asyncio.run(_export(Settings.from_env(), asked, tables)).items():
        print(f"{file}  {rows} 行")
    return 0


async def _export(
    settings: Settings, asked: argparse.Namespace, tables: list[Table]
) -> dict[Path, int]:
    database = Database(settings, pooled=False)
    places = Workplaces(database, Rulebooks(Policies()), settings.secret)
    try:
        for found in await places.records(slug=asked.tenant):
            async with places.of(found).transaction(OPERATOR) as ctx:
                written = {
                    asked.to / f"{table.name}.csv": await _write(ctx, table, asked.to)
                    for table in tables
                }
                rows = sum(written.values())
                record(ctx, EXPORTED, RULES, ctx.tenant.id, plugin=asked.name, rows=rows)
                return written
        raise NotFound("没有“{tenant}”这个县。", tenant=asked.tenant)
    finally:
        await database.close()


async def _write(ctx: Context, table: Table, folder: Path) -> int:
    """The county's rows of a table as they are kept: what is sealed stays so."""
    columns = list(table.columns)
    found = await ctx.session.execute(select(*columns).where(table.c.tenant_id == ctx.tenant.id))
    rows = [
        [value.hex() if isinstance(value, bytes) else value for value in row] for row in found.all()
    ]
    _put(folder / f"{table.name}.csv", csv_of([column.name for column in columns], rows))
    return len(rows)


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise Conflict("{file} 已经有了，不会覆盖；请换一个文件夹。", file=str(file)) from None
    file.write_bytes(content)
