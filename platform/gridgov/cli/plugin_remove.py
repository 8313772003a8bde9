"""``gridgov plugin remove``: a plugin's own tables go, before it is uninstalled."""

import argparse
import asyncio

from gridgov.cli.registry import Commands
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Conflict, NotFound
from gridgov.kernel.settings import Settings
from gridgov.migrations.running import Runs, remove_tables
from gridgov.plugins import Plugins
from gridgov.policy import Policies
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces


def register(verbs: Commands) -> None:
    """Add ``remove``."""
    verb = verbs.add_parser("remove", help="drop a plugin's own tables, with what is in them")
    verb.add_argument("name", metavar="NAME")
    verb.add_argument("--yes", action="store_true", help="without it, only told what would go")
    verb.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Refused while a county runs it: what counties kept must be exported and disabled first."""
    settings, plugins = Settings.from_env(), Plugins.installed()
    if asked.name not in plugins:
        raise NotFound("没有安装插件“{name}”。", name=asked.name)
    running = asyncio.run(_running(settings, asked.name))
    if running:
        raise Conflict("还有县在用“{name}”：{slugs}。", name=asked.name, slugs="、".join(running))
    if asked.name not in Runs(plugins).folders:
        print(f"“{asked.name}”没有自己的表。")
    elif asked.yes:
        remove_tables(settings, asked.name, plugins)
        print(f"“{asked.name}”的表已删除，可以卸载了。")
    else:
        print(
            f"会删除“{asked.name}”的全部表和里面的数据。要留底的，先用 gridgov plugin export 导出。"
            "确认后加上 --yes 再运行。"
        )
    return 0


async def _running(settings: Settings, name: str) -> list[str]:
    """The counties in which it has a say: by itself, under another, or in a part."""
    database = Database(settings, pooled=False)
    places = Workplaces(database, Rulebooks(Policies()), settings.secret)
    found: list[str] = []
    try:
        for record in await places.records():
            async with places.of(record).transaction("plugin remove") as ctx:
                if name in ctx.policy.plugins:
                    found.append(record.slug)
        return found
    finally:
        await database.close()
