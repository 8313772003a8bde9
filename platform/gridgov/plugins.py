"""The installed plugins: loaded, held to the contract's version, resolved into a rulebook."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any, Final

from gridgov.contract import hooks
from gridgov.contract.declarations import County
from gridgov.contract.layering import clashes, clashes_of_part, over, together
from gridgov.contract.linting.county import doubles, flaws
from gridgov.contract.rulebook import Brings, Brought, Made, Part, Rulebook
from gridgov.contract.tables import NO_TABLES, Tables, told

BASELINE: Final = "baseline"
"""The plugin of a tenant whose manifest names none."""

_log = logging.getLogger("gridgov.plugins")


class PolicyError(Exception):
    """A tenant's plugins cannot be used together, or one of them cannot be used: every fault."""

    def __init__(self, faults: Sequence[object]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


@dataclass(frozen=True)
class Plugin:
    """One that is installed. ``version`` is that of its distribution."""

    name: str
    module: ModuleType
    version: str = ""

    @property
    def folder(self) -> Path:
        """Where its files lie: templates, static, locale, migrations."""
        return Path(str(self.module.__file__)).parent

    @cached_property
    def declared(self) -> County:
        """Its own declarations, nothing laid under them; PolicyError if it cannot give them."""
        ask = getattr(self.module, "county", None)
        if ask is None:
            return County(name=self.name)
        try:
            county: County = ask()
        except Exception as error:  # somebody else's code
            raise PolicyError([f"{self.name}: county, raised: {error!r}"]) from error
        found = doubles(county, self.name)
        if found:
            raise PolicyError(found)
        return county

    @cached_property
    def brought(self) -> tuple[Brought, ...]:
        """What its code adds besides: own pages, pieces in others, reactions, own tables."""
        return (
            *(Brought(kind=Brings.PAGE, what=path) for path in dict.fromkeys(self._pages())),
            *(
                Brought(kind=Brings.PIECE, what=slot.title, where=slot.page)
                for slot in self.listed("SLOTS")
            ),
            *(
                Brought(kind=Brings.REACTION, what=reaction.event)
                for reaction in self.listed("REACTIONS")
            ),
            *(Brought(kind=Brings.TABLES, what=version) for version in self._versions()),
        )

    def _pages(self) -> Iterator[str]:
        for one in self.listed("CONTROLLERS"):
            handlers = vars(one).values() if isinstance(one, type) else [one]
            base: str = getattr(one, "path", "") if isinstance(one, type) else ""
            for handler in handlers:
                for path in sorted(getattr(handler, "paths", ())):
                    yield f"/x/{self.name}{base}{path}".rstrip("/")

    def _versions(self) -> Iterator[str]:
        if hasattr(self.module, "__file__"):
            found = (self.folder / "migrations" / "versions").glob("[0-9]*.py")
            yield from sorted(version.stem for version in found)

    def listed(self, attribute: str) -> Sequence[Any]:
        """What the module says under ``CONTROLLERS``, ``SLOTS`` or ``REACTIONS``."""
        found: Sequence[Any] = getattr(self.module, attribute, ())
        return found


class Plugins:
    """All that are installed, by name; and why others are left out."""

    def __init__(self, loaded: Mapping[str, Plugin], left_out: Mapping[str, str]) -> None:
        self.loaded = dict(loaded)
        self.left_out = dict(left_out)

    @classmethod
    def installed(cls) -> "Plugins":
        """Those of the entry points. One that cannot be used is named and left out."""
        loaded: dict[str, Plugin] = {}
        left_out: dict[str, str] = {}
        for point in sorted(entry_points(group=hooks.PROJECT), key=lambda point: point.name):
            try:
                loaded[point.name] = _loaded(point)
            except Exception as error:  # somebody else's code: whatever it raises, others go on
                left_out[point.name] = f"{point.name}: {_why(error)}"
                _log.exception("plugin %s cannot be used and is left out", point.name)
        return cls(loaded, left_out)

    def leave_out(self, name: str, error: Exception) -> None:
        """It turned out that one cannot be used after all."""
        del self.loaded[name]
        self.left_out[name] = f"{name}: {error}"
        _log.error("plugin %s cannot be used and is left out", name, exc_info=error)

    def resolve(
        self,
        names: Collection[str],
        *,
        parts: Collection[str] = (),
        tables: Tables = NO_TABLES,
        rights: Collection[str] | None = None,
    ) -> Rulebook:
        """The rulebook of a tenant with these plugins, in this order.

        ``parts`` are those that rule a part of it; ``tables`` is what the tenant's manifest says
        besides, laid over all. ``rights`` are all rights that any room knows; None leaves those of
        roles unchecked. Raises PolicyError with a line for each fault.
        """
        first, *_ = named = tuple(names) or (BASELINE,)
        chains = {one: self.chain(one) for name in named for one in self.chain(name)}
        asked = dict.fromkeys(one for name in named for one in chains[name])
        own = {name: self.loaded[name].declared for name in asked}
        faults: list[object] = [*clashes(own, chains)]
        laid = self._laid(_bases_first(chains[name] for name in named))
        whole = over(laid, replace(told(laid, tables), name=own[first].name))
        ruled: dict[str, Part] = {}
        for name in parts:
            chain = [one for one in self.chain(name) if one not in asked]
            added = self._laid(chain[::-1])
            faults += clashes_of_part(whole, added, (first, name))
            ruled[name] = Part(plugins=self._made(chain), county=over(whole, added))
        everything = together({"": whole, **{name: part.county for name, part in ruled.items()}})
        label = "+".join(named)
        faults += flaws(everything, label, rights=rights)
        faults += [flaw for name, part in ruled.items() for flaw in flaws(part.county, name)]
        if faults:
            raise PolicyError(faults)
        return Rulebook(plugins=self._made(asked), county=everything, parts=ruled)

    def chain(self, name: str) -> tuple[str, ...]:
        """The plugin, what it builds on, and so on; PolicyError if one is missing or not for it."""
        found: list[str] = []
        while name:
            if name in found:
                raise PolicyError([f"{found[0]}: county, builds_on: {name} builds on itself."])
            plugin = self.loaded.get(name)
            if plugin is None:
                said = self.left_out.get(name, f"{name} is not installed.")
                raise PolicyError([f"{found[0]}: county, builds_on: {said}" if found else said])
            if found and not plugin.declared.reusable:
                raise PolicyError(
                    [f"{found[-1]}: county, builds_on: {name} does not say that it is reusable."]
                )
            found.append(name)
            name = plugin.declared.builds_on
        return tuple(found)

    def _laid(self, names: Iterable[str]) -> County:
        """Their own declarations, each over those before it."""
        return reduce(over, (self.loaded[name].declared for name in names))

    def _made(self, names: Collection[str]) -> tuple[Made, ...]:
        return tuple(
            Made(name=name, version=plugin.version, brought=plugin.brought)
            for name in names
            for plugin in (self.loaded[name],)
        )

    def __iter__(self) -> Iterator[Plugin]:
        return iter(self.loaded.values())

    def __contains__(self, name: object) -> bool:
        return name in self.loaded


def _bases_first(chains: Iterable[Sequence[str]]) -> Iterable[str]:
    """Every plugin once, after what it builds on."""
    return dict.fromkeys(name for chain in chains for name in reversed(chain))


def _loaded(point: EntryPoint) -> Plugin:
    module: ModuleType = point.load()
    speaks = getattr(module, "API", None)
    if speaks != hooks.API:
        raise PolicyError(
            [f"It is written for API {speaks} of the contract; this platform has {hooks.API}."]
        )
    return Plugin(point.name, module, point.dist.version if point.dist else "")


def _why(error: Exception) -> str:
    """What it says; where the plugin's own code raised it, also where."""
    frames = extract_tb(error.__traceback__)
    own = [at for at in frames if at.filename != __file__ and "importlib" not in at.filename]
    if not own:
        return str(error)
    name = type(error).__name__
    return f"{error} ({name} in {Path(own[-1].filename).name}, line {own[-1].lineno})"
