"""What an app of a government may not have, unless a law says so and until a day.

国办函〔2026〕12号: outside security and emergency scenes no check-ins, no points, no rankings, no
tracks, no photos as proof; install and use rates not at all.
Last-place elimination is no switch: it does not exist.
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


BLOCKED: Final = frozenset({Switch.INSTALL_RATE_REPORT, Switch.ACTIVE_RATE_REPORT})
"""Never on, whatever a county records."""

HELD: Final[Mapping[str, Switch]] = MappingProxyType(
    {
        "check_ins": Switch.DAILY_OK,
        "patrols": Switch.DAILY_OK,
        "patrol_minutes": Switch.DAILY_OK,
        "staff_points": Switch.POINTS_STAFF,
        "resident_points": Switch.POINTS_RESIDENT,
        "staff_rank": Switch.RANKING,
        "track_metres": Switch.TRACK,
        "work_photos": Switch.PHOTO_REQUIRED,
        "installs": Switch.INSTALL_RATE_REPORT,
        "active_users": Switch.ACTIVE_RATE_REPORT,
    }
)
"""What cannot be measured while a switch is off, however the figure that measures it is called.

A daily number of patrols, or their minutes, is a check-in and an online time by another name: a
plan and a reminder to the worker, and no figure.
"""
