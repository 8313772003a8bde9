"""Times and numbers in words, as people say them. Pure: every function is given now."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context

from gridgov.kernel.clock import CHINA, last_day
from gridgov.kernel.sentences import N_, joined
from gridgov.web.locale import Say

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400
_SOON: Final = timedelta(minutes=1)
_NEAR_HOURS: Final = 12
_FEW_DAYS: Final = 7


_NEAR: Final = {-1: N_("昨天"), 0: N_("今天"), 1: N_("明天"), 2: N_("后天")}
_WEEK: Final = (
    N_("星期一"),
    N_("星期二"),
    N_("星期三"),
    N_("星期四"),
    N_("星期五"),
    N_("星期六"),
    N_("星期日"),
)


def plain(sentence: str, **values: object) -> str:
    """The source language, where no catalogue is at hand."""
    return sentence.format(**values) if values else sentence


def clock_time(at: datetime, *, zone: ZoneInfo = CHINA) -> str:
    """14:20."""
    local = at.astimezone(zone)
    return f"{local.hour:02}:{local.minute:02}"


def day(at: date, now: datetime, *, zone: ZoneInfo = CHINA, _: Say = plain) -> str:
    """今天, 明天, 3月5日, or with the year when it is another one."""
    when_day = at.astimezone(zone).date() if isinstance(at, datetime) else at
    today = now.astimezone(zone).date()
    distance = (when_day - today).days
    if distance in _NEAR:
        return _(_NEAR[distance])
    if when_day.year == today.year:
        return _("{month}月{day}日", month=when_day.month, day=when_day.day)
    return _("{year}年{month}月{day}日", year=when_day.year, month=when_day.month, day=when_day.day)


def when(at: datetime, now: datetime, *, zone: ZoneInfo = CHINA, _: Say = plain) -> str:
    """今天 14:20."""
    return f"{day(at, now, zone=zone, _=_)} {clock_time(at, zone=zone)}"


def until(at: datetime, now: datetime, *, zone: ZoneInfo = CHINA, _: Say = plain) -> str:
    """A time that is the first too late: midnight is told as the end of the day before."""
    if at.astimezone(zone).time() == time():
        return f"{day(last_day(at, zone), now, zone=zone, _=_)} 24:00"
    return when(at, now, zone=zone, _=_)


def full_day(at: date, *, zone: ZoneInfo = CHINA, _: Say = plain) -> str:
    """2026年3月5日, whatever the day is today: for what is printed or kept."""
    local = at.astimezone(zone) if isinstance(at, datetime) else at
    return _("{year}年{month}月{day}日", year=local.year, month=local.month, day=local.day)


def full(at: date, *, zone: ZoneInfo = CHINA, _: Say = plain) -> str:
    """2026年3月5日 星期四 14:20, for the title of a short time and for print."""
    local = at.astimezone(zone) if isinstance(at, datetime) else at
    weekday = _(_WEEK[local.weekday()])
    said = _("{date} {weekday}", date=full_day(local, zone=zone, _=_), weekday=weekday)
    return f"{said} {local.hour:02}:{local.minute:02}" if isinstance(local, datetime) else said


def span(length: timedelta, *, _: Say = plain) -> str:
    """2 天 4 小时: two units at most, and only one when the second would tell nothing."""
    seconds = int(abs(length.total_seconds()))
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // _MINUTE
    if days >= _FEW_DAYS or (days and not hours):
        return _("{n} 天", n=days)
    if days:
        return _("{n} 天 {m} 小时", n=days, m=hours)
    if hours >= _NEAR_HOURS or (hours and not minutes):
        return _("{n} 小时", n=hours)
    if hours:
        return _("{n} 小时 {m} 分钟", n=hours, m=minutes)
    return _("{n} 分钟", n=max(minutes, 1))


def left(due: datetime, now: datetime, *, _: Say = plain) -> str:
    """还剩 3 小时 before the time, 已超 2 天 from it on (the end does not belong to the time)."""
    if now < due:
        return _("还剩 {span}", span=span(due - now, _=_))
    if now - due < _SOON:
        return _("刚刚到期")
    return _("已超 {span}", span=span(now - due, _=_))


def since(at: datetime, now: datetime, *, zone: ZoneInfo = CHINA, _: Say = plain) -> str:
    """3 小时前 within a day, 昨天 09:05 within the week, then the day."""
    gone = now - at
    if abs(gone) < _SOON:
        return _("刚刚")
    if timedelta() < gone < timedelta(hours=_NEAR_HOURS):
        return _("{span}前", span=span(_coarse(gone), _=_))
    if timedelta() < gone < timedelta(days=_FEW_DAYS):
        return when(at, now, zone=zone, _=_)
    return day(at, now, zone=zone, _=_)


def _coarse(length: timedelta) -> timedelta:
    """Whole hours once there is one: nobody asks for 3 小时 12 分钟前."""
    seconds = int(length.total_seconds())
    return timedelta(seconds=seconds - seconds % _HOUR if seconds >= _HOUR else seconds)


def count(number: float | None) -> str:
    """1,204; a dash where nothing is known."""
    return "—" if number is None else f"{number:,}"


def share(part: float, whole: float, places: int = 1) -> str:
    """93.5%; a dash where there is nothing to divide by. Never rounded up to 100% or down to 0%."""
    if not whole:
        return "—"
    percent = round(100 * part / whole, places)
    step: float = 10**-places
    if part < whole:
        percent = min(percent, 100 - step)
    if part > 0:
        percent = max(percent, step)
    return f"{percent:.{places}f}%"


def _now(context: Context) -> datetime:
    return cast("datetime", context["now"])


def _say(context: Context) -> Say:
    return cast("Say", context["_"])


@pass_context
def _when(context: Context, at: datetime) -> str:
    return when(at, _now(context), _=_say(context))


@pass_context
def _until(context: Context, at: datetime) -> str:
    return until(at, _now(context), _=_say(context))


@pass_context
def _day(context: Context, at: date) -> str:
    return day(at, _now(context), _=_say(context))


@pass_context
def _date(context: Context, at: date) -> str:
    return full_day(at, _=_say(context))


@pass_context
def _last_day(context: Context, end: datetime) -> str:
    return full_day(last_day(end, CHINA), _=_say(context))


@pass_context
def _full(context: Context, at: date) -> str:
    return full(at, _=_say(context))


@pass_context
def _left(context: Context, due: datetime) -> str:
    return left(due, _now(context), _=_say(context))


@pass_context
def _since(context: Context, at: datetime) -> str:
    return since(at, _now(context), _=_say(context))


@pass_context
def _span(context: Context, length: timedelta) -> str:
    return span(length, _=_say(context))


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "when": _when,
    "until": _until,
    "day": _day,
    "date": _date,
    "last_day": _last_day,
    "full": _full,
    "left": _left,
    "since": _since,
    "span": _span,
    "count": count,
    "share": share,
    "listed": joined,
}
"""What templates call them. ``count`` hides Jinja's alias of ``length`` on purpose."""
