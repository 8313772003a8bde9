"""The package of a small county, made from what a plugin declares instead of read from files."""

import random
import string
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from gridgov.contract.declarations import Binds, County, Role
from gridgov.onboarding.types import (
    BindingRow,
    Brand,
    DepartmentRow,
    HoldingRow,
    Manifest,
    NodeRow,
    Package,
    StaffRow,
)

SINCE: Final = date(2026, 1, 1)
_WEST, _SOUTH, _SIDE = 113.0, 27.0, 0.01
_DEPARTMENTS: Final = 4
_WHOLE: Final = (0, 0, 4, 2)
_HALVED: Final = ("10", "20", "00")
"""How the codes of the lowest levels go on: each unit of them is halved once more."""

Box = tuple[int, int, int, int]


def a_package(
    code: str,
    county: County,
    plugins: tuple[str, ...],
    *,
    departments: Sequence[str] = (),
    also: Sequence[StaffRow] = (),
    bound: Sequence[BindingRow] = (),
    settings: Mapping[str, int | str | bool] | None = None,
) -> Package:
    """A county of up to eight grids with one account for each role, bound where it fits.

    Without ``departments`` it has the first that the categories name. ``also`` and ``bound`` add
    people and roles; their nodes are written with ``{code}`` for the county's code.
    """
    departments = departments or _departments(county)
    nodes = _tree(code, _levels(county))
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
            settings=dict(settings or {}),
        ),
        nodes=tuple(nodes),
        departments=tuple(
            DepartmentRow(code=word, name=f"测试·{word}", node=code) for word in departments
        ),
        staff=(*people, *also),
        holdings=tuple(_holdings(county, nodes, people)),
        bindings=(
            *(
                _binding(role, nodes, who, departments)
                for role, who in zip(county.roles, people, strict=True)
            ),
            *(_placed(binding, code) for binding in bound),
        ),
    )


def _departments(county: County) -> tuple[str, ...]:
    named = (code for category in county.categories for code in category.departments)
    return tuple(dict.fromkeys(named))[:_DEPARTMENTS] or ("office",)


def _levels(county: County) -> list[str]:
    """From the root down to the base in which people live."""
    declared = {level.code: level for level in county.levels}
    level = next((level for level in county.levels if level.base), county.levels[-1])
    chain = [level.code]
    while level.under:
        level = declared[level.under[0]]
        chain.append(level.code)
    return chain[::-1]


def _tree(code: str, levels: Sequence[str]) -> list[NodeRow]:
    """Square grids in rows; each higher unit is the rectangle of its grids."""
    root, *below = levels
    top = _node(code, "", root, path=f"{code}.", box=_WHOLE)
    return [top, *_below(top, code, below, _WHOLE)]


def _below(above: NodeRow, stem: str, levels: Sequence[str], box: Box) -> Iterator[NodeRow]:
    """All below a unit. ``stem`` is how the codes of its parts begin."""
    if not levels:
        return
    level, *rest = levels
    if len(levels) > len(_HALVED):
        node = _node(f"{above.code}-1", above.code, level, path=f"{above.path}1.", box=box)
        yield node
        yield from _below(node, stem, rest, box)
        return
    word = _HALVED[-len(levels)]
    for number, half in enumerate(_halves(box), start=1):
        code, path = f"{stem}{word}{number}", f"{above.path}{word}{number}."
        node = _node(code, above.code, level, path=path, box=half)
        yield node
        yield from _below(node, code, rest, half)


def _halves(box: Box) -> tuple[Box, Box]:
    west, south, east, north = box
    if east - west > north - south:
        middle = (west + east) // 2
        return (west, south, middle, north), (middle, south, east, north)
    middle = (south + north) // 2
    return (west, south, east, middle), (west, middle, east, north)


def _node(code: str, parent: str, level: str, *, path: str, box: Box) -> NodeRow:
    west, east = _WEST + _SIDE * box[0], _WEST + _SIDE * box[2]
    south, north = _SOUTH + _SIDE * box[1], _SOUTH + _SIDE * box[3]
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
    return next((node for node in nodes if node.level in role.levels), nodes[0])


def _binding(
    role: Role, nodes: Sequence[NodeRow], who: StaffRow, departments: Sequence[str]
) -> BindingRow:
    first = tuple(departments[:1]) if role.binds is Binds.DEPARTMENT else ()
    node = _home(role, nodes)
    return BindingRow(staff=who.number, role=role.code, node=node.code, departments=first)


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
) -> Iterator[HoldingRow]:
    """Whoever has a role of the same code as a post holds it on the first node that fits."""
    by_login = {person.login.replace("-", "_"): person for person in people}
    for post in county.posts:
        node = next((node for node in nodes if node.level in post.levels), None)
        if node is not None and post.code in by_login:
            yield HoldingRow(
                staff=by_login[post.code].number, post=post.code, node=node.code, valid_from=SINCE
            )
