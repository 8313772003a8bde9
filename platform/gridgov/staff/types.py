"""Words of the staff room: rights, and rows as pages and other rooms see them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class StaffRight(StrEnum):
    """What one may do with people and posts. A binding says where."""

    READ = "staff.read"
    APPOINT = "staff.appoint"


FULL_TIME = "full_time"


@dataclass(frozen=True, slots=True)
class Term:
    """Half-open dates: ``until`` is the first day after."""

    since: date
    until: date | None = None

    def overlaps(self, other: "Term") -> bool:
        """Whether there is a day in both."""
        return (self.until is None or other.since < self.until) and (
            other.until is None or self.since < other.until
        )

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post on a node. ``account_id`` is None for who cannot log in."""

    holding_id: UUID
    staff_id: UUID
    account_id: UUID | None
    name: str
    post: str
    node_id: UUID
    node_name: str
    path: str
    acting: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people."""

    id: UUID
    number: str
    name: str
    title: str
    employment: str
    department: str
    synthetic: bool
    left_on: date | None
    has_account: bool


@dataclass(frozen=True, slots=True)
class Answering:
    """A category and the department that answers for it here; ``assumed`` until somebody confirms."""

    category: str
    department_id: UUID
    department: str
    assumed: bool
