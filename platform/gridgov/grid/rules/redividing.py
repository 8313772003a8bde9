"""What a split, a merge, a rename or a move would do, and whether it may be done."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from gridgov.contract.declarations import Level
from gridgov.grid.rules.codes import free_code, parent_path, segment_of, stem_of
from gridgov.grid.rules.shapes import cut, hang_together, join
from gridgov.grid.types import (
    ChangeKind,
    Geometry,
    Merge,
    Move,
    NodeRow,
    Part,
    Plan,
    Point,
    Rename,
    Rewritten,
    Split,
    Stated,
)
from gridgov.kernel.errors import Conflict, Invalid

T = TypeVar("T")

LONGEST_NAME = 40
PARTS = ("first", "second")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A present node with its boundary, its children, and the codes of its line, root first."""

    node: NodeRow
    boundary: Geometry | None
    line: tuple[str, ...]
    children: tuple["Drawn", ...] = ()

    @property
    def stem(self) -> str:
        """What its own code begins with."""
        return stem_of(self.line[:-1])

    @property
    def stem_below(self) -> str:
        """What the codes of its children begin with."""
        return stem_of(self.line)


@dataclass(frozen=True, slots=True)
class Ground:
    """The tree as far as a command needs to know it. ``taken`` are all codes ever given."""

    levels: Mapping[str, Level]
    nodes: tuple[Drawn, ...]
    taken: frozenset[str]
    names: frozenset[str]
    new_id: Callable[[], UUID]
    parent: Drawn | None = None
    used: set[str] = field(default_factory=set[str])

    def recode(self, child: NodeRow, old_stem: str, stem: str) -> str:
        """The child's code under another stem; the same stem leaves it as it is."""
        if stem == old_stem:
            return child.code
        return self.fresh(stem, child.code, old_stem)

    def fresh(self, stem: str, sample: str, old_stem: str) -> str:
        """A code that nobody ever had; used up by being asked for."""
        code = free_code(stem, sample, old_stem, self.taken | self.used)
        self.used.add(code)
        return code


def check_day(effective_on: date, since: date, name: str) -> None:
    """A change cannot lie before the node's latest one."""
    if effective_on < since:
        raise Invalid(
            fields={"effective_on": "“{name}”从 {since} 起才是现在的样子，生效日不能更早。"},
            name=name,
            since=since,
        )


def check_present(node: NodeRow) -> None:
    """A node that has ended can no longer be changed."""
    if node.valid_to is not None:
        raise Conflict("“{name}”已于 {day} 撤销，不能再改。", name=node.name, day=node.valid_to)


def check_names(given: Mapping[str, str], names: Collection[str]) -> None:
    """Names are there, not too long, and unlike those of their neighbours and of each other."""
    faults: dict[str, str] = {}
    seen: set[str] = set()
    for place, name in given.items():
        if not name.strip():
            faults[place] = "请填写名称。"
        elif len(name) > LONGEST_NAME:
            faults[place] = "名称不能超过 40 个字。"
        elif name in names or name in seen:
            faults[place] = "同一上级下面已经有这个名称。"
        seen.add(name)
    if faults:
        raise Invalid(fields=faults)


def plan_split(command: Split, ground: Ground) -> Plan:
    """One node becomes two: a leaf by a line across it, another node by its children."""
    (whole,) = ground.nodes
    if whole.node.parent_id is None:
        raise Conflict("最上一级不能拆分。")
    check_names(
        {f"{place}_name": part.name for place, part in zip(PARTS, command.parts, strict=True)},
        ground.names,
    )
    if whole.children:
        return _by_children(command, ground, whole)
    return _by_line(command, ground, whole)


def _by_line(command: Split, ground: Ground, whole: Drawn) -> Plan:
    parts = _keeping_first(command, command.parts)
    _check_sums(whole.node, command.parts)
    corners: tuple[Point, ...] = ()
    sides: tuple[Geometry | None, Geometry | None] = (None, None)
    if whole.boundary is not None:
        if command.line is None:
            raise Invalid(fields={"line": "请在地图上点两个点，画出分界线。"})
        first, second, fresh = cut(whole.boundary, command.line)
        sides, corners = _keeping_first(command, (first, second)), tuple(fresh)
    made = _two(ground, whole, parts, sides)
    return Plan(kind=ChangeKind.SPLIT, ended=(whole.node,), made=made, corners=corners)


def _by_children(command: Split, ground: Ground, whole: Drawn) -> Plan:
    parts = _keeping_first(command, command.parts)
    known = {child.node.id: child for child in whole.children}
    named = [child_id for part in parts for child_id in part.children]
    if sorted(named) != sorted(known):
        raise Invalid(fields={"children": "每个下级都要归到两边中的一边，请检查。"})
    if not all(part.children for part in parts):
        raise Invalid(fields={"children": "两边都至少要有一个下级。"})
    groups = [[known[child_id] for child_id in part.children] for part in parts]
    summed = [
        Part(
            name=part.name,
            households=sum(child.node.households for child in group),
            population=sum(child.node.population for child in group),
            children=part.children,
        )
        for part, group in zip(parts, groups, strict=True)
    ]
    keeper, other = _two(
        ground, whole, summed, [join(child.boundary for child in group) for group in groups]
    )
    moved = (
        *_adopted(ground, whole, groups[0], keeper),
        *_adopted(ground, whole, groups[1], other),
    )
    return Plan(kind=ChangeKind.SPLIT, ended=(whole.node,), made=(keeper, other), moved=moved)


