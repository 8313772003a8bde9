"""Opening hours, shifts and numbers."""

from datetime import date, time

import pytest

from gridgov.contract.stations import Days, Seat, Shift
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.stations.rules import (
    check_hours,
    check_number,
    hours_of,
    open_until,
    shift_now,
    shifts_on,
    week_of,
)
from gridgov.stations.types import NumberState

DAY = Shift(code="day", name="白班", begins="08:30", ends="17:30", days=Days.WORKING)
NIGHT = Shift(code="night", name="夜班", begins="17:30", ends="08:30")
REST = Shift(code="rest", name="休息日班", begins="08:30", ends="17:30", days=Days.REST)


@pytest.mark.parametrize(
    ("text", "at", "until"),
    [
        ("08:30-12:00 14:30-17:30", time(9), time(12)),
        ("08:30-12:00 14:30-17:30", time(12), None),
        ("08:30-12:00 14:30-17:30", time(14, 30), time(17, 30)),
        ("全天", time(3), time(23, 59)),
        ("18:00-24:00", time(23), time(23, 59)),
        ("", time(9), None),
    ],
)
def test_it_is_open_just_in_its_hours(text, at, until):
    assert open_until(hours_of(text), at) == until


@pytest.mark.parametrize("text", ["八点", "12:00-08:00", "08:30-12:00 11:00-13:00", "25:00-26:00"])
def test_hours_that_nobody_can_keep_are_refused_beside_the_field(text):
    with pytest.raises(Invalid) as refused:
        check_hours("hours", text)

    assert list(refused.value.fields) == ["hours"]


def test_hours_are_kept_as_they_are_meant():
    assert check_hours("hours", "08:30-12:00，14:30—17:30") == "08:30-12:00 14:30-17:30"


def test_a_seat_keeps_its_shifts_on_their_days():
    seat = Seat(code="police", name="公安", levels=("county",), shifts=("day", "rest", "night"))

    assert [s.code for s in shifts_on(seat, (DAY, REST, NIGHT), working=True)] == ["day", "night"]
    assert [s.code for s in shifts_on(seat, (DAY, REST, NIGHT), working=False)] == ["rest", "night"]


def test_a_night_runs_on_into_the_next_morning():
    begun, lasting = shift_now((DAY, NIGHT), time(3))
    evening, _ = shift_now((DAY, NIGHT), time(20))

    assert (begun, lasting) == ([], [NIGHT])
    assert evening == [NIGHT]


def test_a_week_begins_on_monday():
    assert week_of(date(2026, 11, 27))[0] == date(2026, 11, 23)


def test_a_number_that_was_missed_may_come_back_and_one_that_is_done_may_not():
    check_number(NumberState.MISSED, NumberState.CALLED)
    with pytest.raises(Conflict):
        check_number(NumberState.DONE, NumberState.CALLED)
    with pytest.raises(Conflict):
        check_number(NumberState.WAITING, NumberState.DONE)
