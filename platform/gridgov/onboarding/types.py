"""What a tenant's package says, what is wrong with it, and how it differs from what is there."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from gridgov.contract.tables import COLUMNS, Tables
from gridgov.kernel.changes import Verb
from gridgov.services.types import Item

Code = Annotated[str, Meta(min_length=1, max_length=60)]
Rows = Annotated[tuple[dict[str, Any], ...], Meta(description="若干节，每节以双方括号的名称开头")]


class Brand(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the county's pages look: an accent of the palette and a character as mark."""

    title: Annotated[str, Meta(min_length=1, max_length=40, description="1 至 40 个字的文字")]
    accent: Annotated[
        str, Meta(pattern=r"\A[a-z]{3,20}\Z", description="3 至 20 个小写字母的配色名")
    ]
    mark: Annotated[str, Meta(min_length=1, max_length=2, description="1 或 2 个字")]


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``tenant.toml``. The description of each field completes a sentence: it should be that."""

    name: Annotated[str, Meta(min_length=2, max_length=40, description="2 至 40 个字的名称")]
    code: Annotated[str, Meta(pattern=r"\A[0-9]{6}\Z", description="6 位数字的县级行政区划代码")]
    slug: Annotated[str, Meta(pattern=r"\A[a-z]{3,20}\Z", description="3 至 20 个小写字母")]
    province: Annotated[str, Meta(pattern=r"\A[0-9]{2}\Z", description="2 位数字的省级代码")]
    prefecture: Annotated[str, Meta(pattern=r"\A[0-9]{4}\Z", description="4 位数字的市级代码")]
    zone: Annotated[str, Meta(min_length=1, max_length=40, description="时区名，如 Asia/Shanghai")]
    plugins: Annotated[tuple[Code, ...], Meta(description="插件名的列表")]
    brand: Brand
    regions: Annotated[tuple[Code, ...], Meta(description="形如 province:43 的上级区域列表")] = ()
    parts: Annotated[dict[str, Code], Meta(description="插件名与它所管节点代码的对照")] = {}
    settings: Annotated[
        dict[str, int | str | bool], Meta(description="设置项与数字、文字或真假值的对照")
    ] = {}
    level: Rows = ()
    post: Rows = ()
    role: Rows = ()
    category: Rows = ()
    urgency: Rows = ()
    step: Rows = ()
    state: Rows = ()
    action: Rows = ()

    @property
    def tables(self) -> Tables:
        """What the county says of itself in rows."""
        made: Tables = msgspec.to_builtins(
            {table: rows for table in COLUMNS if (rows := getattr(self, table))}
        )
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """One unit of the tree. ``path`` and the boundary are worked out from the other files."""

    code: str
    parent: str
    level: str
    name: str
    area_type: str = ""
    households: int = 0
    population: int = 0
    synthetic: bool = False
    valid_from: date
    path: str = ""
    boundary: dict[str, Any] | None = None
    lon: float | None = None
    lat: float | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """A department and the node that is its jurisdiction."""

    code: str
    name: str
    node: str
    phone: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """A person. ``login`` empty: no account."""

    number: str
    name: str
    title: str = ""
    employment: str = "official"
    phone: str = ""
    department: str = ""
    login: str = ""
    synthetic: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingRow:
    """A post that a person holds on a node; ``valid_to`` is the first day without it."""

    staff: str
    post: str
    node: str
    acting: bool = False
    valid_from: date
    valid_to: date | None = None
    line: int = field(default=0, compare=False)

    def overlaps(self, other: "HoldingRow") -> bool:
        """Whether there is a day on which both are held."""
        return (self.valid_to is None or other.valid_from < self.valid_to) and (
            other.valid_to is None or self.valid_from < other.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRow:
    """A role of a person's account on a node, narrowed to departments or categories if named."""

    staff: str
    role: str
    node: str
    departments: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """Which department answers for a category here. ``assumed``: no document says so yet."""

    category: str
    department: str
    assumed: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryRow:
    """A node's polygon as text, in degrees, east before north."""

    code: str
    wkt: str
    synthetic: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """The office of a node whose level has a desk: where it is, its phone, when it is open.

    ``rest_hours`` hold on days on which offices rest; empty hours mean closed.
    """

    node: str
    address: str = ""
    phone: str = ""
    hours: str = ""
    rest_hours: str = ""
    synthetic: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A tenant as its files, or a test, describe it. Parents come before children."""

    manifest: Manifest
    nodes: tuple[NodeRow, ...]
    departments: tuple[DepartmentRow, ...] = ()
    staff: tuple[StaffRow, ...] = ()
    holdings: tuple[HoldingRow, ...] = ()
    bindings: tuple[BindingRow, ...] = ()
    topics: tuple[TopicRow, ...] = ()
    offices: tuple[OfficeRow, ...] = ()
    services: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, and where. Line and column count from 1; 0 means the file as a whole."""

    file: str
    line: int
    column: int
    name: str
    message: str

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])
        return f"{place}  {f'[{self.name}] ' if self.name else ''}{self.message}"


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a diff; ``fields`` are (name, before, after) of a changed row."""

    verb: Verb
    table: str
    key: str
    fields: tuple[tuple[str, object, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything in which a package differs from the database."""

    changes: tuple[Change, ...]

    def count(self, verb: Verb) -> int:
        """How many rows are added, changed or closed."""
        return sum(change.verb is verb for change in self.changes)

    def count_of(self, table: str) -> int:
        """How many rows of a table differ."""
        return sum(change.table == table for change in self.changes)

    def of(self, table: str, verb: Verb) -> list[Change]:
        """The changes of one kind in one table, in the package's order."""
        return [change for change in self.changes if (change.table, change.verb) == (table, verb)]

    def __bool__(self) -> bool:
        return bool(self.changes)


@dataclass(frozen=True, slots=True)
class Token:
    """The one-time token of a new account, shown once."""

    login: str
    name: str
    token: str = field(repr=False)


@dataclass(slots=True)
class Ids:
    """The ids of rows by the keys that a package uses; filled further while carrying out."""

    nodes: dict[str, UUID] = field(default_factory=dict[str, UUID])
    departments: dict[str, UUID] = field(default_factory=dict[str, UUID])
    staff: dict[str, UUID] = field(default_factory=dict[str, UUID])
    accounts: dict[str, UUID] = field(default_factory=dict[str, UUID])
    holdings: dict[str, UUID] = field(default_factory=dict[str, UUID])
    bindings: dict[str, UUID] = field(default_factory=dict[str, UUID])
    topics: dict[str, UUID] = field(default_factory=dict[str, UUID])


@dataclass(frozen=True, slots=True)
class Carried:
    """What onboarding did."""

    diff: Diff
    tokens: tuple[Token, ...] = ()
    ids: Ids = field(default_factory=Ids)
