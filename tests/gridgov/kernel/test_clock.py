"""The end of a time is the first moment that is too late."""

from datetime import UTC, date, datetime, timedelta

from gridgov.kernel.clock import CHINA, end_in_digits, last_day

MIDNIGHT = datetime(2026, 3, 5, 16, tzinfo=UTC)
"""00:00 of the sixth of March in China."""


def test_a_time_that_ends_with_a_day_is_read_as_that_day():
    assert last_day(MIDNIGHT, CHINA) == date(2026, 3, 5)
    assert end_in_digits(MIDNIGHT, CHINA) == "2026-03-05 24:00"


def test_a_time_that_ends_within_a_day_is_read_as_it_is():
    within = MIDNIGHT - timedelta(hours=9, minutes=30)

    assert last_day(within, CHINA) == date(2026, 3, 5)
    assert end_in_digits(within, CHINA) == "2026-03-05 14:30"
