"""What an app of a government may not have, unless a law says so and until a day.

国办函〔2026〕12号: outside security and emergency scenes no check-ins, no points, no rankings, no
tracks, no photos as proof; install and use rates not at all.
Last-place elimination is no switch: it does not exist. Neither do points, tracks and photos that
one must take: what a county cannot have is refused by its name, and what it can have looks at its
switch each time. A daily number of patrols is a check-in by another name: a plan and a reminder to
the worker, and counted for others only while ``DAILY_OK`` is on.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

SOURCE: Final = "国办函〔2026〕12号"


class Switch(StrEnum):
    """One thing that is off unless a county has recorded why it may be on."""

    DAILY_OK = "daily_ok"
    POINTS_STAFF = "points_staff"
    POINTS_RESIDENT = "points_resident"
    RANKING = "ranking"
    TRACK = "track"
    PHOTO_REQUIRED = "photo_required"
    EMERGENCY = "emergency"
    INSTALL_RATE_REPORT = "install_rate_report"
    ACTIVE_RATE_REPORT = "active_rate_report"


ABSENT: Final = frozenset(
    {Switch.POINTS_STAFF, Switch.POINTS_RESIDENT, Switch.TRACK, Switch.PHOTO_REQUIRED}
)
"""What nothing here does: there is nothing to switch on."""

BLOCKED: Final = frozenset({Switch.INSTALL_RATE_REPORT, Switch.ACTIVE_RATE_REPORT})
"""Never on, whatever a county records."""

NEVER: Final = ABSENT | BLOCKED

OPENED_BY: Final[Mapping[Switch, frozenset[Switch]]] = MappingProxyType(
    {Switch.EMERGENCY: frozenset({Switch.DAILY_OK})}
)
"""What else is on while a switch is: the rule leaves security and emergencies out."""

NOT_MEASURED: Final = frozenset(
    {
        "active_users",
        "check_ins",
        "installs",
        "online_minutes",
        "resident_points",
        "staff_points",
        "staff_rank",
        "track_metres",
        "work_photos",
    }
)
"""What nobody measures here, however the figure that asks for it is called."""
