"""When a meeting comes round again, what its minutes are, and what is kept of mended ones."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gridgov.contract.organisations import MeetingKind


def comes_round(kind: MeetingKind, last: datetime | None) -> datetime | None:
    """When a regular meeting that was last held then is due again."""
    return last + timedelta(days=kind.every_days) if last else None


def words_of(minutes: str, resolutions: Mapping[UUID, str]) -> dict[str, Any]:
    """All that was said: the minutes, and what was resolved by item."""
    return {"minutes": minutes, "items": {str(item): said for item, said in resolutions.items()}}


def replaced(words: Mapping[str, Any], *, at: datetime, by: str) -> dict[str, Any]:
    """What stood there until now, and who put something else in its place, by their duty."""
    return {**words, "until": at.isoformat(), "by": by}
