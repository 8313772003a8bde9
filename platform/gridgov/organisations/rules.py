"""When a meeting comes round again, what its minutes are, and what is kept of mended ones."""

from collections.abc import Mapping, Sequence
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


def changed(earlier: Sequence[Mapping[str, Any]], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The newest first, of each no more than what the next one put something else for."""
    pairs = list(zip(earlier, [*earlier, now][1:], strict=True))
    return [
        {
            "until": datetime.fromisoformat(one["until"]),
            "by": one["by"],
            "minutes": one["minutes"] if one["minutes"] != then["minutes"] else None,
            "items": {
                item: said for item, said in one["items"].items() if then["items"].get(item) != said
            },
        }
        for one, then in reversed(pairs)
    ]
