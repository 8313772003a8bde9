"""The days of rest that the law itself gives, for years whose arrangement is not out yet.

Thirteen days a year (全国年节及纪念日放假办法, as revised in 2024). The movable ones follow the
lunar calendar and the solar terms; they were checked against another table.
"""

from datetime import date, timedelta
from typing import Final

from gridgov.calendar.types import DayKind, PlannedDay, YearPlan, YearStatus

LAW: Final = "全国年节及纪念日放假办法（国令第795号）"

_FIXED: Final = (
    (1, 1, "元旦"),
    (5, 1, "劳动节"),
    (5, 2, "劳动节"),
    (10, 1, "国庆节"),
    (10, 2, "国庆节"),
    (10, 3, "国庆节"),
)

# First day of the lunar year, Qingming, Dragon Boat, Mid-Autumn.
_MOVABLE: Final = {
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
}

FORESEEN: Final = tuple(_MOVABLE)
"""The years that this module can foresee."""


def fixed_days(year: int) -> dict[date, str]:
    """The days that are the same every year."""
    return {date(year, month, day): name for month, day, name in _FIXED}


def statutory_days(year: int) -> dict[date, str]:
    """All days that the law gives; the fixed ones alone for a year that is not foreseen."""
    days = fixed_days(year)
    if year in _MOVABLE:
        spring, tombs, boats, moon = (date(year, *at) for at in _MOVABLE[year])
        days |= {spring + timedelta(days=n): "春节" for n in range(-1, 3)}
        days |= {tombs: "清明节", boats: "端午节", moon: "中秋节"}
    return days


def foreseen_plan(year: int) -> YearPlan:
    """The year as it must be assumed until its notice comes: no make-up days, nothing moved."""
    days = tuple(
        PlannedDay(day, DayKind.HOLIDAY, name) for day, name in sorted(statutory_days(year).items())
    )
    return YearPlan(year, YearStatus.PROVISIONAL, LAW, days)
