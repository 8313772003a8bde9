"""The baseline: what a county runs that has no plugin, and what most plugins build on.

The common flow of grid-based service in neutral words. Its numbers are choices to begin with; a
county sets its own in the tables of its manifest, or with a plugin that lies over this one.
"""

from gridgov.baseline.categories import CATEGORIES
from gridgov.baseline.clocks import URGENCIES
from gridgov.baseline.flow import FLOW
from gridgov.baseline.levels import LEVELS
from gridgov.baseline.navigation import NAVIGATION
from gridgov.baseline.posts import POSTS
from gridgov.baseline.roles import ROLES
from gridgov.baseline.settings import SETTINGS
from gridgov.contract.declarations import County
from gridgov.contract.hooks import hookimpl

API = 1


@hookimpl
def county() -> County:
    """The common rules, as one value."""
    return County(
        name="通用规则",
        reusable=True,
        levels=LEVELS,
        posts=POSTS,
        roles=ROLES,
        case_kinds=(FLOW,),
        categories=CATEGORIES,
        urgencies=URGENCIES,
        settings=SETTINGS,
        navigation=NAVIGATION,
        glossary={"退单": "部门说明理由，把派来的事件退回调度"},
    )
