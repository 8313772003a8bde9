"""What a meeting's minutes are, and what is kept of them when they are mended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID


def words_of(minutes: str, resolutions: Mapping[UUID, str]) -> dict[str, Any]:
    """All that was said: the minutes, and what was resolved by item."""
    return {"minutes": minutes, "items": {str(item): said for item, said in resolutions.items()}}


def replaced(words: Mapping[str, Any], *, at: datetime, by: str) -> dict[str, Any]:
    """What stood there until now, and who put something else in its place, by their duty."""
    return {**words, "until": at.isoformat(), "by": by}
