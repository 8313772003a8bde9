from datetime import UTC, datetime, timedelta

from gridgov.web.clockline import clock_line

START = datetime(2026, 3, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def line(**facts):
    return clock_line(
        **{"start": START, "due": START + 4 * DAY, "light": "green", "words": ""} | facts
    )


def test_half_of_the_time_is_half_of_the_line():
    drawn = line(now=START + 2 * DAY)

    assert drawn.now_x == 50
    assert drawn.due_x == 98.5


def test_past_the_due_time_the_line_grows_beyond_it():
    drawn = line(now=START + 8 * DAY)

    assert drawn.now_x == 98.5
    assert drawn.due_x == 50


def test_an_ended_clock_stops_where_it_ended():
    drawn = line(now=START + 9 * DAY, ended=START + DAY)

    assert drawn.now_x == 25.75
    assert drawn.due_x == 98.5


def test_an_open_pause_lasts_until_now():
    drawn = line(now=START + 2 * DAY, pauses=[(START + DAY, None, "等配件")])

    assert [(gap.x, gap.width, gap.words) for gap in drawn.pauses] == [(25.75, 24.25, "等配件")]


def test_a_clock_that_is_due_at_once_is_drawn_all_the_same():
    drawn = line(due=START, now=START)

    assert drawn.now_x == drawn.due_x == 98.5
