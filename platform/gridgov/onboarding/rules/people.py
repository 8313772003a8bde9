"""Checking offices, departments, people, posts and bindings against tree and declarations."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter
from typing import Any, Final

from gridgov.contract.declarations import Binds, County, Role
from gridgov.onboarding.rules.columns import BINDINGS, DEPARTMENTS, OFFICES, POSTS, STAFF, TOPICS
from gridgov.onboarding.rules.sheets import Faults, Sheet, read_sheet
from gridgov.onboarding.types import (
    BindingRow,
    DepartmentRow,
    HoldingRow,
    NodeRow,
    OfficeRow,
    StaffRow,
    TopicRow,
)


@dataclass(frozen=True, slots=True)
class People:
    """What the six files say."""

    offices: Sequence[OfficeRow]
    departments: Sequence[DepartmentRow]
    staff: Sequence[StaffRow]
    holdings: Sequence[HoldingRow]
    bindings: Sequence[BindingRow]
    topics: Sequence[TopicRow]


class Register:
    """The words that cells may refer to, and the sentence for one that is not among them."""

    def __init__(
        self, faults: Faults, county: County, nodes: Sequence[NodeRow], people: People
    ) -> None:
        self.faults = faults
        self.nodes = {node.code: node for node in nodes}
        self.departments = {row.code for row in people.departments}
        self.staff = {row.number: row for row in people.staff}
        self.levels = {level.code: level.name for level in county.levels}
        self.desks = {level.code for level in county.levels if level.desk}
        self.posts = {post.code: post for post in county.posts}
        self.roles = {role.code: role for role in county.roles}
        self.categories = {category.code for category in county.categories}

    def knows(
        self, sheet: Sheet[Any], line: int, reference: tuple[str, str], known: Collection[str]
    ) -> bool:
        """Whether a (column, code) refers to something; notes the fault if not."""
        column, code = reference
        if code in known:
            return True
        if code:
            message = f"{_WORDS[column]}“{code}”不存在。"
            self.faults.cell(sheet.file, line, column, message)
        return False


_WORDS: Final = {
    "node": "网格节点",
    "staff": "工号",
    "department": "部门",
    "departments": "部门",
    "post": "岗位",
    "role": "角色",
    "category": "类别",
    "categories": "类别",
}


def read_people(
    files: Mapping[str, bytes], faults: Faults, *, nodes: Sequence[NodeRow], county: County
) -> People:
    """All that the six files say, checked against the tree and the county's declarations."""
    people = People(
        read_sheet(OFFICES, files, faults),
        read_sheet(DEPARTMENTS, files, faults),
        read_sheet(STAFF, files, faults),
        read_sheet(POSTS, files, faults),
        read_sheet(BINDINGS, files, faults),
        read_sheet(TOPICS, files, faults),
    )
    register = Register(faults, county, nodes, people)
    _check_offices(people.offices, register)
    _check_departments(people.departments, register)
    _check_staff(people.staff, register)
    _check_holdings(people.holdings, register)
    _check_bindings(people.bindings, register)
    _check_topics(people.topics, register)
    return people


def _repeats(rows: Sequence[Any], key: Callable[[Any], Any]) -> Iterator[tuple[Any, Any]]:
    """Each row whose key an earlier row has already, with that row. An empty key is no key."""
    first: dict[Any, Any] = {}
    for row in rows:
        if key(row) and first.setdefault(key(row), row) is not row:
            yield row, first[key(row)]


def _unique(sheet: Sheet[Any], rows: Sequence[Any], column: str, faults: Faults) -> None:
    for row, earlier in _repeats(rows, attrgetter(column)):
        message = f"“{getattr(row, column)}”与第 {earlier.line} 行重复。"
        faults.cell(sheet.file, row.line, column, message)


def _check_offices(rows: Sequence[OfficeRow], register: Register) -> None:
    _unique(OFFICES, rows, "node", register.faults)
    for row in rows:
        if not register.knows(OFFICES, row.line, ("node", row.node), register.nodes):
            continue
        level = register.levels.get(register.nodes[row.node].level)
        if level and register.nodes[row.node].level not in register.desks:
            message = f"“{level}”没有工作机构，不用写地址、电话和时间。"
            register.faults.cell(OFFICES.file, row.line, "node", message)


def _check_departments(rows: Sequence[DepartmentRow], register: Register) -> None:
    _unique(DEPARTMENTS, rows, "code", register.faults)
    for row in rows:
        register.knows(DEPARTMENTS, row.line, ("node", row.node), register.nodes)


def _check_staff(rows: Sequence[StaffRow], register: Register) -> None:
    _unique(STAFF, rows, "number", register.faults)
    _unique(STAFF, rows, "login", register.faults)
    for row in rows:
        register.knows(STAFF, row.line, ("department", row.department), register.departments)


def _check_holdings(rows: Sequence[HoldingRow], register: Register) -> None:
    for row in rows:
        _check_holding(row, register)
    _check_overlaps(rows, register)


