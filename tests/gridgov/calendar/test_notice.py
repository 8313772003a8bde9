import json
from datetime import date

import pytest

from gridgov.calendar.notice import read_notice
from gridgov.calendar.statutory import FORESEEN, statutory_days
from gridgov.calendar.types import DayKind, YearStatus

OFF = [
    *(("元旦", f"2027-01-0{n}") for n in (1, 2, 3)),
    *(("春节", f"2027-02-{n:02}") for n in range(5, 12)),
    *(("清明节", f"2027-04-0{n}") for n in (3, 4, 5)),
    *(("劳动节", f"2027-05-0{n}") for n in range(1, 6)),
    ("端午节", "2027-06-09"),
    ("中秋节", "2027-09-15"),
    *(("国庆节", f"2027-10-0{n}") for n in range(1, 8)),
]
ON = [
    ("春节", "2027-02-14"),
    ("劳动节", "2027-05-08"),
    ("国庆节", "2027-09-26"),
    ("国庆节", "2027-10-09"),
]
"""Made up for the tests: the real arrangement is not out."""


def notice(**changes) -> dict:
    days = [{"name": name, "date": day, "isOffDay": True} for name, day in OFF]
    days += [{"name": name, "date": day, "isOffDay": False} for name, day in ON]
    content = {"year": 2027, "papers": ["测试〔2026〕1号"], "days": days}
    return content | changes


def read(content: object):
    return read_notice(json.dumps(content, ensure_ascii=False).encode())


def test_a_sound_notice_becomes_a_plan():
    reading = read(notice())

    assert reading.faults == []
    assert reading.plan.year == 2027
    assert reading.plan.status is YearStatus.OFFICIAL
    assert reading.plan.notice == "测试〔2026〕1号"
    kinds = {planned.day: planned.kind for planned in reading.plan.days}
    assert len(kinds) == len(OFF) + len(ON)
    assert kinds[date(2027, 2, 5)] is DayKind.HOLIDAY
    assert kinds[date(2027, 2, 9)] is DayKind.IN_LIEU
    assert kinds[date(2027, 2, 14)] is DayKind.MAKEUP


def test_a_notice_may_reach_back_into_december():
    days = [*notice()["days"], {"name": "元旦", "date": "2026-12-27", "isOffDay": False}]

    assert read(notice(days=days)).plan.days[0].day == date(2026, 12, 27)


def test_a_byte_order_mark_does_not_matter():
    assert read_notice(json.dumps(notice()).encode("utf-8-sig")).plan is not None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", "JSON"),
        (b"\xff\xfe{}", "UTF-8"),
        (b"[" * 100_000, "JSON"),
        (b" " * 300_000, "256 KB"),
        (b"[1, 2]", "对象"),
    ],
)
def test_what_is_no_notice_is_refused_with_a_sentence(raw, words):
    reading = read_notice(raw)

    assert reading.plan is None
    assert len(reading.faults) == 1
    assert words in reading.faults[0]


def test_every_fault_is_said_at_once_with_its_place():
    days = [
        {"name": "元旦", "date": "2027-01-32", "isOffDay": True},
        {"name": "", "date": "2027-01-01", "isOffDay": "yes"},
        "国庆节",
        {"name": "元旦", "date": "2028-01-01", "isOffDay": True},
        {"name": "春节", "date": "2027-02-10", "isOffDay": False},
        {"name": "春节", "date": "2027-02-14", "isOffDay": False},
        {"name": "春节", "date": "2027-02-14", "isOffDay": True},
    ]

    faults = read({"year": 2027, "papers": [], "days": days}).faults

    assert [fault.split("：")[0] for fault in faults] == [
        "papers",
        "days 第 1 项",
        "days 第 2 项",
        "days 第 2 项",
        "days 第 3 项",
        "days 第 4 项",
        "days 第 5 项",
        "days 第 7 项",
    ]
    assert "星期三，本来就上班" in faults[6]


@pytest.mark.parametrize("year", [None, "2027", 1999, 2027.0, True])
def test_a_year_that_is_none_is_refused(year):
    assert read(notice(year=year)).faults[0].startswith("year：")


def test_a_missing_statutory_day_is_named():
    days = [day for day in notice()["days"] if day["date"] != "2027-06-09"]

    assert read(notice(days=days)).faults == ["days：缺 2027-06-09（端午节），这天法定放假。"]


def test_days_that_do_not_balance_are_remarked_but_accepted():
    days = [day for day in notice()["days"] if day["date"] != "2027-05-08"]

    assert read(notice()).remarks == []
    assert "净休 14 天" in read(notice(days=days)).remarks[0]
    assert read(notice(days=days)).plan is not None


def test_the_law_gives_thirteen_days_each_year():
    sizes = {year: len(statutory_days(year)) for year in FORESEEN}

    assert sizes == {2027: 13, 2028: 12, 2029: 13, 2030: 13, 2031: 12, 2032: 13}
    assert sorted(day.strftime("%m-%d") for day in statutory_days(2027)) == [
        "01-01",
        "02-05",
        "02-06",
        "02-07",
        "02-08",
        "04-05",
        "05-01",
        "05-02",
        "06-09",
        "09-15",
        "10-01",
        "10-02",
        "10-03",
    ]  # as computed elsewhere
