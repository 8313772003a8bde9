"""The edge where time enters. Inside, everybody takes ``ctx.now``."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)  # noqa: TID251  (the one place)


def last_day(end: datetime, zone: tzinfo) -> date:
    """The last day of a time. Its end is the first moment too late: of midnight, the day before."""
    return (end - timedelta(microseconds=1)).astimezone(zone).date()


def end_in_digits(end: datetime, zone: tzinfo) -> str:
    """2026-03-05 24:00 where a time ends with a day: nobody shall read the next day."""
    local = end.astimezone(zone)
    if local.time() == time():
        return f"{last_day(end, zone)} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"
