"""The hooks. Each asks one question; its answer never changes anything by itself.

Hooks are asked while a page waits, so they get frozen facts (no rows, no session) and have 50 ms.
Arguments that a plugin does not need may be left out of its implementation.
"""

import pluggy

from gridgov.contract.declarations import County
from gridgov.contract.facts import CaseFacts, Route

PROJECT = "gridgov"
API = 1
"""The version of the contract. A plugin names the one that it was written for."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def county() -> County:  # type: ignore[empty-body]
    """What is special about this county?

    Asked once, when the plugin is loaded. The answer is linted, laid over what it builds on, and
    kept as the rulebook of every tenant that enables or upgrades the plugin; until a tenant
    upgrades, it runs what it kept.

    Example:
        @hookimpl
        def county() -> County:
            return County(name="试点县", builds_on="baseline", categories=CATEGORIES)
    """


@hookspec(firstresult=True)
def case_route(case: CaseFacts) -> Route | None:
    """Which department should take this case, and why?

    Asked whenever the desk looks for a department: for each case of the dispatch desk and when
    one is dispatched. The first answer in the order of the manifest is suggested, with its reason
    and the plugin's name; below the tenant's least confidence the desk abstains. ``None`` leaves
    it to the county's own data and the category's list.

    Example:
        @hookimpl
        def case_route(case: CaseFacts) -> Route | None:
            if case.area == "rural" and case.category == "E0110":
                return Route(department="transport", confidence=0.85, reason=N_("农村公路"))
            return None
    """
