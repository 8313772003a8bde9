"""A clock that is set by hand. Inside the platform everybody takes the context's ``now``."""

from datetime import UTC, datetime, timedelta
from typing import Final

NOON: Final = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""A Monday, 12:00 in China."""


class Clock:
    """Says the time that it was set to, until it is turned."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> datetime:
        """Forward: ``clock.turn(days=7, hours=1)``."""
        self.at += timedelta(**by)
        return self.at
