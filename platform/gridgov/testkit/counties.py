"""Small counties of whatever a plugin declares, onboarded as real ones are, from data in memory."""

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from gridgov.context import Tenant
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.crypto import Vault
from gridgov.kernel.db import Database
from gridgov.kernel.ids import tenant_id_of
from gridgov.kernel.settings import Settings
from gridgov.onboarding.actions.carrying import Ground, find_standing, onboard_tenant
from gridgov.onboarding.types import BindingRow, Carried, Ids, Package, StaffRow
from gridgov.policy import Policies, Policy
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import tenant_of
from gridgov.testkit.packages import a_package

_numbers = itertools.count(random.randrange(9000))


@dataclass(frozen=True)
class Node:
    """One unit of the small county; ``lon`` and ``lat`` lie inside."""

    id: UUID
    code: str
    path: str
    level: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Person:
    """Somebody with an account, the role that it is bound to, and the one-time token if unused."""

    account_id: UUID
    staff_id: UUID
    number: str
    login: str
    role: str
    path: str
    token: str


@dataclass(frozen=True)
class ACounty:
    """What a test gets to hold: nodes by code, departments by code, accounts by role."""

    tenant: Tenant
    policy: Policy
    vault: Vault
    nodes: dict[str, Node]
    departments: dict[str, UUID]
    accounts: dict[str, Person]
    package: Package

    def at(self, level: str, number: int = 0) -> Node:
        """The first node of a level in the order of the tree, or a later one."""
        found = [node for node in self.nodes.values() if node.level == level]
        assert len(found) > number, f"{len(found)} nodes of {level} in {self._levels()}."
        return found[number]

    def _levels(self) -> str:
        return ", ".join(dict.fromkeys(node.level for node in self.nodes.values()))


@cache
def installed_policies() -> Policies:
    """The installed plugins, loaded once for all tests."""
    return Policies()


async def a_county(
    database: Database,
    settings: Settings,
    *,
    plugins: Sequence[str],
    policies: Policies | None = None,
    at: datetime | None = None,
    departments: Sequence[str] = (),
    also: Sequence[StaffRow] = (),
    bound: Sequence[BindingRow] = (),
    settings_of: Mapping[str, int | str | bool] | None = None,
) -> ACounty:
    """A new small county with these plugins (see :func:`a_package`) under a made-up code."""
    policies = policies or installed_policies()
    code = f"99{next(_numbers) % 10000:04}"
    names = tuple(plugins)
    package = a_package(
        code,
        policies.of(names).county,
        names,
        departments=departments,
        also=also,
        bound=bound,
        settings=settings_of,
    )
    return await on_the_air(database, settings, package, policies=policies, at=at)


async def on_the_air(
    database: Database,
    settings: Settings,
    package: Package,
    *,
    policies: Policies | None = None,
    at: datetime | None = None,
) -> ACounty:
    """The county of this package: opened, or brought up to it."""
    policies = policies or installed_policies()
    code = package.manifest.code
    async with database.session(tenant_id_of(code)) as session:
        ground = Ground(session, policies, settings.secret, at or this_moment())
        carried = await onboard_tenant(ground, package)
        there = await find_standing(ground, code)
        if there is None:
            raise LookupError(code)
        policy = await Rulebooks(policies).of(session, there.record)
        vault = Vault.unwrap(settings.secret, there.record.id, there.record.data_key)
    return ACounty(
        tenant_of(there.record),
        policy,
        vault,
        _nodes(package, carried.ids),
        carried.ids.departments,
        _accounts(package, carried),
        package,
    )


def _nodes(package: Package, ids: Ids) -> dict[str, Node]:
    return {
        row.code: Node(
            ids.nodes[row.code], row.code, row.path, row.level, row.lon or 0.0, row.lat or 0.0
        )
        for row in package.nodes
    }


def _accounts(package: Package, carried: Carried) -> dict[str, Person]:
    """By role; who has a role that somebody else has already, by login."""
    tokens = {token.login: token.token for token in carried.tokens}
    paths = {row.code: row.path for row in package.nodes}
    staff = {row.number: row for row in package.staff}
    accounts: dict[str, Person] = {}
    for binding in package.bindings:
        login = staff[binding.staff].login
        name = binding.role if binding.role not in accounts else login
        accounts[name] = Person(
            account_id=carried.ids.accounts[binding.staff],
            staff_id=carried.ids.staff[binding.staff],
            number=binding.staff,
            login=login,
            role=binding.role,
            path=paths[binding.node],
            token=tokens.get(login, ""),
        )
    return accounts
