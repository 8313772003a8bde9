"""Words of access: rights, bindings and people as pages show them, questions about visibility."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class AccessRight(StrEnum):
    """Rights about rights: to give and take roles, and to see who has which."""

    GRANT = "access.grant"
    READ = "access.read"


REGION_ADMIN: Final = "region_admin"
"""The role above the counties: aggregates and onboarding state of its region, no content."""

EXPLAIN: Final = "access.explain"
"""What rooms follow that know where a code belongs: they add a Subject to the Question."""


class ResetState(StrEnum):
    """Where a request for a new one-time token stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    ISSUED = "issued"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        """In words."""
        return _RESET_LABELS[self]


_RESET_LABELS: Final = {
    ResetState.WAITING: "等待核准",
    ResetState.APPROVED: "已核准，待打印凭条",
    ResetState.DECLINED: "未核准",
    ResetState.ISSUED: "凭条已打印",
    ResetState.LAPSED: "已过期",
}


class AccountState(StrEnum):
    """How an account stands."""

    NONE = "none"
    FRESH = "fresh"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class BindingRow:
    """One binding, for lists."""

    id: UUID
    account_id: UUID
    staff_id: UUID
    person: str
    number: str
    role: str
    node: str
    node_code: str
    path: str
    departments: tuple[str, ...]
    categories: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    granted_by: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A person and the account, for the list of people."""

    staff_id: UUID
    number: str
    name: str
    title: str
    department: str
    left_on: date | None
    account_id: UUID | None
    login: str
    state: AccountState


@dataclass(frozen=True, slots=True)
class ResetRow:
    """A request for a new one-time token, for lists."""

    id: UUID
    person: str
    number: str
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    note: str
    factor: bool
    state: ResetState
    may_decide: bool
    may_issue: bool


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed once for one person."""

    person: str
    number: str
    login: str
    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody wonders about: which right opens it and where it lies.

    ``own``: it is the person's own doing (a matter that they reported), so no right is needed.
    """

    kind: str
    name: str
    right: str
    path: str | None = None
    departments: tuple[UUID, ...] = ()
    category: str | None = None
    own: bool = False


@dataclass(slots=True)
class Question:
    """What was typed, and about whose eyes; whoever knows the thing adds it.

    Asked inside one tenant only. What is added is told to those who may see it, and to those who
    may read everybody's bindings.
    """

    text: str
    account_id: UUID
    subjects: list[Subject] = field(default_factory=list[Subject])


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of an answer: does this binding let them see it, and why (not)."""

    good: bool
    role: str
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether somebody may see a subject, with every binding that counts for or against."""

    subject: Subject
    may: bool
    words: str
    reasons: Sequence[Reason]
    holders: Sequence[str]


@dataclass(frozen=True, slots=True)
class Passing:
    """Two accounts between whom a post on a unit passes; ``whole``: with all that is held there.

    ``taker`` is None for a successor who cannot log in.
    """

    node_id: UUID
    giver: UUID
    taker: UUID | None
    post: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A role as it goes over with a post, or (``refused``) why it does not."""

    giver: UUID
    taker: UUID | None
    role: str
    node_id: UUID
    path: str
    place: str
    level: str
    departments: tuple[UUID, ...]
    categories: tuple[str, ...]
    until: date | None
    refused: str = ""
