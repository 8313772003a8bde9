"""Small counties for tests, onboarded the way that real ones are, from data in memory."""

import itertools
import random
import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from gridgov.context import Tenant
from gridgov.contract.declarations import Binds, County, Role
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.db import Database
from gridgov.kernel.ids import tenant_id_of
from gridgov.kernel.settings import Settings
from gridgov.onboarding.actions.carrying import Ground, find_standing, onboard_tenant
from gridgov.onboarding.types import (
    BindingRow,
    Brand,
    Carried,
    DepartmentRow,
    HoldingRow,
    Manifest,
    NodeRow,
    Package,
    StaffRow,
)
from gridgov.policy import Policies
from gridgov.tenants.workplace import tenant_of

SINCE = date(2026, 1, 1)
WEST, SOUTH, SIDE = 113.0, 27.0, 0.01
DEPARTMENTS = ("urban", "housing", "water", "emergency")

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
    """Somebody with an account, the role that it is bound to, and the unused one-time token."""

    account_id: UUID
    staff_id: UUID
    number: str
    login: str
    role: str
    path: str
    token: str


@dataclass(frozen=True)
class ACounty:
    """What a test gets to hold: nodes by code, and by level in the order of the tree."""

    tenant: Tenant
    nodes: dict[str, Node]
    departments: dict[str, UUID]
    accounts: dict[str, Person]
    package: Package

    def at(self, level: str, number: int = 0) -> Node:
        """The first node of a level, or a later one."""
        return [node for node in self.nodes.values() if node.level == level][number]


@cache
def installed_policies() -> Policies:
    """The installed plugins, loaded once for all tests."""
    return Policies()


async def a_county(
    database: Database,
    settings: Settings,
    *,
    policies: Policies | None = None,
    plugins: tuple[str, ...] = ("liling",),
    at: datetime | None = None,
    also: Sequence[StaffRow] = (),
    bound: Sequence[BindingRow] = (),
    settings_of: dict[str, int | str | bool] | None = None,
) -> ACounty:
    """A new county of one district, two towns, four villages, eight grids, four departments.

    One account for each role of the plugin, bound where it fits: on the first node of the role's
    first level, on the root, or to the first department. ``also`` and ``bound`` add people and
    roles; their nodes are written with ``{code}`` for the county's code.
    """
    policies = policies or installed_policies()
    code = f"99{next(_numbers) % 10000:04}"
    county = policies.of(plugins).county
    package = a_package(code, county, plugins, also=also, bound=bound, settings=settings_of or {})
    moment = at or this_moment()
    async with database.session(tenant_id_of(code)) as session:
        ground = Ground(session, policies, settings.secret, moment)
        carried = await onboard_tenant(ground, package)
        there = await find_standing(ground, code)
        assert there is not None
        return _handles(package, carried, tenant_of(there.record))


def a_package(
    code: str,
    county: County,
    plugins: tuple[str, ...],
    *,
    also: Sequence[StaffRow] = (),
    bound: Sequence[BindingRow] = (),
    settings: dict[str, int | str | bool] | None = None,
) -> Package:
    """The package of a small county, as if it had been read from files."""
    nodes = _tree(code, [level.code for level in county.levels])
    people = [_person(number, role) for number, role in enumerate(county.roles, start=1)]
    return Package(
        manifest=Manifest(
            name=f"测试县{code}",
            code=code,
            slug="".join(random.choices(string.ascii_lowercase, k=12)),
            province=code[:2],
            prefecture=code[:4],
            zone="Asia/Shanghai",
            plugins=plugins,
            brand=Brand(title=f"测试县{code}网格", accent="qinghua", mark="测"),
            settings=settings or {},
        ),
        nodes=tuple(nodes),
        departments=tuple(
            DepartmentRow(code=word, name=f"测试·{word}", node=code) for word in DEPARTMENTS
        ),
        staff=(*people, *also),
        holdings=tuple(_holdings(county, nodes, people)),
        bindings=(
            *(_binding(role, nodes, who) for role, who in zip(county.roles, people, strict=True)),
            *(_placed(binding, code) for binding in bound),
        ),
    )


