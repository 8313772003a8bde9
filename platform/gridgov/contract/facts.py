"""What a hook is told: frozen facts, no rows and no sessions."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentFacts:
    """A department that could take a case, and how much it holds already."""

    id: UUID
    code: str
    name: str
    path: str
    open_cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """A case as a hook sees it: no personal data. ``area`` is the kind of place (urban, rural)."""

    category: str
    urgency: str
    path: str
    area: str = ""
    departments: tuple[DepartmentFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A suggested department by its code, how sure the county is (0 to 1), and why in words."""

    department: str
    confidence: float
    reason: str
