"""The words of the rulebook."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from gridgov.contract.declarations import Setting
from gridgov.contract.settings import Value

SETTINGS: Final = "settings"
"""What the audit calls the settings of a county."""


class RulebookRight(StrEnum):
    """What one may do with what the county runs by."""

    READ = "rulebook.read"
    CHANGE = "rulebook.change"


@dataclass(frozen=True, slots=True)
class Line:
    """A setting on the page. ``since`` is None for the default, ``later`` what is planned."""

    setting: Setting
    value: Value
    since: date | None
    later: tuple[tuple[date, Value], ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A change as the history tells it: each setting with what was and what came."""

    seq: int
    at: datetime
    who: str
    effective_from: date
    withdrawn: bool
    reason: str
    changes: tuple[tuple[Setting | str, Value, Value], ...]
