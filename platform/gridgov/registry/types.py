"""Words of the registry: rights, and rows as pages and other rooms see them. No persons."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class RegistryRight(StrEnum):
    """What one may do with the register. A binding says where."""

    READ = "registry.read"
    COUNT = "registry.count"
    EXPORT = "registry.export"


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """One building. What is None was never recorded, which is not 0."""

    id: UUID
    node_id: UUID
    node_path: str
    name: str
    use: str
    storeys: int | None
    dwellings: int | None
    households: int | None
    source: str
    counted_at: datetime
    gone_on: date | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class CountRow:
    """One count in the history of a building. ``changed`` is false where it was only confirmed."""

    id: UUID
    at: datetime
    use: str
    storeys: int | None
    dwellings: int | None
    households: int | None
    source: str
    changed: bool
    who: str


@dataclass(frozen=True, slots=True)
class Sum:
    """What is recorded below a place. ``uncounted`` buildings have no number of dwellings.

    ``oldest`` is when the count that waits longest for its confirmation was made.
    """

    buildings: int = 0
    uncounted: int = 0
    dwellings: int | None = None
    households: int | None = None
    oldest: datetime | None = None
    newest: datetime | None = None
