"""The columns of each file of a package: what a county has to fill in."""

from datetime import date
from typing import Final

from gridgov.onboarding.rules.sheets import (
    LONGEST_SHAPE,
    Column,
    Sheet,
    Unreadable,
    a_count,
    a_date,
    a_flag,
    codes,
    one_of,
    shaped,
)
from gridgov.onboarding.types import (
    BindingRow,
    BoundaryRow,
    DepartmentRow,
    HoldingRow,
    NodeRow,
    OfficeRow,
    StaffRow,
    TopicRow,
)
from gridgov.stations.rules import hours_of

AREA_TYPES: Final = ("urban", "rural")
EMPLOYMENTS: Final = ("full_time", "part_time", "official")
_NO_DAY: Final = date.min  # stands for an unreadable day and contradicts nothing


def _hours(text: str) -> str:
    """Opening hours, as the page of the office takes them."""
    try:
        hours_of(text)
    except ValueError:
        raise Unreadable(
            "时间要写成 08:30-12:00 14:30-17:30 这样，依次排列；也可以写“全天”。"
        ) from None
    return " ".join(text.split())


GRID: Final = Sheet(
    "grid.csv",
    NodeRow,
    (
        Column("code", shaped(r"[0-9]+(-[0-9]+)?", "应为数字代码。"), limit=24),
        Column("parent", required=False, limit=24),
        Column("level", limit=20),
        Column("name"),
        Column("area_type", one_of(*AREA_TYPES), required=False),
        Column("households", a_count, required=False, instead=0),
        Column("population", a_count, required=False, instead=0),
        Column("synthetic", a_flag, required=False, instead=False),
        Column("valid_from", a_date, instead=_NO_DAY),
    ),
)
DEPARTMENTS: Final = Sheet(
    "departments.csv",
    DepartmentRow,
    (
        Column("code", shaped(r"[a-z][a-z0-9_]{1,29}", "应为小写字母开头的英文代码。")),
        Column("name"),
        Column("node"),
        Column("phone", shaped(r"[0-9-]{3,20}", "不像电话号码。"), required=False, optional=True),
    ),
)
STAFF: Final = Sheet(
    "staff.csv",
    StaffRow,
    (
        Column("number", shaped(r"[A-Za-z0-9-]{1,20}", "应为字母、数字组成的工号。")),
        Column("name", limit=40),
        Column("title", required=False),
        Column("employment", one_of(*EMPLOYMENTS)),
        Column("phone", shaped(r"1[0-9]{10}", "应为 11 位手机号。"), required=False),
        Column("department", required=False),
        Column(
            "login",
            shaped(r"[a-z][a-z0-9._-]{1,31}", "应为 2 至 32 位小写登录名。"),
            required=False,
        ),
        Column("synthetic", a_flag, required=False, instead=False),
    ),
)
POSTS: Final = Sheet(
    "posts.csv",
    HoldingRow,
    (
        Column("staff"),
        Column("post"),
        Column("node"),
        Column("acting", a_flag, required=False, instead=False),
        Column("valid_from", a_date, instead=_NO_DAY),
        Column("valid_to", a_date, required=False, instead=None),
    ),
)
BINDINGS: Final = Sheet(
    "bindings.csv",
    BindingRow,
    (
        Column("staff"),
        Column("role"),
        Column("node"),
        Column("departments", codes, required=False, limit=500, instead=()),
        Column("categories", codes, required=False, limit=500, instead=()),
    ),
)
TOPICS: Final = Sheet(
    "topics.csv",
    TopicRow,
    (
        Column("category"),
        Column("department"),
        Column("assumed", a_flag, required=False, instead=False),
    ),
    optional=True,
)
OFFICES: Final = Sheet(
    "stations.csv",
    OfficeRow,
    (
        Column("node"),
        Column("address", required=False, limit=100),
        Column("phone", shaped(r"[0-9-]{3,20}", "不像电话号码。"), required=False),
        Column("hours", _hours, required=False),
        Column("rest_hours", _hours, required=False),
        Column("synthetic", a_flag, required=False, instead=False),
    ),
    optional=True,
)
BOUNDARIES: Final = Sheet(
    "boundaries.csv",
    BoundaryRow,
    (
        Column("code"),
        Column("synthetic", a_flag, required=False, instead=False),
        Column("wkt", limit=LONGEST_SHAPE),
    ),
    optional=True,
)
