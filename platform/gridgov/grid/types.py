"""Words of the grid room: rights, nodes as pages and other rooms see them, and re-divisions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

Geometry = dict[str, Any]
"""A GeoJSON polygon or multipolygon in degrees, east before north."""

Point = tuple[float, float]
"""East, north."""

REDIVIDED: Final = "grid.redivided"
"""What followers and listeners of a re-division are called by."""

THEN: Final = "then"
"""In an address: places as they were on the day that something was opened, not as they are now."""


class GridRight(StrEnum):
    """What one may do with the tree. A binding says where."""

    READ = "grid.read"
    REDIVIDE = "grid.redivide"


class ChangeKind(StrEnum):
    """How the tree can be re-divided."""

    SPLIT = "split"
    MERGE = "merge"
    RENAME = "rename"
    MOVE = "move"


class ChangeState(StrEnum):
    """Where a re-division stands. ``REFUSED``: its day came and the tree no longer allowed it."""

    PLANNED = "planned"
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One unit of the tree without its boundary. ``valid_to`` is the first day without it."""

    id: UUID
    parent_id: UUID | None
    path: str
    code: str
    level: str
    name: str
    area_type: str
    households: int
    population: int
    synthetic: bool
    lon: float | None
    lat: float | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What lies below a node: its direct children, and the sums over the leaves."""

    children: int
    leaves: int
    households: int
    population: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the nodes that a split leads to. ``children`` are the sub-units that go with it."""

    name: str
    households: int = 0
    population: int = 0
    children: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One node becomes two; ``keeps`` is the part that keeps the code.

    A leaf with a boundary is cut by the straight ``line`` through two points: the northern or, if
    the line is steep, the western side is the first part. Any other node is split by its children.
    """

    node_id: UUID
    parts: tuple[Part, Part]
    line: tuple[Point, Point] | None = None
    keeps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Neighbours under one parent become one node; it keeps the code of the first."""

    node_ids: tuple[UUID, ...]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """A node gets another name and stays the same node."""

    node_id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A node with all below it goes under another parent and stays the same node."""

    node_id: UUID
    parent_id: UUID


Command = Split | Merge | Rename | Move


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A new node. The successor that keeps the code has code and path of the one that ended."""

    id: UUID
    parent_id: UUID | None
    path: str
    code: str
    level: str
    name: str
    area_type: str
    households: int
    population: int
    synthetic: bool
    boundary: Geometry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A node that lives on under another parent; everything below it follows."""

    id: UUID
    parent_id: UUID
    old_path: str
    path: str
    old_code: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a command would do to the tree, worked out before anything is written.

    ``ended`` nodes make room for the ``made`` ones; ``moved`` ones live on elsewhere. ``corners``
    are points that the cut of a boundary adds to the edges of its neighbours.
    """

    kind: ChangeKind
    ended: tuple[NodeRow, ...] = ()
    made: tuple[Stated, ...] = ()
    moved: tuple[Rewritten, ...] = ()
    renamed: tuple[NodeRow, str] | None = None
    corners: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A node by id and path."""

    id: UUID
    path: str


@dataclass(frozen=True, slots=True)
class Successor:
    """A node after a re-division. ``boundary`` is None where the county has drawn none."""

    id: UUID
    path: str
    boundary: Geometry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redivision:
    """What followers of ``grid.redivided`` are told, in the transaction that changes the tree.

    * ``split``: one node before, two after; the first keeps the code and, with it, the path.
    * ``merge``: several before, one after, with the path of the first.
    * ``move``: the same node before and after, with its old and its new path.

    Columns marked ``follows`` are already rewritten where a subtree lives on under a new path: all
    of a move, and below a split or merged node. What lies on the ended nodes themselves is left to
    the followers: ``place_of`` says which successor a point belongs to.
    """

    kind: ChangeKind
    change_id: UUID
    effective_on: date
    before: tuple[Placed, ...]
    after: tuple[Successor, ...]
    find: Callable[[Point], UUID | None]

    def place_of(self, lon: float | None, lat: float | None) -> Successor:
        """The successor that holds the point; without one, that which keeps the code."""
        found = None if lon is None or lat is None else self.find((lon, lat))
        return next((node for node in self.after if node.id == found), self.after[0])
