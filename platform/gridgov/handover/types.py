"""Words of the hand-over room: rights, kinds, and rows as pages see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class HandoverRight(StrEnum):
    """What one may do with hand-overs of others. Signing one's own needs none."""

    OPEN = "handover.open"
    SIGN = "handover.sign"
    TURNOVER = "handover.turnover"


class Kind(StrEnum):
    """Why a post passes on. ``LEAVE``: the person leaves the county's service altogether."""

    TRANSFER = "transfer"
    LEAVE = "leave"
    TERM = "term"


class Show(StrEnum):
    """What the list of hand-overs is narrowed to. ``MINE``: one's own signature is awaited."""

    ALL = "all"
    MINE = "mine"
    WAITING = "waiting"
    DONE = "done"
    CANCELLED = "cancelled"


class TurnoverState(StrEnum):
    """Where a sheet stands. ``REFUSED``: its day came and the posts no longer allowed it."""

    DRAFT = "draft"
    PLANNED = "planned"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """One post that passes on.

    ``given_for`` is why somebody signed for an absent leaver, ``signer`` who signed for that side.
    """

    id: UUID
    kind: str
    holding_id: UUID
    post: str
    node_id: UUID
    node_name: str
    path: str
    leaver_id: UUID
    leaver: str
    successor_id: UUID
    successor: str
    on: date
    note: str
    opened_at: datetime
    given_at: datetime | None
    given_for: str
    signer: str | None
    taken_at: datetime | None
    done_at: datetime | None
    cancelled_at: datetime | None
    things: list[dict[str, Any]] | None

    @property
    def open(self) -> bool:
        """Whether it still waits for something."""
        return self.done_at is None and self.cancelled_at is None

    @property
    def signed(self) -> bool:
        """Whether both have signed."""
        return self.given_at is not None and self.taken_at is not None


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that passes on with the post.

    ``what``: case, care, document, appointment, key, kit, right. ``note`` says what is particular
    about it (why a right does not go over, when a visit is). ``id`` is what its page is opened by.
    """

    what: str
    id: UUID
    words: str
    code: str = ""
    due_at: datetime | None = None
    yellow_at: datetime | None = None
    promise_at: datetime | None = None
    paused: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet, as it was typed. ``row`` counts as the spreadsheet does."""

    row: int
    code: str
    post: str
    out: str
    into: str


@dataclass(frozen=True, slots=True)
class Move:
    """One line that can be carried out: who leaves the post (perhaps nobody), who takes it."""

    row: int
    node_id: UUID
    node_name: str
    post: str
    holding_id: UUID | None
    out: UUID | None
    out_name: str
    into: UUID | None
    into_name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line."""

    row: int
    sentence: str


@dataclass(frozen=True, slots=True)
class TurnoverRow:
    """A sheet. ``counters`` is the one that it takes back."""

    id: UUID
    state: str
    effective_on: date
    document: str
    moves: Sequence[dict[str, Any]]
    counters: UUID | None
    made_at: datetime
    applied_at: datetime | None
    agreed_at: datetime | None
    agreed_by: UUID | None
    reason: str
