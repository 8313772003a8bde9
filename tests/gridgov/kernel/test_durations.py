from datetime import UTC, date, datetime, time, timedelta
from time import thread_time
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from chinese_calendar import constants
from hypothesis import example, given
from hypothesis import strategies as st

from gridgov.kernel.clock import CHINA
from gridgov.kernel.durations import (
    Duration,
    OutOfCalendar,
    Season,
    Unit,
    WorkCalendar,
    calendar_days,
    deadline,
    hours,
    measure,
    minutes,
    work_hours,
    working_days,
)

CALENDAR = WorkCalendar(
    version=1,
    first=date(2018, 1, 1),
    last=date(2028, 12, 31),
    holidays=frozenset(constants.holidays),
    makeups=frozenset(constants.workdays),
    closures=frozenset({date(2026, 7, 8), date(2026, 7, 9)}),
    provisional_from=date(2026, 12, 28),
)
DAY = timedelta(days=1)


def local(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=CHINA)


def due(start: str, duration: Duration, **how) -> str:
    at = deadline(local(start), duration, CALENDAR, **how).at
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def last_day(start: str, duration: Duration, **how) -> str:
    return deadline(local(start), duration, CALENDAR, **how).last_day.isoformat()


@pytest.mark.parametrize(
    ("start", "duration", "roll", "last"),
    [
        ("2026-09-18", working_days(3), False, "2026-09-22"),  # Sunday the 20th is a make-up day
        ("2026-09-30", working_days(7), False, "2026-10-15"),
        ("2026-09-30", calendar_days(7), False, "2026-10-07"),
        ("2026-09-30", calendar_days(7), True, "2026-10-08"),
        ("2026-02-13", working_days(5), False, "2026-02-27"),
        ("2026-02-13", calendar_days(15), True, "2026-02-28"),  # a Saturday, but a make-up day
        ("2026-08-08", calendar_days(60), False, "2026-10-07"),
        ("2026-08-08", calendar_days(60), True, "2026-10-08"),
        ("2024-02-28", calendar_days(1), False, "2024-02-29"),
        ("2025-12-31", working_days(2), False, "2026-01-05"),  # 4 January is a make-up day
    ],
)
@pytest.mark.parametrize("hour", ["00:00", "08:30", "23:59:59.999999"])
def test_the_vectors_of_the_rules_hold(start, hour, duration, *, roll, last):
    assert last_day(f"{start} {hour}", duration, roll=roll) == last


def test_a_day_clock_is_due_at_the_end_of_its_last_day():
    assert due("2026-03-02 09:00", working_days(1)) == "2026-03-04 00:00"
    assert due("2026-03-02 09:00", calendar_days(1)) == "2026-03-04 00:00"


def test_minutes_and_hours_run_through_nights_and_holidays():
    assert due("2026-09-30 17:00", minutes(30)) == "2026-09-30 17:30"
    assert due("2026-09-30 17:00", hours(24)) == "2026-10-01 17:00"


@pytest.mark.parametrize(
    ("start", "amount", "at"),
    [
        ("2026-03-02 09:00", 2, "2026-03-02 11:00"),
        ("2026-03-02 11:00", 2, "2026-03-02 15:30"),  # over the noon break
        ("2026-03-02 12:30", 1, "2026-03-02 15:30"),
        ("2026-03-02 16:30", 1, "2026-03-02 17:30"),  # the end of the day, not the next morning
        ("2026-03-06 17:00", 1, "2026-03-09 09:00"),  # over a weekend
        ("2026-09-18 17:00", 1, "2026-09-20 09:00"),  # to a make-up Sunday
        ("2026-03-02 20:00", 14, "2026-03-05 09:30"),
        ("2026-03-07 10:00", 1, "2026-03-09 09:30"),
    ],
)
def test_work_hours_run_while_the_office_is_open(start, amount, at):
    assert due(start, work_hours(amount)) == at


def test_the_office_hours_follow_the_season():
    winter = Season((10, 1), ((time(8, 30), time(12)), (time(14), time(17))))
    summer = Season((5, 1), ((time(8, 30), time(12)), (time(15), time(18))))
    calendar = WorkCalendar(1, date(2026, 1, 1), date(2026, 12, 31), office=(winter, summer))

    ends = [
        deadline(local(f"{day} 12:00"), work_hours(1), calendar).at.astimezone(CHINA)
        for day in ("2026-01-05", "2026-04-30", "2026-05-06", "2026-09-30", "2026-10-12")
    ]

    assert [end.hour for end in ends] == [15, 15, 16, 16, 15]


def test_local_closures_are_days_of_rest():
    assert last_day("2026-07-07 10:00", working_days(1)) == "2026-07-10"
    assert last_day("2026-07-07 10:00", calendar_days(1), roll=True) == "2026-07-10"


