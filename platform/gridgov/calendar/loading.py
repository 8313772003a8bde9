"""Loading a year for all counties: from the kept library, from the law alone, from a notice.

Runs on the shared tables, with a session of no tenant. Each tenant hears of it in a transaction of
its own, see :func:`gridgov.calendar.actions.tell_of_loads`.
"""

import hashlib
from datetime import date, datetime
from importlib.metadata import version as installed
from itertools import groupby
from typing import Final

import msgspec
from chinese_calendar.constants import (  # type: ignore[import-untyped]
    holidays,
    in_lieu_days,
    workdays,
)
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.calendar.models import CalendarDay, CalendarYear
from gridgov.calendar.statutory import FORESEEN, foreseen_plan
from gridgov.calendar.types import DayKind, PlannedDay, YearPlan, YearStatus
from gridgov.kernel.errors import Conflict

_DECEMBER: Final = 12
_NAMES: Final = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年",
}


async def seed_calendar(session: AsyncSession, *, now: datetime) -> list[int]:
    """Bring in the years that the library knows and those that the law lets foresee.

    Safe to repeat, run by every migration: a newer library makes a provisional year official; one
    that is official stays as it is, for a notice loaded by hand knows better. Returns the years.
    """
    known = {year: status for _, year, status, _ in await _loads(session)}
    added: list[int] = []
    plans = [*library_plans(), *(foreseen_plan(year) for year in FORESEEN)]
    for plan in plans:
        status = known.get(plan.year)
        if status is None or (status == YearStatus.PROVISIONAL and plan.status != status):
            await _add(session, plan, now=now)
            known[plan.year] = plan.status
            added.append(plan.year)
    return added


async def load_year(session: AsyncSession, plan: YearPlan, *, now: datetime) -> int | None:
    """Load a notice. Returns the new version, or None if all of it is known already."""
    known = {
        year: (version, status, notice) for version, year, status, notice in await _loads(session)
    }
    before = known.get(plan.year - 1)
    if before is None or before[1] != YearStatus.OFFICIAL:
        raise Conflict(
            "请先装载 {before} 年的通知，再装载 {year} 年的。", before=plan.year - 1, year=plan.year
        )
    if plan.year in known:
        version, status, notice = known[plan.year]
        days = tuple(
            PlannedDay(day, DayKind(kind), name)
            for day, kind, name in await session.execute(
                select(CalendarDay.day, CalendarDay.kind, CalendarDay.name)
                .where(CalendarDay.version == version)
                .order_by(CalendarDay.day)
            )
        )
        if YearPlan(plan.year, YearStatus(status), notice, days) == plan:
            return None
    return await _add(session, plan, now=now)


def library_plans() -> list[YearPlan]:
    """The years as the library has them. New Year's days in December belong to the notice after."""
    source = f"chinesecalendar {installed('chinesecalendar')}（历年国务院办公厅通知汇编）"
    days = sorted(
        [_planned(day, name) for table in (holidays, workdays) for day, name in table.items()],
        key=lambda planned: (_notice_year(planned), planned.day),
    )
    return [
        YearPlan(year, YearStatus.OFFICIAL, source, tuple(of_year))
        for year, of_year in groupby(days, key=_notice_year)
    ]


def _planned(day: date, name: str) -> PlannedDay:
    if day in workdays:
        kind = DayKind.MAKEUP
    else:
        kind = DayKind.IN_LIEU if day in in_lieu_days else DayKind.HOLIDAY
    return PlannedDay(day, kind, _NAMES.get(name, name))


def _notice_year(planned: PlannedDay) -> int:
    return planned.day.year + (planned.day.month == _DECEMBER)


async def _loads(session: AsyncSession) -> list[tuple[int, int, str, str]]:
    rows = await session.execute(
        select(
            CalendarYear.version, CalendarYear.year, CalendarYear.status, CalendarYear.notice
        ).order_by(CalendarYear.version)
    )
    return [(row.version, row.year, row.status, row.notice) for row in rows]


async def _add(session: AsyncSession, plan: YearPlan, *, now: datetime) -> int:
    newest = (
        await session.execute(
            select(CalendarYear.version, CalendarYear.digest)
            .order_by(CalendarYear.version.desc())
            .limit(1)
        )
    ).one_or_none()
    version, before = (newest.version + 1, newest.digest) if newest else (1, "")
    digest = hashlib.sha256(before.encode() + msgspec.json.encode(plan)).hexdigest()
    await session.execute(
        insert(CalendarYear).values(
            version=version,
            year=plan.year,
            status=plan.status,
            notice=plan.notice,
            digest=digest,
            loaded_at=now,
        )
    )
    days = [
        {"version": version, "day": planned.day, "kind": planned.kind, "name": planned.name}
        for planned in plan.days
    ]
    await session.execute(insert(CalendarDay), days)
    return version
