"""The calendar of a tenant as a plain value, kept in the process for as long as nothing changes.

Asking costs one small statement; what is kept is found by content (the digest of the loads, the
closed days themselves), so neither another process's change nor a rollback can leave it stale.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.calendar.models import CalendarClosure, CalendarDay, CalendarYear
from gridgov.calendar.rules import (
    OFFICE_SETTING,
    USUAL_HOURS,
    joint_version,
    parse_office,
    split_version,
)
from gridgov.calendar.types import DayKind, Horizon, YearStatus
from gridgov.context import Context
from gridgov.contract.settings import ALWAYS, value_on
from gridgov.kernel.db import WALL
from gridgov.kernel.durations import WorkCalendar
from gridgov.kernel.errors import Unavailable
from gridgov.kernel.ready import Ready

_KEPT = 48
_NEW_YEAR_ARRANGEMENTS_REACH_BACK_TO = (12, 28)  # earliest ever: 29 December (2007, 2018)

_nationals: "OrderedDict[str, National]" = OrderedDict()
_calendars: "OrderedDict[tuple[Any, ...], WorkCalendar]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class National:
    """The country's days at one version."""

    first: date
    last: date
    official_until: date
    holidays: frozenset[date]
    makeups: frozenset[date]

    @property
    def provisional_from(self) -> date:
        """The next year's notice may still move days of the last December that is official."""
        return date(self.official_until.year, *_NEW_YEAR_ARRANGEMENTS_REACH_BACK_TO)


async def calendar_for(ctx: Context, *, version: int | None = None) -> WorkCalendar:
    """The tenant's calendar now, or as it was at a joint ``version`` that a clock has kept.

    Office hours are a setting, not part of a version: each day has those that hold on it, as they
    are known now.
    """
    national_version, local_revision = (None, None) if version is None else split_version(version)
    if version is None:
        stamp = await _STAMP.row(ctx.session)
    else:
        asked = _stamp(ctx.tenant.id, national_version, local_revision)
        stamp = (await ctx.session.execute(asked)).one_or_none()
    if stamp is None:
        raise Unavailable("工作日历还没有装载，请联系平台管理员。")
    loaded, digest, closed, revision = stamp
    joint = joint_version(loaded, revision or 0) if version is None else version
    key = (digest, frozenset(closed or ()), _offices(ctx), ctx.tenant.zone, joint)
    if key not in _calendars:
        national = await _national(ctx.session, loaded, digest)
        _keep(_calendars, key, _calendar(national, joint, key))
    _calendars.move_to_end(key)
    return _calendars[key]


def office_hours(ctx: Context) -> tuple[str, bool]:
    """The office hours of today as the setting writes them, and whether they are only assumed."""
    said = value_on(ctx.tenant.settings, OFFICE_SETTING, ctx.today)
    return str(said or _declared_hours(ctx)), not said


def _declared_hours(ctx: Context) -> str:
    return str(ctx.policy.defaults.get(OFFICE_SETTING, USUAL_HOURS))


def _offices(ctx: Context) -> tuple[tuple[date, str], ...]:
    """From which day on which office hours hold."""
    chosen = {
        version.effective_from: str(version.values[OFFICE_SETTING] or _declared_hours(ctx))
        for version in ctx.tenant.settings
        if OFFICE_SETTING in version.values
    }
    return tuple(({ALWAYS: _declared_hours(ctx)} | chosen).items())


async def horizon(ctx: Context) -> Horizon:
    """How far ahead the calendar is official, seen from the tenant's today."""
    return await horizon_from(ctx.session, ctx.today)


async def horizon_from(session: AsyncSession, today: date) -> Horizon:
    """As :func:`horizon`, for the health of the whole installation. ``session`` may be shared."""
    newest = (await session.execute(_newest())).one_or_none()
    if newest is None:
        return Horizon(date.min, (date.min - today).days)
    national = await _national(session, newest.version, newest.digest)
    return Horizon(national.official_until, (national.official_until - today).days)


def loads(year: int | None = None) -> Select[int, int, str, str, datetime]:
    """The loads, newest first: version, year, status, notice, when."""
    found = select(
        CalendarYear.version,
        CalendarYear.year,
        CalendarYear.status,
        CalendarYear.notice,
        CalendarYear.loaded_at,
    ).order_by(CalendarYear.version.desc())
    return found if year is None else found.where(CalendarYear.year == year)


