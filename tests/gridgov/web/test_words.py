from datetime import UTC, date, datetime, timedelta

import pytest

from gridgov.web import words

NOW = datetime(2026, 3, 5, 6, 20, tzinfo=UTC)  # 14:20 in China, a Thursday


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, "今天 14:20"),
        (NOW + timedelta(hours=10), "明天 00:20"),
        (NOW - timedelta(hours=15), "昨天 23:20"),
        (NOW + timedelta(days=2), "后天 14:20"),
        (NOW - timedelta(days=2), "3月3日 14:20"),
        (NOW + timedelta(days=400), "2027年4月9日 14:20"),
    ],
)
def test_a_time_is_said_by_the_day_in_china(at, said):
    assert words.when(at, NOW) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(), "1 分钟"),
        (timedelta(seconds=59), "1 分钟"),
        (timedelta(minutes=59), "59 分钟"),
        (timedelta(hours=1), "1 小时"),
        (timedelta(hours=3, minutes=20), "3 小时 20 分钟"),
        (timedelta(hours=12, minutes=20), "12 小时"),
        (timedelta(days=1), "1 天"),
        (timedelta(days=1, hours=6), "1 天 6 小时"),
        (timedelta(days=7, hours=6), "7 天"),
    ],
)
def test_a_length_has_two_units_at_most(length, said):
    assert words.span(length) == said
    assert words.span(-length) == said


def test_the_due_moment_itself_is_too_late():
    assert words.left(NOW + timedelta(seconds=1), NOW) == "还剩 1 分钟"
    assert words.left(NOW, NOW) == "刚刚到期"
    assert words.left(NOW - timedelta(days=2), NOW) == "已超 2 天"


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=12), "12 分钟前"),
        (timedelta(hours=3, minutes=50), "3 小时前"),
        (timedelta(hours=20), "昨天 18:20"),
        (timedelta(days=3), "3月2日 14:20"),
        (timedelta(days=9), "2月24日"),
        (-timedelta(days=1), "明天"),
    ],
)
def test_what_is_past_gets_coarser_with_its_age(gone, said):
    assert words.since(NOW - gone, NOW) == said


def test_the_full_time_names_the_weekday():
    assert words.full(NOW) == "2026年3月5日 星期四 14:20"
    assert words.full(date(2026, 3, 8)) == "2026年3月8日 星期日"
    assert words.full_day(NOW) == "2026年3月5日"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "—"), (1, 3, "33.3%"), (9999, 10000, "99.9%"), (1, 100000, "0.1%"), (5, 5, "100.0%")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part, whole, said):
    assert words.share(part, whole) == said


def test_an_unknown_number_is_a_dash():
    assert words.count(None) == "—"
    assert words.count(1204) == "1,204"


def test_a_due_time_at_midnight_is_the_end_of_the_day_before():
    now = datetime(2026, 11, 23, 4, tzinfo=UTC)
    midnight = datetime(2026, 11, 26, 16, tzinfo=UTC)

    assert words.until(midnight, now) == "11月26日 24:00"
    assert words.until(midnight + timedelta(hours=9), now) == "11月27日 09:00"
