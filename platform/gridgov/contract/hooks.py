"""The hooks. Each asks one question; its answer never changes anything by itself."""

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

    Asked once when the plugin is loaded; the answer is linted and must not change while it runs.
    """


@hookspec(firstresult=True)
def case_route(case: CaseFacts) -> Route | None:
    """Which department should take this case, and why?

    Asked when the dispatch desk shows a case. ``None`` leaves it to the category's list.
    """
