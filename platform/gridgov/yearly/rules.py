"""When a duty is due, and how it stands."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from gridgov.contract.years import YearlyDuty
from gridgov.yearly.types import Reckoned, Standing, Task, Ticked

SOON: Final = timedelta(days=30)
"""So long before its day a duty is announced."""


def tasks_of(
    duties: Iterable[YearlyDuty],
    year: int,
    today: date,
    *,
    ticked: Mapping[str, Ticked],
    reckoned: Mapping[str, Reckoned],
) -> list[Task]:
    """The duties of a year in the order of their days."""
    found = list[Task]()
    for duty in duties:
        due_on = date(year, duty.month, duty.day)
        tick, seen = ticked.get(duty.code), reckoned.get(duty.code)
        is_done = tick is not None or (seen is not None and seen.done)
        found.append(Task(duty, due_on, _standing(due_on, today, is_done=is_done), tick, seen))
    return sorted(found, key=lambda task: task.due_on)


def _standing(due_on: date, today: date, *, is_done: bool) -> Standing:
    if is_done:
        return Standing.DONE
    if due_on < today:
        return Standing.LATE
    return Standing.SOON if due_on - today <= SOON else Standing.LATER
