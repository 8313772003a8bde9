"""What is compiled is what casbin decides."""

import pytest

from factories.packages import tiny_policies
from gridgov.access.actions.deciding import (
    declared_rights,
    enforcer,
    lines,
    region_lines,
    region_rights_of,
    rights_of,
    split,
)
from gridgov.access.types import REGION_ADMIN
from gridgov.testkit.counties import installed_policies

DOMAIN = "tenant-of-a-test"
POLICIES = [
    *(installed_policies().of([name]) for name in installed_policies().plugins.loaded),
    tiny_policies().of(["tiny"]),
]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.county.name)
def test_the_compiled_rights_equal_what_casbin_enforces_for_every_role_and_right(policy):
    groups = [(f"account-of-{role.code}", role.code, DOMAIN) for role in policy.county.roles]
    judge = enforcer(lines(policy, DOMAIN), groups)

    differing = [
        (role.code, right)
        for role in policy.county.roles
        for right in declared_rights(policy)
        for subject in (f"account-of-{role.code}",)
        if judge.enforce(subject, DOMAIN, *split(right)) != (right in rights_of(policy, role.code))
    ]

    assert differing == []


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.county.name)
def test_each_role_has_what_it_declares_and_nothing_else(policy):
    for role in policy.county.roles:
        assert rights_of(policy, role.code) == set(role.rights)


def test_a_role_of_nobody_has_no_rights():
    assert rights_of(POLICIES[0], "no-such-role") == frozenset()


def test_a_binding_in_one_county_decides_nothing_in_another():
    policy = POLICIES[0]
    role = next(role for role in policy.county.roles if role.rights)
    everywhere = [*lines(policy, "here"), *lines(policy, "there")]
    judge = enforcer(everywhere, [("somebody", role.code, "here")])
    right = split(role.rights[0])

    assert judge.enforce("somebody", "here", *right)
    assert not judge.enforce("somebody", "there", *right)


def test_a_region_role_reaches_its_region_and_no_county():
    judge = enforcer(
        [*region_lines("province:43"), *region_lines("province:62")],
        [("somebody", REGION_ADMIN, "province:43")],
    )

    assert judge.enforce("somebody", "province:43", "region", "read")
    assert not judge.enforce("somebody", "province:62", "region", "read")
    assert region_rights_of("province:43", REGION_ADMIN) == {"region.read"}
    assert region_rights_of("province:43", "county_admin") == frozenset()


def test_a_plugins_right_keeps_its_prefix():
    assert split("liling.kiln.read") == ("liling.kiln", "read")
