"""Words of the organisations room: rights, and rows as pages and other rooms see them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

ITEM: Final = "meeting_item"
"""What a case is reported out of, when a meeting's item becomes one."""


class OrganisationRight(StrEnum):
    """What one may do with teams and meetings. A binding says where."""

    READ = "organisation.read"
    KEEP = "organisation.keep"
    MEET = "organisation.meet"
    REVEAL = "organisation.reveal"


class Reason(StrEnum):
    """Why a matter stands on an agenda."""

    OVERDUE = "overdue"
    YELLOW = "yellow"
    RETURNED = "returned"
    PASSED_UP = "passed_up"
    CARRIED = "carried"
    RAISED = "raised"


class ItemState(StrEnum):
    """Where an item stands. ``CARRIED``: it stands on the next meeting's agenda."""

    OPEN = "open"
    DONE = "done"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team as a list shows it. ``acted`` is how often it did something in the last quarter."""

    id: UUID
    kind: str
    name: str
    node_id: UUID
    node_name: str
    path: str
    formed_on: date
    ended_on: date | None
    synthetic: bool
    members: int
    acted: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team: staff by name, a resident masked, or so many of a role without names."""

    id: UUID
    staff_id: UUID | None
    role: str
    count: int
    name: str
    phone: str
    sealed: bool
    consent_on: date | None
    since: date


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """Something that a team, or several, did at a unit."""

    id: UUID
    team_id: UUID | None
    kind: str | None
    team_name: str | None
    node_id: UUID
    node_name: str
    path: str
    on: date
    place: str
    what: str
    took_part: int
    meeting_id: UUID | None


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting. ``attendance`` are those who were asked, by post, and whether they came."""

    id: UUID
    kind: str
    node_id: UUID
    node_name: str
    path: str
    case_id: UUID | None
    at: datetime
    place: str
    minutes: str
    conclusion: str
    next_step: str
    earlier: list[dict[str, Any]]
    attendance: list[dict[str, Any]]
    held_at: datetime | None

    @property
    def held(self) -> bool:
        """Whether its minutes are kept."""
        return self.held_at is not None


@dataclass(frozen=True, slots=True)
class Item:
    """One matter of a meeting. ``case_id`` is what it is about, ``led_to`` the case it became.

    ``title`` of a case is its number for who may not see it; ``led_seen``: they may open the other.
    """

    id: UUID
    meeting_id: UUID
    title: str
    reason: str
    resolution: str
    state: str
    case_id: UUID | None
    case_code: str | None
    led_to: UUID | None
    led_seen: bool | None
