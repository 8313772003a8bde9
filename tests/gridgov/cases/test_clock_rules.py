"""The clocks of a case as pure rules: versions, settings, pauses, extensions, returns."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gridgov.cases.rules import clocks as ticking
from gridgov.cases.rules.explaining import amount_in_words, explained
from gridgov.cases.types import Light, Pause
from gridgov.contract.declarations import Clock, ClockRules, Each, Urgency
from gridgov.kernel.durations import (
    WorkCalendar,
    calendar_days,
    hours,
    minutes,
    work_hours,
    working_days,
)
from gridgov.kernel.errors import Unavailable
from gridgov.kernel.ids import new_id

CHINA = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(version=3, first=date(2026, 1, 1), last=date(2026, 12, 31))
MONDAY = datetime(2026, 11, 23, 4, tzinfo=UTC)  # 12:00 in China
SEVEN = Clock(
    code="handle",
    name="办结",
    limit=working_days(7),
    warn=working_days(5),
    starts=("file",),
    stops=("close", "explain"),
    promise=True,
    source="001",
)
ACCEPT = Clock(
    code="accept",
    name="部门受理",
    limit=work_hours(4),
    warn=work_hours(3),
    starts=("dispatch",),
    stops=("accept", "return"),
    each=Each.ASSIGNMENT,
    setting="accept_work_hours",
    source="assumption",
)
LEVEL = replace(ACCEPT, code="take", each=Each.LEVEL)
RULES = ClockRules(effective_from=date(2019, 5, 28), clocks=(SEVEN, ACCEPT, LEVEL))
SETTINGS = {"accept_work_hours": 4}


def start(at=MONDAY, pauses=()):
    return ticking.Starting(at, 0, date(2019, 5, 28), CALENDAR, pauses)


def running(clock=SEVEN, at=MONDAY, settings=SETTINGS):
    return ticking.started(clock, "", start(at), settings)


def midnight(month, day):
    return datetime(2026, month, day, tzinfo=CHINA)


def pause(begin, end, reason="等配件"):
    return Pause(new_id(), reason, begin, end, None)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2016, 1, 1), date(2017, 4, 1)),
        (date(2019, 5, 27), date(2017, 4, 1)),
        (date(2019, 5, 28), date(2019, 5, 28)),
        (date(2026, 1, 1), date(2019, 5, 28)),
    ],
)
def test_the_version_of_the_day_holds(day, expected):
    versions = (ClockRules(effective_from=date(2017, 4, 1), clocks=()), RULES)

    rules = ticking.rules_on(Urgency(code="n", name="一般", rules=versions), day)

    assert rules.effective_from == expected


@pytest.mark.parametrize(
    ("setting", "expected"), [(4, (4, 3)), (8, (8, 6)), (1, (1, 1)), (2, (2, 2))]
)
def test_a_setting_changes_the_amount_and_the_warning_in_proportion(setting, expected):
    assert ticking.amounts(ACCEPT, {"accept_work_hours": setting}) == expected


def test_the_warning_of_another_unit_stays():
    clock = replace(ACCEPT, warn=minutes(60))

    assert ticking.amounts(clock, {"accept_work_hours": 8}) == (8, 60)


def test_a_case_with_a_term_of_its_own_runs_by_it_and_the_setting_is_for_the_others():
    clock = replace(SEVEN, by_term=True)
    own = ticking.started(clock, "", replace(start(), term="3个工作日"), SETTINGS)
    quick = ticking.started(clock, "", replace(start(), term="2小时"), SETTINGS)

    assert (own.amount, own.unit, own.warn_amount) == (3, "working_days", 2)
    assert (own.due_at, own.yellow_at) == (midnight(11, 27), midnight(11, 26))
    assert quick.unit == "minutes" and quick.warn_amount < quick.amount == 120
    assert running(clock).amount == 7
    assert ticking.started(SEVEN, "", replace(start(), term="3个工作日"), SETTINGS).amount == 7


def test_seven_working_days_from_monday_end_with_wednesday_next_week():
    clock = running()

    assert (clock.due_at, clock.yellow_at) == (midnight(12, 3), midnight(12, 1))
    assert (clock.rule_from, clock.calendar_version) == ("2019-05-28", 3)


def test_a_calendar_that_ends_too_early_is_a_sentence():
    with pytest.raises(Unavailable):
        running(at=datetime(2026, 12, 28, 4, tzinfo=UTC))


def test_a_pause_moves_the_due_time_by_the_working_days_in_it():
    clock = ticking.timed(running(), CALENDAR, [pause(MONDAY, MONDAY + timedelta(days=2))])

    assert clock.due_at == midnight(12, 4)  # Tuesday is lost; Monday would not count anyway


def test_a_pause_that_lasts_is_not_counted_yet():
    assert ticking.timed(running(), CALENDAR, [pause(MONDAY, None)]).due_at == midnight(12, 3)


def test_an_extension_adds_days_of_the_clocks_own_kind_and_is_written_down():
    clock = ticking.extended(running(), CALENDAR, (), days=2, by=None, at=MONDAY)

    assert (clock.due_at, clock.yellow_at) == (midnight(12, 5), midnight(12, 3))
    assert clock.history == [
        {
            "why": "extended",
            "at": MONDAY.isoformat(),
            "due": midnight(12, 3).astimezone(UTC).isoformat(),
            "days": 2,
            "by": None,
        }
    ]


def test_a_clock_of_minutes_is_extended_by_whole_days():
    urgent = replace(SEVEN, limit=hours(24), warn=hours(12))

    clock = ticking.extended(running(urgent), CALENDAR, (), days=1, by=None, at=MONDAY)

    assert clock.due_at == MONDAY + timedelta(hours=48)


def test_a_stopped_clock_runs_on_from_its_old_start_without_the_time_in_between():
    clock = running(ACCEPT)  # Monday 12:00, office open again at 14:30
    stopped = replace(clock, stopped_at=MONDAY + timedelta(hours=3))  # 15:00, half an hour used

    again = ticking.resumed(stopped, MONDAY + timedelta(hours=24), CALENDAR, ())  # Tuesday 12:00

    assert clock.started_at == again.started_at
    assert again.due_at == datetime(
        2026, 11, 25, 9, 0, tzinfo=CHINA
    )  # 3 h on Tuesday, 0.5 on Wednesday
    assert ticking.resumed(clock, MONDAY, CALENDAR, ()) is clock


def test_another_rule_counts_from_the_old_start():
    rule = replace(SEVEN, limit=working_days(3), warn=working_days(2), source="另一条")

    clock = ticking.ruled_anew(running(), rule, start(), SETTINGS, at=MONDAY)

    assert (clock.started_at, clock.due_at) == (MONDAY, midnight(11, 27))
    assert clock.history[0]["why"] == ticking.RULED


def test_a_new_calendar_moves_what_it_must_and_leaves_the_rest():
    clock = running()
    holiday = replace(CALENDAR, version=4, holidays=frozenset({date(2026, 11, 24)}))

    same = ticking.reckoned_anew(clock, replace(CALENDAR, version=4), (), MONDAY)
    moved = ticking.reckoned_anew(clock, holiday, (), MONDAY)

    assert same is clock
    assert (moved.due_at, moved.calendar_version) == (midnight(12, 4), 4)
    assert moved.history[-1]["why"] == ticking.RECKONED


def test_a_departments_clock_stops_for_that_department_only():
    mine, theirs = (ticking.started(ACCEPT, name, start(), SETTINGS) for name in ("甲", "乙"))

    after = ticking.stopped([mine, theirs], RULES, "accept", departments={"甲"}, at=MONDAY)

    assert [clock.runs for clock in after] == [False, True]


def test_only_what_an_action_stops_is_stopped():
    after = ticking.stopped([running()], RULES, "dispatch", departments=(), at=MONDAY)

    assert after[0].runs


def test_a_clock_starts_for_the_case_the_level_or_each_department():
    assert ticking.bearers_of(SEVEN, level="town", departments=("甲",)) == ("",)
    assert ticking.bearers_of(LEVEL, level="town", departments=("甲",)) == ("town",)
    assert ticking.bearers_of(ACCEPT, level="town", departments=("甲", "乙")) == ("甲", "乙")


def test_the_light_of_a_case_is_the_worst_of_its_clocks():
    handle, accept = running(), running(ACCEPT)

    due, yellow, provisional = ticking.earliest([handle, accept])

    assert (due, yellow, provisional) == (accept.due_at, accept.yellow_at, False)
    assert ticking.earliest([replace(handle, stopped_at=MONDAY)]) is None


def test_the_promise_is_that_of_the_last_round():
    first, again = running(), replace(running(), rounds=1)

    assert ticking.promise_of([first, again, running(ACCEPT)], 1) == again
    assert ticking.promise_of([first], 1) is None


class TestStory:
    def lines(self, clock, pauses=(), now=MONDAY):
        story = explained(clock, pauses, bearers={"": ""}, zone=CHINA, now=now)
        return story, [str(line) for line in story.lines]

    def test_a_clock_tells_rule_start_calendar_and_due_time(self):
        story, lines = self.lines(running())

        assert story.light is Light.GREEN
        assert lines == [
            "办结时限 7 个工作日（2019-05-28 起的规则，依据 001）。",
            "2026-11-23 12:00 开始计时。",
            "开始当天不计，从次日起算。",
            "按工作日历第 3 版计算。",
            "到期时间 2026-12-02 24:00。",
            "将在 2026-12-01 00:00 亮黄灯提醒。",
        ]

    def test_a_number_of_our_own_says_so(self):
        story, lines = self.lines(running(ACCEPT))

        assert story.assumed
        assert "本项目暂定" in lines[0]

    def test_pauses_extensions_and_returns_are_told_in_order(self):
        clock = ticking.extended(running(), CALENDAR, (), days=2, by=None, at=MONDAY)
        clock = ticking.resumed(
            replace(clock, stopped_at=MONDAY), MONDAY + timedelta(hours=1), CALENDAR, ()
        )
        clock = ticking.noted(clock, ticking.RECKONED, MONDAY)
        clock = ticking.noted(clock, ticking.RULED, MONDAY)
        clock = ticking.noted(clock, "other", MONDAY)
        story, lines = self.lines(
            clock, [pause(MONDAY, MONDAY + timedelta(hours=2)), pause(MONDAY, None, "等雨停")]
        )

        assert story.light is Light.PAUSED
        assert lines[4:-2] == [
            "2026-11-23 12:00 至 2026-11-23 14:00 挂起，不计时：等配件",
            "2026-11-23 12:00 起挂起，还没有恢复：等雨停",
            "2026-11-23 12:00 批准延期 2 天，原到期时间 2026-12-02 24:00。",
            "2026-11-23 12:00 至 2026-11-23 13:00 不在这里办理，不计时，也不重新起算。",
            "2026-11-23 12:00 工作日历更新后重新计算，原到期时间 2026-12-04 24:00。",
            "2026-11-23 12:00 更正类别后按新规则计算，起点不变，原到期时间 2026-12-04 24:00。",
            "2026-11-23 12:00 有过变更。",
        ]

    @pytest.mark.parametrize(
        ("now", "last"),
        [
            (midnight(12, 1), "2026-12-01 00:00 起亮黄灯提醒。"),
            (midnight(12, 3), "到现在还没有完成，已超期。"),
        ],
    )
    def test_the_last_line_tells_how_it_stands(self, now, last):
        _, lines = self.lines(running(), now=now)

        assert lines[-1] == last

    @pytest.mark.parametrize(
        ("stopped", "last"),
        [
            (midnight(12, 2), "2026-12-02 00:00 停止计时，未超期。"),
            (midnight(12, 3), "2026-12-03 00:00 停止计时，超期。"),
        ],
    )
    def test_a_stopped_clock_tells_whether_it_was_in_time(self, stopped, last):
        story, lines = self.lines(replace(running(), stopped_at=stopped), now=midnight(12, 20))

        assert lines[-1] == last
        assert story.light is (Light.RED if "，超期" in last else Light.YELLOW)

    def test_a_provisional_due_time_says_so(self):
        _, lines = self.lines(replace(running(), provisional=True))

        assert "其中有放假安排尚未公布的日子，到期时间是暂定的。" in lines

    def test_amounts_are_said_as_people_say_them(self):
        said = [amount_in_words(d.amount, d.unit) for d in (minutes(30), hours(24))]

        assert [*said, amount_in_words(3, calendar_days(3).unit)] == ["30 分钟", "24 小时", "3 天"]
