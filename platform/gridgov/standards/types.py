"""Words of the standards room, and what its pages are made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


class StandardRight(StrEnum):
    """What one may do with a standard. A binding says where; whoever sees a place sees it all."""

    CLAIM = "standard.claim"
    CONFIRM = "standard.confirm"


class MarkState(StrEnum):
    """Where one item of a place stands."""

    MISSING = "missing"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    RETURNED = "returned"


PHOTO_OWNER: Final = "standard"
"""What the photos of evidence are filed under; their owner is the step that showed them."""

CASE_ABOUT: Final = "standard_mark"
"""What a case that is reported out of a missing item is about."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place that is held to a standard."""

    id: UUID
    path: str
    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One item of a site. ``id`` is None where nothing was ever said of it.

    ``case_seen``: the actor may open the case, as far as that was asked.
    """

    node_id: UUID
    item: str
    id: UUID | None = None
    state: MarkState = MarkState.MISSING
    note: str = ""
    claimed_by: UUID | None = None
    claimed_who: str = ""
    claimed_at: datetime | None = None
    decided_who: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    case_id: UUID | None = None
    case_seen: bool | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an item's history."""

    id: UUID
    at: datetime
    action: str
    note: str
    who: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many items of how many asked for are confirmed below a node."""

    confirmed: int
    asked: int

    @property
    def percent(self) -> int:
        """In whole per cent, rounded down: a hundred only when nothing is left."""
        return 100 * self.confirmed // self.asked if self.asked else 0
