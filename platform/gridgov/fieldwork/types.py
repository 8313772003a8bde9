"""Words of fieldwork: rights, lines of ledgers, campaigns and their targets."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID


class FieldRight(StrEnum):
    """What one may do with ledgers and campaigns. A binding says where."""

    RECORD = "fieldwork.record"
    READ = "fieldwork.read"
    REVEAL = "fieldwork.reveal"
    ANSWER = "fieldwork.answer"
    CAMPAIGN = "fieldwork.campaign"
    EXPORT = "fieldwork.export"


LINE: Final = "ledger"
TARGET: Final = "target"
"""What a case says that it is reported out of (``cases.types.About``)."""


class TargetState(StrEnum):
    """How it went at a target."""

    TODO = "todo"
    FINE = "fine"
    AWAY = "away"
    HAZARD = "hazard"


DONE: Final = (TargetState.FINE, TargetState.HAZARD)
"""What was really looked at. Nobody there is not done."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a ledger as lists show it: nothing that was sealed."""

    id: UUID
    ledger: str
    node_id: UUID
    node_path: str
    building_id: UUID | None
    account_id: UUID | None
    who: str
    at: datetime
    device_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    said: dict[str, Any]
    sealed: bytes | None
    item: str
    count: int | None
    private: bool
    from_id: UUID | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    expires_on: date | None

    @property
    def running(self) -> bool:
        """Begun, and not ended yet."""
        return self.began_at is not None and self.ended_at is None


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign. ``checks`` are the lines of its checklist."""

    id: UUID
    kind: str
    name: str
    document: str
    node_id: UUID
    node_path: str
    first_on: date
    last_on: date
    checks: list[str]
    category: str
    made_at: datetime
    closed_at: datetime | None
    summary: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A unit or a building that a campaign goes to. ``failed`` are places in the checklist."""

    id: UUID
    campaign_id: UUID
    node_id: UUID
    node_path: str
    building_id: UUID | None
    name: str
    state: str
    failed: list[int]
    note: str
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit with how many targets there are in it, or a building that is one."""

    id: UUID
    name: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many targets there are, by how it went."""

    todo: int = 0
    fine: int = 0
    away: int = 0
    hazard: int = 0

    @property
    def total(self) -> int:
        """All targets."""
        return self.todo + self.fine + self.away + self.hazard

    @property
    def done(self) -> int:
        """What was really looked at."""
        return self.fine + self.hazard