def _tree(code: str, levels: list[str]) -> list[NodeRow]:
    """Eight square grids in two rows; each higher unit is the rectangle of its grids."""
    county, *between, town, village, grid = levels
    nodes = [_node(code, "", county, f"{code}.", box=(0, 0, 4, 2))]
    above = nodes[0]
    for level in between:
        short = f"{code}-1"
        nodes.append(_node(short, above.code, level, f"{above.path}1.", box=(0, 0, 4, 2)))
        above = nodes[-1]
    for t in range(2):
        town_code, east = f"{code}10{t + 1}", 2 * t
        town_path = f"{above.path}10{t + 1}."
        nodes.append(_node(town_code, above.code, town, town_path, box=(east, 0, east + 2, 2)))
        for v in range(2):
            code_v, path_v = f"{town_code}20{v + 1}", f"{town_path}20{v + 1}."
            nodes.append(_node(code_v, town_code, village, path_v, box=(east, v, east + 2, v + 1)))
            for g in range(2):
                cell = (east + g, v, east + g + 1, v + 1)
                path = f"{path_v}00{g + 1}."
                nodes.append(_node(f"{code_v}00{g + 1}", code_v, grid, path, box=cell))
    return nodes


def _node(
    code: str, parent: str, level: str, path: str, *, box: tuple[int, int, int, int]
) -> NodeRow:
    west, east = WEST + SIDE * box[0], WEST + SIDE * box[2]
    south, north = SOUTH + SIDE * box[1], SOUTH + SIDE * box[3]
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    count = (box[2] - box[0]) * (box[3] - box[1])
    return NodeRow(
        code=code,
        parent=parent,
        level=level,
        name=f"测试·{code}",
        area_type="urban",
        households=20 * count,
        population=60 * count,
        synthetic=True,
        valid_from=SINCE,
        path=path,
        boundary={"type": "Polygon", "coordinates": [ring]},
        lon=round((west + east) / 2, 6),
        lat=round((south + north) / 2, 6),
    )


def _person(number: int, role: Role) -> StaffRow:
    return StaffRow(
        number=f"T{number:02}",
        name=f"测试·{role.name}",
        title=role.name,
        employment="official",
        phone=f"1990000{number:04}",
        login=role.code.replace("_", "-"),
        synthetic=True,
    )


def _home(role: Role, nodes: Sequence[NodeRow]) -> NodeRow:
    if role.binds is Binds.TENANT or not role.levels:
        return nodes[0]
    return next(node for node in nodes if node.level == role.levels[0])


def _binding(role: Role, nodes: Sequence[NodeRow], who: StaffRow) -> BindingRow:
    departments = DEPARTMENTS[:1] if role.binds is Binds.DEPARTMENT else ()
    node = _home(role, nodes)
    return BindingRow(staff=who.number, role=role.code, node=node.code, departments=departments)


def _placed(binding: BindingRow, code: str) -> BindingRow:
    return BindingRow(
        staff=binding.staff,
        role=binding.role,
        node=binding.node.format(code=code),
        departments=binding.departments,
        categories=binding.categories,
    )


def _holdings(
    county: County, nodes: Sequence[NodeRow], people: Sequence[StaffRow]
) -> Sequence[HoldingRow]:
    """Whoever has a role of the same code as a post holds it on the first node that fits."""
    by_login = {person.login.replace("-", "_"): person for person in people}
    return [
        HoldingRow(
            staff=by_login[post.code].number,
            post=post.code,
            node=next(node.code for node in nodes if node.level == post.levels[0]),
            valid_from=SINCE,
        )
        for post in county.posts
        if post.code in by_login
    ]


def _handles(package: Package, carried: Carried, tenant: Tenant) -> ACounty:
    ids = carried.ids
    tokens = {token.login: token.token for token in carried.tokens}
    paths = {row.code: row.path for row in package.nodes}
    staff = {row.number: row for row in package.staff}
    nodes = {
        row.code: Node(
            ids.nodes[row.code], row.code, row.path, row.level, row.lon or 0.0, row.lat or 0.0
        )
        for row in package.nodes
    }
    accounts: dict[str, Person] = {}
    for binding in package.bindings:
        login = staff[binding.staff].login
        name = binding.role if binding.role not in accounts else login
        accounts[name] = Person(
            account_id=ids.accounts[binding.staff],
            staff_id=ids.staff[binding.staff],
            number=binding.staff,
            login=login,
            role=binding.role,
            path=paths[binding.node],
            token=tokens[login],
        )
    return ACounty(tenant, nodes, dict(ids.departments), accounts, package)
