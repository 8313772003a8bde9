"""Words of the desk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class DeskRight(StrEnum):
    """What the desk itself asks for."""

    ADMINISTER = "desk.administer"


class Home(StrEnum):
    """What a role finds first. Roles name it in their declaration."""

    MY_DAY = "my_day"
    QUEUE = "queue"
    HANDLING = "handling"
    DISPATCH = "dispatch"
    OVERVIEW = "overview"
    ADMIN = "admin"
    BINDINGS = "bindings"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Card:
    """One thing of a day: what, where, until when, and one main action."""

    id: UUID
    title: str
    url: str
    light: str
    due: datetime | None
    place: str
    code: str
    state: str
    since: datetime
    words: str
    tags: tuple[str, ...]
    action: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What an administrator must know: each figure with what to do about it."""

    people: int
    never_in: int
    vacancies: int
    parked: int
    oldest_event: datetime | None
    calendar_days: int
    calendar_alarm: bool
    tenant_state: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a bar of lights: where it begins and how long it is, of a hundred."""

    light: str
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One unit on the overview."""

    path: str
    name: str
    lights: dict[str, int]
    open: int
    judged: int
    on_time: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What was solved at one level, and at it or below; ``motto`` is what the county calls that."""

    level: str
    motto: str
    count: int
    so_far: int
    whole: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A name and a number; ``code`` is empty for what is summed up."""

    code: str
    name: str
    count: int