@pytest.mark.parametrize(
    ("pause", "last"),
    [
        (("2026-03-04 10:00", "2026-03-04 15:00"), "2026-03-06"),  # within a day: none lost
        (("2026-03-04 10:00", "2026-03-05 15:00"), "2026-03-09"),  # Wednesday lost
        (("2026-03-04 00:00", "2026-03-05 00:00"), "2026-03-09"),
        (("2026-03-06 10:00", "2026-03-09 15:00"), "2026-03-09"),  # Friday lost; Monday ends it
        (("2026-03-07 00:00", "2026-03-09 00:00"), "2026-03-06"),  # begins when all is over
        (("2026-03-01 10:00", "2026-03-03 15:00"), "2026-03-06"),  # the first day does not count
        (("2026-03-01 10:00", "2026-03-05 15:00"), "2026-03-10"),
    ],
)
def test_a_day_is_lost_when_the_clock_stands_still_at_its_end(pause, last):
    stood = (local(pause[0]), local(pause[1]))

    assert last_day("2026-03-02 09:00", working_days(4), pauses=(stood,)) == last


def test_a_pause_of_hours_moves_an_hour_clock_by_them():
    stood = ((local("2026-03-02 10:00"), local("2026-03-02 11:30")),)

    assert due("2026-03-02 09:00", hours(24), pauses=stood) == "2026-03-03 10:30"
    assert due("2026-03-02 09:00", work_hours(2), pauses=stood) == "2026-03-02 15:00"


def test_a_rolled_clock_that_is_paused_on_the_day_of_rest_goes_on_after_the_pause():
    stood = ((local("2026-10-07 10:00"), local("2026-10-09 10:00")),)

    assert last_day("2026-09-29 10:00", calendar_days(7), roll=True, pauses=stood) == "2026-10-09"


def test_what_rests_on_no_notice_is_provisional():
    def provisional(start: str, duration: Duration, **how) -> bool:
        return deadline(local(start), duration, CALENDAR, **how).provisional

    assert not provisional("2026-12-21 10:00", working_days(4))
    assert provisional("2026-12-21 10:00", working_days(5))
    assert provisional("2026-12-25 17:00", work_hours(8))
    assert provisional("2026-12-25 10:00", calendar_days(3), roll=True)
    assert not provisional("2026-12-25 10:00", calendar_days(30))
    assert not provisional("2026-12-25 10:00", hours(2400))


def test_a_clock_that_leaves_the_calendar_is_refused_aloud():
    for start, duration in (
        ("2017-12-31", working_days(1)),
        ("2028-12-29", working_days(9)),
        ("2028-12-29", work_hours(90)),
    ):
        with pytest.raises(OutOfCalendar):
            deadline(local(start), duration, CALENDAR)


def test_moments_without_a_zone_and_empty_durations_are_refused():
    with pytest.raises(ValueError, match="no moment"):
        deadline(datetime(2026, 3, 2), minutes(1), CALENDAR)  # noqa: DTZ001
    with pytest.raises(ValueError, match="at least 1"):
        working_days(0)
    with pytest.raises(ValueError, match="apart"):
        Season((1, 1), ((time(8), time(12)), (time(11), time(17))))
    with pytest.raises(ValueError, match="apart"):
        Season((1, 1), ())


def test_the_zone_of_the_county_decides_what_a_day_is():
    start = datetime(2026, 3, 2, 17, tzinfo=UTC)  # already 3 March in China

    assert deadline(start, calendar_days(1), CALENDAR).last_day == date(2026, 3, 4)
    elsewhere = WorkCalendar(1, CALENDAR.first, CALENDAR.last, zone=ZoneInfo("UTC"))
    assert deadline(start, calendar_days(1), elsewhere).last_day == date(2026, 3, 3)


# What must hold for every clock

moments = st.datetimes(datetime(2020, 1, 1), datetime(2026, 6, 30), timezones=st.just(CHINA))  # noqa: DTZ001
durations = st.builds(Duration, st.integers(1, 60), st.sampled_from(Unit))
rolls = st.booleans()


@st.composite
def pauses_after(draw, start, most=4):
    """Pauses around and after ``start``, not overlapping, in order."""
    edges = sorted(draw(st.lists(st.integers(-3_000, 60_000), max_size=2 * most, unique=True)))
    at = [start + timedelta(minutes=edge) for edge in edges]
    return tuple(zip(at[::2], at[1::2], strict=False))


clocks = moments.flatmap(lambda start: st.tuples(st.just(start), durations, pauses_after(start)))


@given(clocks, st.timedeltas(timedelta(0), timedelta(days=40)), rolls)
def test_a_later_start_is_never_due_earlier(clock, later, roll):
    start, duration, pauses = clock

    first = deadline(start, duration, CALENDAR, pauses=pauses, roll=roll)
    second = deadline(start + later, duration, CALENDAR, pauses=pauses, roll=roll)

    assert first.at <= second.at


