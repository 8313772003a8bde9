"""Words of the desk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class DeskRight(StrEnum):
    """What the desk itself asks for."""

    ADMINISTER = "desk.administer"


class Home(StrEnum):
    """What a role finds first. Roles name it in their declaration."""

    MY_DAY = "my_day"
    DISPATCH = "dispatch"
    OVERVIEW = "overview"
    ADMIN = "admin"
    BINDINGS = "bindings"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Card:
    """One thing of a day: what, where, until when, and one main action."""

    title: str
    url: str
    light: str
    due: datetime | None
    place: str
    code: str
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
