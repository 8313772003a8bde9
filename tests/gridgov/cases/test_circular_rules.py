"""What a circular counts of its matters."""

from dataclasses import dataclass
from datetime import UTC, datetime

from gridgov.cases.rules.circulars import counted, late, totals
from gridgov.cases.types import Light


@dataclass(frozen=True)
class Matter:
    town: str
    unit: str
    light: Light
    struck_off_at: datetime | None = None


DONE = datetime(2026, 11, 23, tzinfo=UTC)
OVERDUE = Matter("东门", "城管局", Light.RED)
SOON = Matter("东门", "水务公司", Light.YELLOW)
STRUCK_OFF = Matter("白兔潭", "城管局", Light.RED, DONE)
ENDED = Matter("白兔潭", "城管局", Light.NONE)


def test_what_was_struck_off_or_has_ended_is_not_late():
    assert [late(one) for one in (OVERDUE, SOON, STRUCK_OFF, ENDED)] == [True, False, False, False]


def test_all_are_counted_and_each_town_and_unit_with_its_own():
    matters = [SOON, STRUCK_OFF, OVERDUE, ENDED]

    assert totals(matters) == (4, 1, 1)
    assert counted(matters, "town") == [("东门", 2, 0, 1), ("白兔潭", 2, 1, 0)]
    assert counted(matters, "unit") == [("城管局", 3, 1, 1), ("水务公司", 1, 0, 0)]
    assert totals([]) == (0, 0, 0) and counted([], "town") == []
