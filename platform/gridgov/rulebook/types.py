"""The words of the rulebook."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from gridgov.cases.types import Carry
from gridgov.contract.declarations import Setting
from gridgov.contract.settings import Value, Versions
from gridgov.contract.tables import NO_TABLES, Tables

SETTINGS: Final = "settings"
"""What the audit calls the settings of a county."""


class RulebookRight(StrEnum):
    """What one may do with what the county runs by."""

    READ = "rulebook.read"
    CHANGE = "rulebook.change"
    LISTS = "rulebook.lists"


@dataclass(frozen=True, slots=True)
class Line:
    """A setting on the page. ``since`` is None for the default, ``later`` what is planned."""

    setting: Setting
    value: Value
    since: date | None
    later: tuple[tuple[date, Value], ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A change as the history tells it: each setting with what was and what came."""

    seq: int
    at: datetime
    who: str
    effective_from: date
    withdrawn: bool
    reason: str
    changes: tuple[tuple[Setting | str, Value, Value], ...]


COUNTY_LISTS: Final = "lists"
"""What the audit calls the lists of a county."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One row of a list as people read it. ``group`` is the heading, ``cells`` are the columns.

    ``fixed`` rows are made of other lists, and changed there. ``document`` is what the last change
    rests on; without one ``source`` is where the plugin has it from.
    """

    code: str
    group: str
    cells: tuple[str, ...]
    source: str = ""
    document: str = ""
    unsure: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a version says otherwise of a row: column, before, after. New or gone: one side only."""

    name: str
    cells: tuple[tuple[str, str, str], ...]
    new: bool
    gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """A version of a list. ``id`` is empty where it came with the rules that a plugin brought."""

    number: int
    at: datetime
    document: str
    reason: str
    by: str
    rows: int
    id: str = ""


class Verb(StrEnum):
    """What becomes of something that is declared."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that differs inside; what was not there before, or is no more, is empty."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A declaration that is new, changed or gone. ``group`` and ``name`` are words for people."""

    verb: Verb
    group: str
    code: str
    name: str
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a tenant is to run: plugins in their order, and those that rule a part, each where.

    ``tables`` are what its manifest lays over all of them.
    """

    plugins: tuple[str, ...]
    parts: Mapping[str, str] = field(default_factory=dict[str, str])
    tables: Tables = field(default_factory=lambda: NO_TABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """How often what is declared has been put to use: what a change must not take away.

    ``categories``, ``urgencies`` and ``cases`` (by kind, version and state) are of open cases.
    ``begun`` are the kinds, of those asked about, by which any case ever began.
    """

    levels: Mapping[str, int]
    posts: Mapping[str, int]
    roles: Mapping[str, int]
    categories: Mapping[str, int]
    urgencies: Mapping[str, int]
    cases: Mapping[tuple[str, int, str], int]
    begun: Collection[tuple[str, int]]
    chosen: Versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a change would do. With ``reasons`` against it, it is refused.

    If it is ``unusable``, the reasons are the linter's, in English: for the plugin's author.
    """

    wish: Wish
    digest: str
    differences: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()
    carried: tuple[tuple[Carry, int], ...] = ()

    @property
    def anything(self) -> bool:
        """Whether anything would be otherwise than it is."""
        return bool(self.differences)

    @property
    def unusable(self) -> bool:
        """Whether the declarations are wrong, so that there is nothing to compare."""
        return not self.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRow:
    """A plugin as the page and the command list it.

    ``runs`` is the version that the county keeps, ``installed`` the one whose code is there; either
    may be missing. ``enabled``: the county asked for it (not only something that builds on it).
    ``says`` is why the code cannot be used.
    """

    name: str
    title: str
    runs: str | None
    installed: str | None
    enabled: bool
    part: str = ""
    says: str = ""
