"""Words of the staff room: rights, and rows as pages and other rooms see them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID


class StaffRight(StrEnum):
    """What one may do with people and posts. A binding says where."""

    READ = "staff.read"
    APPOINT = "staff.appoint"


FULL_TIME: Final = "full_time"
EMPLOYMENTS: Final = (FULL_TIME, "part_time", "official")

VACATED: Final = "staff.vacated"
"""What follows in the transaction in which somebody leaves a post, with a :class:`Vacated`."""


@dataclass(frozen=True, slots=True)
class Vacated:
    """Who leaves which post where; ``on`` is the first day without it."""

    staff_id: UUID
    node_id: UUID
    post: str
    on: date


@dataclass(frozen=True, slots=True)
class Change:
    """One post on one unit that changes hands: ``out`` ends ``holding_id``, ``into`` begins."""

    node_id: UUID
    post: str
    holding_id: UUID | None
    out: UUID | None
    into: UUID | None


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


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post on a node. ``account_id`` is None for who cannot log in."""

    id: UUID
    staff_id: UUID
    account_id: UUID | None
    name: str
    employment: str
    post: str
    node_id: UUID
    node_name: str
    level: str
    path: str
    acting: bool
    valid_from: date
    valid_to: date | None

    @property
    def term(self) -> Term:
        """From when until when."""
        return Term(self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as a list shows them. ``phone`` is sealed."""

    id: UUID
    number: str
    name: str
    title: str
    employment: str
    department: str | None
    phone: bytes | None
    synthetic: bool
    left_on: date | None
    login: str | None
