"""The one door to a county's plugins: one pluggy manager per tenant."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

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
    Urgency,
)
from gridgov.contract.linting import flaws
from gridgov.contract.wording import worded

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger("gridgov.policy")


class PolicyError(Exception):
    """A tenant's plugins cannot be used together, or one of them cannot be loaded."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Which plugin answered a question, and what."""

    plugin: str
    answer: Any


def installed() -> dict[str, ModuleType]:
    """Every installed county plugin by name. One that cannot be imported is named and left out."""
    found: dict[str, ModuleType] = {}
    for point in entry_points(group=hooks.PROJECT):
        try:
            found[point.name] = point.load()
        except Exception:  # somebody else's code: whatever it raises, the others go on
            _log.exception("plugin %s cannot be loaded and is left out", point.name)
    return found


class Policy:
    """The plugins of one tenant, in the order of its manifest."""

    def __init__(self, plugins: Sequence[tuple[str, ModuleType]]) -> None:
        self._manager = pluggy.PluginManager(hooks.PROJECT)
        self._manager.add_hookspecs(hooks)
        for name, module in reversed(plugins):  # pluggy asks the last registered first
            self._manager.register(module, name)
        self._manager.check_pending()
        self.plugins = tuple(name for name, _ in plugins)

    @cached_property
    def county(self) -> County:
        """The resolved declarations; more or fewer than one county is a load error."""
        answers = list(self._answers(hooks.county))
        if len(answers) != 1:
            named = ", ".join(answer.plugin for answer in answers) or "none"
            raise PolicyError(f"Exactly one plugin must declare the county; these did: {named}.")
        county: County = answers[0].answer
        return worded(county)

    def first(
        self, hook: Callable[P, R | None], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[str, R] | None:
        """The first answer that is not None, with the name of the plugin that gave it."""
        for answered in self._answers(hook, *args, **kwargs):
            if answered.answer is not None:
                return answered.plugin, answered.answer
        return None

    def _answers(
        self, hook: Callable[P, R | None], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[Answered]:
        """Each implementation in turn. One that raises is named in the log and left out."""
        if args:
            raise TypeError("Hooks take keyword arguments.")
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook.__name__)
        for implementation in reversed(caller.get_hookimpls()):
            try:
                given = {name: kwargs[name] for name in implementation.argnames}
                yield Answered(implementation.plugin_name, implementation.function(**given))
            except Exception:  # as above
                _log.exception(
                    "plugin %s raised in hook %s", implementation.plugin_name, hook.__name__
                )

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
        """Case kinds by code and version."""
        return {(kind.code, kind.version): kind for kind in self.county.case_kinds}

    @cached_property
    def ratings(self) -> dict[str, Field]:
        """What reporters are asked to rate, whatever the kind of case, by code."""
        return {rating.code: rating for kind in self.county.case_kinds for rating in kind.ratings}

    @cached_property
    def defaults(self) -> dict[str, int | str | bool]:
        """The settings that a tenant has not changed."""
        return {setting.code: setting.default for setting in self.county.settings}


class Policies:
    """The policies of all tenants: made once for each list of plugins, and linted.

    ``rights`` are all rights that the rooms know; without them those of roles are not checked.
    """

    def __init__(
        self,
        plugins: dict[str, ModuleType] | None = None,
        *,
        rights: Collection[str] | None = None,
    ) -> None:
        self.installed = installed() if plugins is None else plugins
        self.rights = rights
        self._made: dict[tuple[str, ...], Policy] = {}

    def of(self, names: Iterable[str]) -> Policy:
        """The policy of a tenant with these plugins.

        Raises PolicyError if one is not installed, or with a line for each flaw of the county.
        """
        key = tuple(names)
        if key not in self._made:
            missing = [name for name in key if name not in self.installed]
            if missing:
                raise PolicyError(f"These plugins are not installed: {', '.join(missing)}.")
            made = Policy([(name, self.installed[name]) for name in key])
            found = flaws(made.county, "+".join(key), rights=self.rights)
            if found:
                raise PolicyError("\n".join(map(str, found)))
            self._made[key] = made
        return self._made[key]
