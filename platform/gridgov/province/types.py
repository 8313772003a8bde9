"""Words of the console above the counties."""

from dataclasses import dataclass
from datetime import datetime

LASTS_DAYS = 30
"""Over how many days closed cases are counted."""


@dataclass(frozen=True, slots=True)
class CountyRow:
    """One county of the region. The figures are None until it has been counted once."""

    name: str
    code: str
    slug: str
    state: str
    created_at: datetime
    counted_at: datetime | None
    red: int
    yellow: int
    green: int
    paused: int
    reported: int
    closed: int
    on_time: int
    overdue: int
    last_activity: datetime | None

    @property
    def open(self) -> int:
        """All open cases."""
        return self.red + self.yellow + self.green + self.paused

    @property
    def judged(self) -> int:
        """What the on-time rate is a part of."""
        return self.closed + self.overdue

    @property
    def lights(self) -> dict[str, int]:
        """Open cases by light."""
        return {
            "red": self.red,
            "yellow": self.yellow,
            "green": self.green,
            "paused": self.paused,
        }
