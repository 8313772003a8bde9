"""``gridgov migrate``: to the newest version. ``gridgov migration``: a new one is drawn up."""

import argparse
from pathlib import Path

from gridgov.cli.registry import Commands
from gridgov.embedded.stack import Stack
from gridgov.kernel.errors import Invalid
from gridgov.kernel.settings import Settings
from gridgov.migrations import running
from gridgov.migrations.tables import CORE
from gridgov.plugins import Plugins

_SCRATCH = "drawing"


def register(commands: Commands) -> None:
    """Add both."""
    parser = commands.add_parser("migrate", help="bring the database to the newest version")
    parser.set_defaults(run=migrate)
    parser = commands.add_parser("migration", help="draw up a new version from the models")
    parser.add_argument("said", metavar="TEXT", help="what it does, in a few words")
    parser.add_argument("--plugin", default=CORE, metavar="NAME", help="of a plugin's own tables")
    parser.set_defaults(run=draw_up)


def migrate(_: argparse.Namespace) -> int:
    """Migrate the database of the environment, as its owner."""
    running.migrate(Settings.from_env())
    print("The database is at the newest version.")
    return 0


def draw_up(asked: argparse.Namespace) -> int:
    """Compare the models with an empty database that was just migrated."""
    if asked.plugin != CORE:
        _versions(asked.plugin).mkdir(parents=True, exist_ok=True)
    with Stack.named("test", durable=False).opened() as stack:
        stack.sql(f"DROP DATABASE IF EXISTS {_SCRATCH} WITH (FORCE)")
        stack.prepare_database(_SCRATCH)
        settings = stack.settings(_SCRATCH)
        running.migrate(settings)
        running.draw_up(settings, asked.said, asked.plugin)
        stack.sql(f"DROP DATABASE {_SCRATCH} WITH (FORCE)")
    return 0


def _versions(name: str) -> Path:
    """Where the versions of a plugin lie, or are to lie when it gets its first table."""
    plugins = Plugins.installed()
    if name not in plugins:
        raise Invalid(f"No plugin {name} is installed, or it cannot be loaded.")
    return plugins.loaded[name].folder / "migrations" / "versions"
