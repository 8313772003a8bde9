"""Casbin decides; each decision is asked once and kept.

``enforce`` takes from half a millisecond to several, so no request calls it: per role it is asked
for every right that anybody declared, and the answers are kept as a set for as long as the
resolved declarations live. A tenant's plugins change only together with its policy object.
"""

import logging
from functools import lru_cache
from typing import Any, Final

import casbin  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from gridgov.access.types import REGION_ADMIN
from gridgov.policy import Policy

MODEL: Final = """
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
"""

REGION_RIGHTS: Final = {REGION_ADMIN: ("region.read",)}
_HERE: Final = "tenant"
_KEPT: Final = 1024

Line = tuple[str, str, str, str]


def split(right: str) -> tuple[str, str]:
    """``case.dispatch`` is the action ``dispatch`` on ``case``; a plugin's have a prefix more."""
    resource, _, action = right.rpartition(".")
    return resource, action


logging.getLogger("casbin.policy").setLevel(logging.WARNING)  # it prints every model that it loads


def lines(policy: Policy, domain: str) -> list[Line]:
    """``p, role, domain, resource, action`` for every role that the county declares."""
    return [
        (role.code, domain, *split(right))
        for role in policy.county.roles
        for right in sorted(set(role.rights))
    ]


def region_lines(region: str) -> list[Line]:
    """The core's own lines, for the roles above the counties."""
    return [
        (role, region, *split(right)) for role, rights in REGION_RIGHTS.items() for right in rights
    ]


def enforcer(policies: list[Line], groups: list[tuple[str, str, str]]) -> Any:
    """Casbin with these policies and ``g, account, role, domain`` lines; slow, so asked rarely."""
    model: Any = casbin.Model()
    model.load_model_from_text(MODEL)
    made: Any = casbin.Enforcer(model)
    made.add_policies([list(line) for line in policies])
    made.add_grouping_policies([list(group) for group in groups])
    return made


@lru_cache(maxsize=64)
def declared_rights(policy: Policy) -> tuple[str, ...]:
    """Every right that some role of the county gives."""
    return tuple(sorted({right for role in policy.county.roles for right in role.rights}))


@lru_cache(maxsize=_KEPT)
def rights_of(policy: Policy, role: str) -> frozenset[str]:
    """What casbin allows the role, over all declared rights. An undeclared role gets nothing."""
    own = [line for line in lines(policy, _HERE) if line[0] == role]
    judge = enforcer(own, [])
    return frozenset(
        right for right in declared_rights(policy) if judge.enforce(role, _HERE, *split(right))
    )


@lru_cache(maxsize=_KEPT)
def region_rights_of(region: str, role: str) -> frozenset[str]:
    """The same for a role above the counties."""
    judge = enforcer(region_lines(region), [])
    everything = {right for rights in REGION_RIGHTS.values() for right in rights}
    return frozenset(right for right in everything if judge.enforce(role, region, *split(right)))