def days_of_year(year: int) -> Select[date, str, str]:
    """Day, kind and name of a year's special days; those of an older notice come first."""
    return (
        select(CalendarDay.day, CalendarDay.kind, CalendarDay.name)
        .join(CalendarYear, CalendarYear.version == CalendarDay.version)
        .where(
            CalendarYear.version.in_(_in_force(None)),
            CalendarDay.day >= date(year, 1, 1),
            CalendarDay.day <= date(year, 12, 31),
        )
        .order_by(CalendarYear.year)
    )


def closures() -> Select[UUID, date, str, str, datetime]:
    """The tenant's closures that are in force, the latest day first."""
    return (
        select(
            CalendarClosure.id,
            CalendarClosure.day,
            CalendarClosure.reason,
            CalendarClosure.document,
            CalendarClosure.added_at,
        )
        .where(CalendarClosure.removed_revision.is_(None))
        .order_by(CalendarClosure.day.desc())
    )


def _newest(version: int | None = None) -> Select[int, str]:
    newest = select(CalendarYear.version, CalendarYear.digest)
    if version is not None:
        newest = newest.where(CalendarYear.version <= version)
    return newest.order_by(CalendarYear.version.desc()).limit(1)


def _stamp(
    tenant: Any, version: int | None, revision: int | None
) -> Select[int, str, list[date] | None, int | None]:
    mine = CalendarClosure.tenant_id == tenant
    closed = select(func.array_agg(CalendarClosure.day)).where(mine)
    if revision is None:
        closed = closed.where(CalendarClosure.removed_revision.is_(None))
    else:
        closed = closed.where(
            CalendarClosure.added_revision <= revision,
            or_(
                CalendarClosure.removed_revision.is_(None),
                CalendarClosure.removed_revision > revision,
            ),
        )
    latest = func.max(
        func.greatest(CalendarClosure.added_revision, CalendarClosure.removed_revision)
    )
    return _newest(version).add_columns(
        closed.scalar_subquery(), select(latest).where(mine).scalar_subquery()
    )


_STAMP: Final = Ready(_stamp(bindparam(WALL), None, None))


def _in_force(version: int | None) -> Select[int]:
    newest = select(func.max(CalendarYear.version)).group_by(CalendarYear.year)
    return newest if version is None else newest.where(CalendarYear.version <= version)


async def _national(session: AsyncSession, version: int, digest: str) -> National:
    if digest not in _nationals:
        rows = (
            await session.execute(
                select(CalendarYear.year, CalendarYear.status, CalendarDay.day, CalendarDay.kind)
                .join(CalendarDay, CalendarDay.version == CalendarYear.version, isouter=True)
                .where(CalendarYear.version.in_(_in_force(version)))
                .order_by(CalendarYear.year)
            )
        ).all()
        kinds = {row.day: row.kind for row in rows if row.day is not None}
        years = {row.year: row.status for row in rows}
        official = [year for year, status in years.items() if status == YearStatus.OFFICIAL]
        national = National(
            first=date(min(years), 1, 1),
            last=date(max(years), 12, 31),
            official_until=date(max(official, default=min(years) - 1), 12, 31),
            holidays=frozenset(day for day, kind in kinds.items() if kind != DayKind.MAKEUP),
            makeups=frozenset(day for day, kind in kinds.items() if kind == DayKind.MAKEUP),
        )
        _keep(_nationals, digest, national)
    return _nationals[digest]


def _calendar(national: National, version: int, key: tuple[Any, ...]) -> WorkCalendar:
    _, closed, offices, zone, _ = key
    return WorkCalendar(
        version=version,
        first=national.first,
        last=national.last,
        holidays=national.holidays,
        makeups=national.makeups,
        closures=closed,
        provisional_from=national.provisional_from,
        office=tuple(
            replace(season, since=since) for since, text in offices for season in parse_office(text)
        ),
        zone=zone,
    )


def _keep(kept: "OrderedDict[Any, Any]", key: Any, value: Any) -> None:
    kept[key] = value
    while len(kept) > _KEPT:
        kept.popitem(last=False)