@given(clocks, rolls)
def test_a_larger_amount_is_never_due_earlier(clock, roll):
    start, duration, pauses = clock
    larger = Duration(duration.amount + 1, duration.unit)

    less = deadline(start, duration, CALENDAR, pauses=pauses, roll=roll)
    more = deadline(start, larger, CALENDAR, pauses=pauses, roll=roll)

    assert less.at < more.at or (roll and less.at == more.at)


@given(clocks, rolls)
def test_a_further_pause_is_never_due_earlier(clock, roll):
    start, duration, pauses = clock

    ends = [
        deadline(start, duration, CALENDAR, pauses=pauses[:n], roll=roll).at
        for n in range(len(pauses) + 1)
    ]

    assert ends == sorted(ends)


@given(clocks)
def test_pauses_add_up(clock):
    """What all pauses cost together is the sum of the working time inside each of them."""
    start, duration, pauses = clock
    end = deadline(start, duration, CALENDAR, pauses=pauses).at

    def used(**how):
        return measure(start, end, CALENDAR, unit=duration.unit, **how)

    lost = sum(used() - used(pauses=(pause,)) for pause in pauses)

    assert round((used() - lost) * 3600) == duration.amount * 3600
    assert round(used(pauses=pauses) * 3600) == duration.amount * 3600


@given(clocks, st.randoms(use_true_random=False))
def test_the_order_and_the_overlap_of_pauses_do_not_matter(clock, random):
    start, duration, pauses = clock
    cut = [(a, a + (b - a) * 2 / 3) for a, b in pauses] + [(a + (b - a) / 3, b) for a, b in pauses]
    random.shuffle(cut)

    once = deadline(start, duration, CALENDAR, pauses=pauses)

    assert deadline(start, duration, CALENDAR, pauses=tuple(cut)) == once


@given(clocks)
def test_a_clock_in_working_units_never_ends_on_a_day_of_rest(clock):
    start, duration, pauses = clock
    end = deadline(start, duration, CALENDAR, pauses=pauses)

    if duration.unit in {Unit.WORK_HOURS, Unit.WORKING_DAYS}:
        assert CALENDAR.is_working(end.last_day)
    rolled = deadline(start, duration, CALENDAR, pauses=pauses, roll=True)
    if duration.unit is Unit.CALENDAR_DAYS:
        assert CALENDAR.is_working(rolled.last_day)
        assert rolled.at >= end.at
    else:
        assert rolled == end


@given(clocks)
def test_the_deadline_is_the_first_moment_that_is_too_late(clock):
    start, duration, pauses = clock
    at = deadline(start, duration, CALENDAR, pauses=pauses).at

    def used(until):
        return measure(start, until, CALENDAR, unit=duration.unit, pauses=pauses)

    assert used(at) == duration.amount
    assert used(at - timedelta(microseconds=1)) < duration.amount


@given(clocks)
@example((local("2026-03-02 09:00"), working_days(4), ()))
def test_a_day_clock_ends_at_midnight_and_names_the_day_before(clock):
    start, duration, pauses = clock
    end = deadline(start, duration, CALENDAR, pauses=pauses)
    at = end.at.astimezone(CHINA)

    assert end.last_day == (at - timedelta(microseconds=1)).date()
    if duration.unit in {Unit.CALENDAR_DAYS, Unit.WORKING_DAYS}:
        assert at.timetz() == time(tzinfo=CHINA)


def test_every_day_of_seven_years_agrees_with_the_library():
    calendar = WorkCalendar(
        1,
        date(2004, 1, 1),
        date(2026, 12, 31),
        frozenset(constants.holidays),
        frozenset(constants.workdays),
    )
    days = [date(2020, 1, 1) + n * DAY for n in range((date(2026, 12, 1) - date(2020, 1, 1)).days)]

    assert [calendar.is_working(day) for day in days] == [
        chinese_calendar.is_workday(day) for day in days
    ]
    for day in days:
        start = datetime.combine(day, time(15), CHINA)
        counted, expected = 0, day
        while counted < 7:
            expected += DAY
            counted += chinese_calendar.is_workday(expected)
        assert deadline(start, working_days(7), calendar).last_day == expected


def test_a_deadline_costs_less_than_a_tenth_of_a_millisecond():
    start = local("2026-09-18 10:00")
    stood = ((local("2026-09-20 10:00"), local("2026-09-23 10:00")),)

    def cost(duration: Duration) -> float:
        began = thread_time()
        for _ in range(1000):
            deadline(start, duration, CALENDAR, pauses=stood)
        return (thread_time() - began) / 1000

    assert min(cost(working_days(7)) for _ in range(5)) < 100e-6
    assert min(cost(work_hours(12)) for _ in range(5)) < 100e-6
