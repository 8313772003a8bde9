"""Which plugins a county has and could have, and what it is to run when one comes or goes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gridgov.contract.rulebook import Rulebook
from gridgov.kernel.errors import Conflict
from gridgov.plugins import Plugins
from gridgov.policy import PolicyError
from gridgov.rulebook.types import PluginRow, Wish


def rows_of(running: Rulebook, wish: Wish, installed: Plugins) -> Iterator[PluginRow]:
    """Those that run first, in the order in which they are asked, then what is there besides."""
    chains = (running.plugins, *(part.plugins for part in running.parts.values()))
    runs: Mapping[str, str] = {made.name: made.version for chain in chains for made in chain}
    for name in dict.fromkeys((*runs, *installed.loaded, *installed.left_out)):
        plugin = installed.loaded.get(name)
        says = installed.left_out.get(name, "")
        title = ""
        try:
            title = plugin.declared.name if plugin else ""
        except PolicyError as error:
            says = " ".join(map(str, error.faults))
        yield PluginRow(
            name=name,
            title=title,
            runs=runs.get(name),
            installed=plugin.version if plugin else None,
            enabled=name in wish.plugins or name in wish.parts,
            part=wish.parts.get(name, ""),
            says=says,
        )


def with_plugin(wish: Wish, name: str, *, path: str = "") -> Wish:
    """The wish with one more, asked last; or ruling only the part below ``path``."""
    if name in wish.plugins or name in wish.parts:
        raise Conflict("“{name}”已经启用。", name=name)
    if path:
        return replace(wish, parts={**wish.parts, name: path})
    return replace(wish, plugins=(*wish.plugins, name))


def without_plugin(wish: Wish, name: str) -> Wish:
    """The wish without it."""
    if name not in wish.plugins and name not in wish.parts:
        raise Conflict("“{name}”没有启用。", name=name)
    return replace(
        wish,
        plugins=tuple(one for one in wish.plugins if one != name),
        parts={one: path for one, path in wish.parts.items() if one != name},
    )
