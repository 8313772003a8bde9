"""When a visit can be booked or moved, and which visits make one walk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from gridgov.kernel.errors import Invalid
from gridgov.services.types import Half, Visit

_NOON: Final = time(12)


def check_day(day: date, half: Half, *, local: datetime, ahead: int) -> None:
    """Not over already, and no further off than bookings go. ``local`` is the county's clock."""
    today = local.date()
    over = day < today or (day == today and half is Half.MORNING and local.time() >= _NOON)
    if over:
        raise Invalid(fields={"day": "这半天已经过去了，请另选一个时间。"})
    if day > today + timedelta(days=ahead):
        raise Invalid(fields={"day": "最多提前 {n} 天预约，请选近一点的日子。"}, n=ahead)


@dataclass(frozen=True, slots=True)
class Walk:
    """All visits in one building in one half of a day: one way, several doors."""

    day: date
    half: str
    node_path: str
    building: str
    visits: tuple[Visit, ...]

    @property
    def key(self) -> str:
        """What tells it from the others of its day."""
        return f"{self.half}-{self.node_path}-{self.building}"

    @property
    def open(self) -> tuple[Visit, ...]:
        """Those that are still to be made."""
        return tuple(visit for visit in self.visits if visit.state == "booked")


def walks(visits: Iterable[Visit]) -> Sequence[Walk]:
    """The visits of a day by half, grid and building, in the order of walking."""
    groups: dict[tuple[date, str, str, str], list[Visit]] = {}
    order = list(Half)
    for visit in sorted(
        visits, key=lambda v: (v.day, order.index(Half(v.half)), v.node_path, v.building, v.code)
    ):
        groups.setdefault((visit.day, visit.half, visit.node_path, visit.building), []).append(
            visit
        )
    return [Walk(*key, tuple(those)) for key, those in groups.items()]
