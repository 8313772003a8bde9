"""``gridgov plugin``: what is done with plugins. Each verb is a module with ``register(verbs)``."""

from gridgov.cli import (
    plugin_check,
    plugin_export,
    plugin_new,
    plugin_remove,
    plugin_replay,
    plugin_rules,
)
from gridgov.cli.registry import Commands

VERBS = (plugin_rules, plugin_new, plugin_check, plugin_replay, plugin_export, plugin_remove)


def register(commands: Commands) -> None:
    """Add ``plugin`` with its verbs."""
    parser = commands.add_parser("plugin", help="the plugins that counties bring")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for module in VERBS:
        module.register(verbs)