def _check_holding(row: HoldingRow, register: Register) -> None:
    at, faults = row.line, register.faults
    register.knows(POSTS, at, ("staff", row.staff), register.staff)
    known = register.knows(POSTS, at, ("post", row.post), register.posts)
    placed = register.knows(POSTS, at, ("node", row.node), register.nodes)
    if known and placed:
        post, level = register.posts[row.post], register.nodes[row.node].level
        if level not in post.levels:
            message = f"岗位“{post.name}”不能设在“{register.levels.get(level, level)}”上。"
            faults.cell(POSTS.file, at, "post", message)
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        faults.cell(POSTS.file, at, "valid_to", "结束日应晚于起始日。")


def _check_overlaps(rows: Sequence[HoldingRow], register: Register) -> None:
    people: defaultdict[str, list[HoldingRow]] = defaultdict(list)
    places: defaultdict[tuple[str, str], list[HoldingRow]] = defaultdict(list)
    for row in rows:
        if not row.acting:
            people[row.staff].append(row)
        places[row.node, row.post].append(row)
    for one, other in _overlapping(people.values()):
        person = register.staff.get(one.staff)
        if person is not None and person.employment == "full_time" and one.node != other.node:
            message = f"专职人员“{one.staff}”在第 {one.line} 行已任职于“{one.node}”，日期重叠。"
            register.faults.cell(POSTS.file, other.line, "node", message)
    for one, other in _overlapping(places.values()):
        if one.staff == other.staff:
            message = f"与第 {one.line} 行是同一人同一岗位，日期重叠。"
            register.faults.cell(POSTS.file, other.line, "staff", message)
        elif one.post in register.posts and _clashes(one, other, register):
            name = register.posts[one.post].name
            message = f"“{name}”只能有一人，第 {one.line} 行已由“{one.staff}”担任，日期重叠。"
            register.faults.cell(POSTS.file, other.line, "post", message)


def _clashes(one: HoldingRow, other: HoldingRow, register: Register) -> bool:
    return register.posts[one.post].single and one.acting == other.acting


def _overlapping(
    groups: Collection[list[HoldingRow]],
) -> Iterator[tuple[HoldingRow, HoldingRow]]:
    for group in groups:
        for one, other in combinations(group, 2):
            if one.overlaps(other):
                yield one, other


def _check_bindings(rows: Sequence[BindingRow], register: Register) -> None:
    for row in rows:
        _check_binding(row, register)
    for row, earlier in _repeats(rows, attrgetter("staff", "role", "node")):
        register.faults.cell(BINDINGS.file, row.line, "role", f"与第 {earlier.line} 行重复。")
    _check_separation(rows, register)
    held = {row.role for row in rows}
    for role in register.roles.values():
        if role.administrator and role.code not in held:
            message = f"没有人担任“{role.name}”，上线后将无人能管理。"
            register.faults.add(BINDINGS.file, message, name="role")


def _check_binding(row: BindingRow, register: Register) -> None:
    at, faults = row.line, register.faults
    person = register.knows(BINDINGS, at, ("staff", row.staff), register.staff)
    if person and not register.staff[row.staff].login:
        faults.cell(BINDINGS.file, at, "staff", f"“{row.staff}”没有登录名，不能授予角色。")
    known = register.knows(BINDINGS, at, ("role", row.role), register.roles)
    placed = register.knows(BINDINGS, at, ("node", row.node), register.nodes)
    for code in row.departments:
        register.knows(BINDINGS, at, ("departments", code), register.departments)
    for code in row.categories:
        register.knows(BINDINGS, at, ("categories", code), register.categories)
    if known:
        _check_reach(row, register.roles[row.role], register, placed=placed)


def _check_reach(row: BindingRow, role: Role, register: Register, *, placed: bool) -> None:
    """Whether the role may be given where the binding says."""
    at, faults = row.line, register.faults
    if role.binds is Binds.DEPARTMENT and not row.departments:
        faults.cell(BINDINGS.file, at, "departments", f"角色“{role.name}”必须写明部门。")
    if placed and role.levels and register.nodes[row.node].level not in role.levels:
        level = register.nodes[row.node].level
        message = f"角色“{role.name}”不能授予在“{register.levels.get(level, level)}”上。"
        faults.cell(BINDINGS.file, at, "node", message)
    if placed and role.binds is Binds.TENANT and register.nodes[row.node].parent:
        faults.cell(BINDINGS.file, at, "node", f"角色“{role.name}”只能授予在根节点上。")


def _check_separation(rows: Sequence[BindingRow], register: Register) -> None:
    """Roles that must lie in different hands."""
    held: defaultdict[str, dict[str, BindingRow]] = defaultdict(dict)
    for row in rows:
        for earlier in held[row.staff].values():
            one, other = register.roles.get(earlier.role), register.roles.get(row.role)
            if one and other and (other.code in one.apart_from or one.code in other.apart_from):
                message = f"“{other.name}”与第 {earlier.line} 行的“{one.name}”不能由同一人担任。"
                register.faults.cell(BINDINGS.file, row.line, "role", message)
        held[row.staff].setdefault(row.role, row)


def _check_topics(rows: Sequence[TopicRow], register: Register) -> None:
    _unique(TOPICS, rows, "category", register.faults)
    for row in rows:
        register.knows(TOPICS, row.line, ("category", row.category), register.categories)
        register.knows(TOPICS, row.line, ("department", row.department), register.departments)