def _check_sums(node: NodeRow, parts: Sequence[Part]) -> None:
    faults: dict[str, str] = {}
    if sum(part.households for part in parts) != node.households:
        faults["second_households"] = "两边的户数加起来应为 {households} 户。"
    if sum(part.population for part in parts) != node.population:
        faults["second_population"] = "两边的人口加起来应为 {population} 人。"
    for place, part in zip(PARTS, parts, strict=True):
        if min(part.households, part.population) < 0:
            faults[f"{place}_households"] = "户数和人口不能小于 0。"
    if faults:
        raise Invalid(fields=faults, households=node.households, population=node.population)


def _keeping_first(command: Split, pair: tuple[T, T]) -> tuple[T, T]:
    return pair if command.keeps == 0 else (pair[1], pair[0])


def _two(
    ground: Ground, whole: Drawn, parts: Sequence[Part], sides: Sequence[Geometry | None]
) -> tuple[Stated, Stated]:
    """The keeper of code and path, and the other with a new code beside it."""
    code = ground.fresh(whole.stem, whole.node.code, whole.stem)
    path = f"{parent_path(whole.node.path)}{segment_of(code, whole.stem)}."
    keeper = _stated(ground, whole.node, parts[0], sides[0])
    return keeper, replace(_stated(ground, whole.node, parts[1], sides[1]), code=code, path=path)


def _stated(ground: Ground, like: NodeRow, part: Part, boundary: Geometry | None) -> Stated:
    """A new node in the place of another, with its code and path."""
    return Stated(
        id=ground.new_id(),
        parent_id=like.parent_id,
        path=like.path,
        code=like.code,
        level=like.level,
        name=part.name,
        area_type=like.area_type,
        households=part.households,
        population=part.population,
        synthetic=like.synthetic,
        boundary=boundary,
    )


def _adopted(
    ground: Ground, old: Drawn, children: Iterable[Drawn], parent: Stated
) -> Iterable[Rewritten]:
    """The children under a new parent: those of the keeper of the code keep code and path."""
    stem = stem_of((old.stem, parent.code))
    for child in children:
        code = ground.recode(child.node, old.stem_below, stem)
        yield Rewritten(
            id=child.node.id,
            parent_id=parent.id,
            old_path=child.node.path,
            path=f"{parent.path}{segment_of(code, stem)}.",
            old_code=child.node.code,
            code=code,
        )


def plan_merge(command: Merge, ground: Ground) -> Plan:
    """Neighbours become one node, with the code of the first."""
    nodes = [drawn.node for drawn in ground.nodes]
    if len(nodes) < 2:  # noqa: PLR2004
        raise Invalid(fields={"others": "请至少再选一个要并进来的。"})
    if len({node.parent_id for node in nodes}) > 1 or nodes[0].parent_id is None:
        raise Invalid(fields={"others": "只能合并同一个上级下面的；不在一处的请先划转。"})
    if len({node.level for node in nodes}) > 1:
        raise Invalid(fields={"others": "只能合并同一层级的。"})
    check_names({"name": command.name}, ground.names)
    boundary = join(drawn.boundary for drawn in ground.nodes)
    shapes = [drawn.boundary for drawn in ground.nodes if drawn.boundary is not None]
    if boundary is not None and not hang_together(shapes, boundary):
        raise Invalid(fields={"others": "它们不相邻，合并后会断成几块。"})
    part = Part(
        name=command.name,
        households=sum(node.households for node in nodes),
        population=sum(node.population for node in nodes),
    )
    made = _stated(ground, ground.nodes[0].node, part, boundary)
    moved = [
        rewritten
        for drawn in ground.nodes
        for rewritten in _adopted(ground, drawn, drawn.children, made)
    ]
    return Plan(kind=ChangeKind.MERGE, ended=tuple(nodes), made=(made,), moved=tuple(moved))


def plan_rename(command: Rename, ground: Ground) -> Plan:
    """The same node under another name."""
    (drawn,) = ground.nodes
    if command.name == drawn.node.name:
        raise Invalid(fields={"name": "名称没有变。"})
    check_names({"name": command.name}, ground.names)
    return Plan(kind=ChangeKind.RENAME, renamed=(drawn.node, command.name))


def plan_move(command: Move, ground: Ground) -> Plan:
    """The same node, with all below it, under another parent."""
    (drawn,) = ground.nodes
    node, parent = drawn.node, ground.parent
    if parent is None or node.parent_id is None:
        raise Conflict("最上一级不能划转。")
    if parent.node.id == node.parent_id:
        raise Invalid(fields={"parent": "它已经在这个上级下面。"})
    if parent.node.level not in ground.levels[node.level].under:
        raise Invalid(fields={"parent": "这个层级不能放在那里下面。"})
    check_names({"parent": node.name}, ground.names)
    code = ground.recode(node, drawn.stem, parent.stem_below)
    rewritten = Rewritten(
        id=node.id,
        parent_id=command.parent_id,
        old_path=node.path,
        path=f"{parent.node.path}{segment_of(code, parent.stem_below)}.",
        old_code=node.code,
        code=code,
    )
    return Plan(kind=ChangeKind.MOVE, moved=(rewritten,))
