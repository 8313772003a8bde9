"""The one door to a county's plugins: what a tenant's rulebook says, what its hooks answer."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from time import perf_counter
from types import ModuleType
from typing import Final, ParamSpec, TypeVar, cast

import pluggy

from gridgov.contract import hooks
from gridgov.contract.declarations import (
    CaseKind,
    Category,
    County,
    Field,
    Level,
    Post,
    Role,
    Setting,
    Urgency,
)
from gridgov.contract.rulebook import Rulebook
from gridgov.contract.tables import NO_TABLES, Tables
from gridgov.contract.wording import worded
from gridgov.kernel.ids import new_id
from gridgov.plugins import Plugin, Plugins, PolicyError

__all__ = ["Policies", "Policy", "PolicyError"]

P = ParamSpec("P")
R = TypeVar("R")

LONGEST_ANSWER: Final = 0.05
"""Seconds that a hook may take: it is asked while a page waits, and it holds the whole process."""

_log = logging.getLogger("gridgov.policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A hook that raised or took too long. ``number`` is shown to people and stands in the log."""

    number: str
    plugin: str
    hook: str
    tenant: str
    what: str


class Policy:
    """What one tenant runs, as it is in the whole county or, by ``at``, in a part of it."""

    def __init__(
        self,
        rulebook: Rulebook,
        plugins: Plugins,
        *,
        tenant: str = "",
        past: Collection[CaseKind] = (),
        where: Mapping[str, str] | None = None,
    ) -> None:
        """``past`` are kinds of cases that only running cases know; ``where`` parts lie (paths)."""
        self.county: County = worded(rulebook.county)
        self.plugins = rulebook.names
        self.tenant = tenant
        self.where = dict(where or {})
        self._past = worded(County(name="", case_kinds=tuple(past))).case_kinds
        self._asked = [made.name for made in rulebook.plugins if made.name in plugins]
        self._manager = _manager(plugins.loaded[name] for name in self._asked)
        self._parts: list[tuple[str, Policy]] = []
        for name, path in sorted(self.where.items(), key=lambda part: -len(part[1])):
            part = rulebook.parts[name]
            there = Rulebook(plugins=(*part.plugins, *rulebook.plugins), county=part.county)
            self._parts.append((path, Policy(there, plugins, tenant=tenant, past=past)))

    def at(self, path: str) -> "Policy":
        """What holds at a place of the tree."""
        return next((part for root, part in self._parts if path.startswith(root)), self)

    def first(
        self, hook: Callable[P, R | None], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[str, R] | None:
        """The first answer that is not None, with the name of the plugin that gave it."""
        for plugin, answer in self._answers(hook, *args, **kwargs):
            if answer is not None:
                return plugin, answer
        return None

    def _answers(
        self, hook: Callable[P, R | None], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[tuple[str, R | None]]:
        """Each implementation in turn. One that raises is named and left out."""
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
            except Exception as error:  # somebody else's code: whatever it raises, the others go on
                self._note(name, hook.__name__, type(error).__name__, error)
                continue
            if (took := perf_counter() - began) > LONGEST_ANSWER:
                self._note(name, hook.__name__, f"took {took:.2f} s")
            yield name, answer

    def _note(self, plugin: str, hook: str, what: str, error: Exception | None = None) -> None:
        fault = Fault(
            number=new_id().hex[-8:], plugin=plugin, hook=hook, tenant=self.tenant, what=what
        )
        _log.error("%s", fault, exc_info=error)

    # What the rooms look up all the time, by code.

    @cached_property
    def levels(self) -> dict[str, Level]:
        """Levels by code, from the root down."""
        return {level.code: level for level in self.county.levels}

    @cached_property
    def posts(self) -> dict[str, Post]:
        """Posts by code."""
        return {post.code: post for post in self.county.posts}

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Roles by code."""
        return {role.code: role for role in self.county.roles}

    @cached_property
    def categories(self) -> dict[str, Category]:
        """Categories by code, parents included."""
        return {category.code: category for category in self.county.categories}

    def leaves_of(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The categories named, and those below them: what a scope or a filter narrows to."""
        wanted = set(codes)
        return tuple(
            category.code
            for category in self.county.categories
            if category.code in wanted or category.parent in wanted
        )

    @cached_property
    def urgencies(self) -> dict[str, Urgency]:
        """Urgencies by code."""
        return {urgency.code: urgency for urgency in self.county.urgencies}

    @cached_property
    def kinds(self) -> dict[tuple[str, int], CaseKind]:
        """Case kinds by code and version; also those that only running cases know."""
        known = chain(self._past, self.county.case_kinds)
        return {(kind.code, kind.version): kind for kind in known}

    @cached_property
    def ratings(self) -> dict[str, Field]:
        """What reporters are asked to rate, whatever the kind of case, by code."""
        return {rating.code: rating for kind in self.county.case_kinds for rating in kind.ratings}

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """Settings by code, in the county's order."""
        return {setting.code: setting for setting in self.county.settings}

    @cached_property
    def defaults(self) -> dict[str, int | str | bool]:
        """The settings that a tenant has not changed."""
        return {code: setting.default for code, setting in self.settings.items()}


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
    """

    def __init__(
        self,
        modules: Mapping[str, ModuleType] | None = None,
        *,
        rights: Collection[str] | None = None,
    ) -> None:
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
            self._made[key] = Policy(self.resolve(key), self.plugins)
        return self._made[key]
