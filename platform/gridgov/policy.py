"""The one door to a county's plugins: what a tenant's rulebook says, what its hooks answer."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from time import perf_counter
from types import ModuleType
from typing import Final, ParamSpec, TypeVar, cast

import pluggy

from gridgov.contract import hooks
from gridgov.contract.answers import Answer, Fault, Tell, check_answer, nobody, where
from gridgov.contract.declarations import Category, County
from gridgov.contract.lookups import Lookups
from gridgov.contract.relisting import Changes, as_listed
from gridgov.contract.rulebook import Edition, Rulebook
from gridgov.contract.tables import NO_TABLES, Tables
from gridgov.contract.wording import worded
from gridgov.plugins import Plugin, Plugins, PolicyError

__all__ = ["Answer", "Fault", "Policies", "Policy", "PolicyError", "Tell"]

P = ParamSpec("P")
R = TypeVar("R")

LONGEST_ANSWER: Final = 0.05
"""Seconds that a hook may take: it is asked while a page waits, and it holds the whole process."""

_log = logging.getLogger("gridgov.policy")


class Policy(Lookups):
    """What one tenant runs, as it is in the whole county or, by ``at``, in a part of it."""

    def __init__(
        self,
        rulebook: Rulebook,
        plugins: Plugins,
        *,
        tenant: str = "",
        editions: Sequence[Edition] = (),
        where: Mapping[str, str] | None = None,
        changes: Changes = (),
        tell: Tell = nobody,
    ) -> None:
        """``editions`` are all that the tenant ran, newest first; ``where`` parts lie (paths).

        ``changes`` are what it changed in its lists, oldest first, the planned ones included.
        """
        self.county: County = worded(rulebook.county)
        self.plugins = rulebook.names
        self.tenant = tenant
        self.where = dict(where or {})
        self.editions = tuple(editions)
        self.changes = changes
        self.part = ""
        self.own = frozenset[str]()
        self._categories: dict[str, dict[str, Category]] = {}
        self._tell = tell
        names = dict.fromkeys(made.name for made in rulebook.plugins)
        self._asked = [name for name in names if name in plugins]
        self._manager = _manager(plugins.loaded[name] for name in self._asked)
        self._parts: list[tuple[str, Policy]] = []
        for name, path in sorted(self.where.items(), key=lambda part: -len(part[1])):
            part = rulebook.parts[name]
            there = Rulebook(plugins=(*part.plugins, *rulebook.plugins), county=part.county)
            held = Policy(
                there, plugins, tenant=tenant, editions=editions, changes=changes, tell=tell
            )
            held.part, whole = name, set(rulebook.county.categories)
            held.own = frozenset(c.code for c in part.county.categories if c not in whole)
            self._parts.append((path, held))

    def at(self, path: str) -> "Policy":
        """What holds at a place of the tree."""
        return next((part for root, part in self._parts if path.startswith(root)), self)

    def first(self, hook: Callable[P, R | None], *args: P.args, **kwargs: P.kwargs) -> Answer[R]:
        """The first answer that is not None. Whoever raises is named and left out."""
        faults: list[Fault] = []
        for plugin, value in self._answers(faults, hook, *args, **kwargs):
            if value is not None:
                return Answer(value=value, plugin=plugin, faults=tuple(faults))
        return Answer(faults=tuple(faults))

    def _answers(
        self,
        faults: list[Fault],
        hook: Callable[P, R | None],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Iterator[tuple[str, R | None]]:
        """Each implementation in turn."""
        if args:
            raise TypeError("Hooks take keyword arguments.")
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook.__name__)
        found = {each.plugin_name: each for each in caller.get_hookimpls()}
        for name in self._asked:
            if name not in found:
                continue
            began = perf_counter()
            try:
                given = {word: kwargs[word] for word in found[name].argnames}
                answer = cast("R | None", found[name].function(**given))
                check_answer(hook, answer)
            except Exception as error:  # somebody else's code: whatever it raises, the others go on
                faults.append(self.note(name, hook.__name__, error))
                continue
            if perf_counter() - began > LONGEST_ANSWER:
                faults.append(self.note(name, hook.__name__, TimeoutError()))
            yield name, answer

    def note(self, plugin: str, hook: str, error: Exception) -> Fault:
        """Name a fault of a plugin, in the log and to whoever is told."""
        fault = Fault(plugin=plugin, hook=hook, tenant=self.tenant, what=where(error))
        _log.error("%s %s", fault.number, fault, exc_info=error)
        self._tell(fault)
        return fault

    def edition_on(self, moment: datetime) -> Edition | None:
        """The rulebook that held at a moment; the first one for what is older."""
        held = (one for one in self.editions if one.taken_at <= moment)
        return next(held, self.editions[-1] if self.editions else None)

    def county_on(self, moment: datetime) -> County:
        """What was declared at a moment, in the whole county."""
        edition = self.edition_on(moment)
        if edition is None or edition is self.editions[0]:
            return self.county
        return worded(edition.rulebook.county)

    def listed(self, code: str, at: datetime) -> Category | None:
        """A category as the county's lists had it at a moment: its urgency and its departments.

        What the county changes in its lists leaves alone what a plugin says of its own part.
        """
        category = self._declared_at(at).get(code) or self.categories.get(code)
        if category is None or code in self.own:
            return category
        return as_listed(category, self.changes, at, self.urgencies)

    def _declared_at(self, at: datetime) -> Mapping[str, Category]:
        edition = self.edition_on(at)
        if edition is None or edition is self.editions[0]:
            return self.categories
        if edition.digest not in self._categories:
            rulebook = edition.rulebook
            part = rulebook.parts.get(self.part)
            county = worded(part.county if part else rulebook.county)
            self._categories[edition.digest] = {one.code: one for one in county.categories}
        return self._categories[edition.digest]


def _manager(plugins: Iterable[Plugin]) -> pluggy.PluginManager:
    made = pluggy.PluginManager(hooks.PROJECT)
    made.add_hookspecs(hooks)
    try:
        for plugin in plugins:
            made.register(plugin.module, plugin.name)
        made.check_pending()
    except pluggy.PluginValidationError as error:
        raise PolicyError([str(error)]) from error
    return made


class Policies:
    """What can be run here: policies made from installed plugins.

    ``rights`` are all rights that the rooms know; without them those of roles are not checked.
    ``tell`` is told of every fault of a hook.
    """

    def __init__(
        self,
        modules: Mapping[str, ModuleType] | None = None,
        *,
        rights: Collection[str] | None = None,
        tell: Tell = nobody,
    ) -> None:
        self.tell = tell
        self.plugins = (
            Plugins.installed()
            if modules is None
            else Plugins({name: Plugin(name, module) for name, module in modules.items()}, {})
        )
        self.rights = rights
        self._made: dict[tuple[str, ...], Policy] = {}

    def resolve(
        self,
        names: Sequence[str],
        *,
        parts: Collection[str] = (),
        tables: Tables = NO_TABLES,
    ) -> Rulebook:
        """The rulebook of a tenant with these plugins (see ``Plugins.resolve``)."""
        return self.plugins.resolve(names, parts=parts, tables=tables, rights=self.rights)

    def of(self, names: Sequence[str]) -> Policy:
        """The policy of these plugins as they are installed, of no tenant."""
        key = tuple(names)
        if key not in self._made:
            self._made[key] = Policy(self.resolve(key), self.plugins, tell=self.tell)
        return self._made[key]
