import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import chinese_calendar
import pytest
from sqlalchemy import delete, select

from factories.contexts import a_tenant, chosen
from gridgov.audit.models import AuditEntry
from gridgov.calendar.actions import CHANGED, close_day, reopen_day, tell_of_loads
from gridgov.calendar.loading import load_year, seed_calendar
from gridgov.calendar.lookup import calendar_for, closures, horizon, horizon_from
from gridgov.calendar.models import CalendarClosure, CalendarDay, CalendarYear
from gridgov.calendar.rules import joint_version, parse_office, split_version
from gridgov.calendar.statutory import FORESEEN, statutory_days
from gridgov.calendar.types import DayKind, PlannedDay, YearPlan, YearStatus
from gridgov.cli.main import parser
from gridgov.kernel.clock import CHINA
from gridgov.kernel.db import Database
from gridgov.kernel.durations import deadline, work_hours, working_days
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import OutboxEvent
from gridgov.kernel.settings import Settings
from gridgov.testkit.clock import NOON

FLOOD = date(2026, 11, 26)  # a Thursday
CLOSED = {"reason": "洪水", "document": "测政办〔2026〕9号"}


def plan_for(year: int = 2027, *days: PlannedDay) -> YearPlan:
    return YearPlan(year, YearStatus.OFFICIAL, "测试〔2026〕1号", days)


def hour(day: date, number: int) -> datetime:
    return datetime(day.year, day.month, day.day, number, tzinfo=CHINA)


async def events(ctx) -> list:
    rows = await ctx.session.execute(
        select(OutboxEvent.kind, OutboxEvent.payload)
        .where(OutboxEvent.tenant_id == ctx.tenant.id)
        .order_by(OutboxEvent.at, OutboxEvent.id)
    )
    return [(row.kind, row.payload) for row in rows]


async def test_the_seeded_days_agree_with_the_library_day_by_day(county):
    async with county.opened() as ctx:
        calendar = await calendar_for(ctx)

    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(7 * 365 + 2)]
    assert days[-1] == date(2026, 12, 31)
    assert [calendar.is_working(day) for day in days] == [
        chinese_calendar.is_workday(day) for day in days
    ]


async def test_a_year_without_a_notice_is_foreseen_and_provisional(county):
    async with county.opened() as ctx:
        calendar = await calendar_for(ctx)

    assert [calendar.is_working(date(2027, 2, day)) for day in range(4, 10)] == [
        True,
        False,
        False,
        False,
        False,
        True,
    ]
    assert calendar.is_provisional(date(2027, 1, 4))
    assert calendar.is_provisional(date(2026, 12, 28))  # New Year may still move it
    assert not calendar.is_provisional(date(2026, 12, 27))
    assert calendar.last == date(2032, 12, 31)
    start = datetime(2026, 12, 21, 10, tzinfo=CHINA)
    assert deadline(start, working_days(7), calendar).provisional


async def test_the_horizon_alarms_ninety_days_before_the_last_official_day(county):
    async with county.opened() as ctx:
        reach = await horizon(ctx)
        early = await horizon_from(ctx.session, date(2026, 10, 2))

    assert (reach.official_until, reach.days, reach.alarm) == (date(2026, 12, 31), 38, True)
    assert (early.days, early.alarm) == (90, False)


async def test_asking_again_costs_one_statement_and_gives_the_same_value(county):
    async with county.opened() as ctx:
        assert await calendar_for(ctx) is await calendar_for(ctx)


async def test_a_closed_day_moves_deadlines_and_tells_the_cases(county):
    async with county.opened() as ctx:
        before = await calendar_for(ctx)
        await close_day(ctx, FLOOD, **CLOSED)
        after = await calendar_for(ctx)

        start = datetime(2026, 11, 25, 10, tzinfo=CHINA)
        assert deadline(start, working_days(1), before).last_day == FLOOD
        assert deadline(start, working_days(1), after).last_day == date(2026, 11, 27)
        assert after.version == before.version + 1
        assert await events(ctx) == [
            (CHANGED, {"version": after.version, "first": "2026-11-26"}),
        ]


async def test_a_closure_needs_a_document_and_a_working_day(county):
    async with county.opened() as ctx:
        with pytest.raises(Invalid) as refused:
            await close_day(ctx, FLOOD, reason="洪水", document="  ")
        assert refused.value.fields == {"document": "请写明依据的文号。"}
        with pytest.raises(Invalid) as refused:
            await close_day(ctx, FLOOD, reason=" ", document="x")
        assert list(refused.value.fields) == ["reason"]
        for day in (date(2026, 11, 28), date(2026, 10, 1), date(2044, 1, 4)):
            with pytest.raises(Invalid) as refused:
                await close_day(ctx, day, **CLOSED)
            assert list(refused.value.fields) == ["day"]
        await close_day(ctx, FLOOD, **CLOSED)
        with pytest.raises(Conflict):
            await close_day(ctx, FLOOD, **CLOSED)


async def test_a_closure_taken_back_stays_as_history_and_in_the_audit(county):
    async with county.opened() as ctx:
        before = await calendar_for(ctx)
        closure_id = await close_day(ctx, FLOOD, **CLOSED)
        closed = await calendar_for(ctx)
        with pytest.raises(Invalid):
            await reopen_day(ctx, closure_id, document="")
        await reopen_day(ctx, closure_id, document="测政办〔2026〕10号")
        reopened = await calendar_for(ctx)
        with pytest.raises(Conflict):
            await reopen_day(ctx, closure_id, document="测政办〔2026〕11号")
        with pytest.raises(NotFound):
            await reopen_day(ctx, new_id(), document="测政办〔2026〕11号")

    async with county.opened() as ctx:
        assert [before.is_working(FLOOD), closed.is_working(FLOOD), reopened.is_working(FLOOD)] == [
            True,
            False,
            True,
        ]
        assert await calendar_for(ctx, version=closed.version) == closed
        assert await calendar_for(ctx, version=before.version) == before
        assert (await ctx.session.execute(closures())).all() == []
        verbs = await ctx.session.scalars(
            select(AuditEntry.verb)
            .where(AuditEntry.tenant_id == ctx.tenant.id)
            .order_by(AuditEntry.seq)
        )
        assert verbs.all() == ["calendar.day_closed", "calendar.day_reopened"]
        await close_day(ctx, FLOOD, **CLOSED)  # and may be closed once more


async def test_a_closure_rolled_back_leaves_no_trace_in_the_process(county):
    async with county.opened(keep=False) as ctx:
        await close_day(ctx, FLOOD, **CLOSED)
        assert not (await calendar_for(ctx)).is_working(FLOOD)

    async with county.opened() as ctx:
        assert (await calendar_for(ctx)).is_working(FLOOD)


async def test_one_countys_closure_is_no_other_countys(county, database, settings):
    neighbour = await a_tenant(database, settings)
    async with county.opened() as ctx:
        closure_id = await close_day(ctx, FLOOD, **CLOSED)

    async with neighbour.opened() as ctx:
        assert (await calendar_for(ctx)).is_working(FLOOD)
        assert (await ctx.session.execute(select(CalendarClosure.id))).all() == []
        with pytest.raises(NotFound):
            await reopen_day(ctx, closure_id, document="x")


async def test_office_hours_are_the_tenants_setting(county):
    summer = "5-1 08:30-12:00 15:00-18:00; 10-1 8:30-12:00 14:00-17:00"
    async with county.opened(settings=chosen(office_hours=summer)) as ctx:
        calendar = await calendar_for(ctx)

    assert calendar.office == parse_office(summer)
    assert [
        hours[-1][1].hour for hours in map(calendar.office_hours, (FLOOD, date(2026, 7, 1)))
    ] == [
        17,
        18,
    ]


async def test_new_office_hours_count_from_their_day_and_not_before(county):
    settings = chosen(office_hours="9:00-17:00") + chosen(FLOOD, office_hours="10:00-18:00")
    async with county.opened(settings=settings) as ctx:
        calendar = await calendar_for(ctx)

    before = FLOOD - timedelta(days=1)
    assert [
        [(a.hour, b.hour) for a, b in calendar.office_hours(day)] for day in (before, FLOOD)
    ] == [
        [(9, 17)],
        [(10, 18)],
    ]
    assert deadline(hour(before, 16), work_hours(2), calendar).at == hour(FLOOD, 11)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nine to five",
        "08:30-12:00 11:00-17:00",
        "25:00-26:00",
        "13-1 08:00-12:00",
        "2-1 08:00-09:00; 2-1 08:00-10:00",
    ],
)
def test_office_hours_that_make_no_sense_are_refused(text):
    with pytest.raises(Invalid):
        parse_office(text)


def test_a_joint_version_can_be_taken_apart():
    assert split_version(joint_version(28, 3)) == (28, 3)


# Loads, in transactions that are rolled back: the country's days are shared by all tests


async def test_a_notice_makes_its_year_official_and_moves_the_horizon(county):
    async with county.opened(keep=False) as ctx:
        before = await calendar_for(ctx)
        makeup = PlannedDay(date(2027, 2, 14), DayKind.MAKEUP, "春节")
        lieu = PlannedDay(date(2027, 2, 9), DayKind.IN_LIEU, "春节")

        version = await load_year(ctx.session, plan_for(2027, lieu, makeup), now=NOON)

        after = await calendar_for(ctx)
        assert version == split_version(before.version)[0] + 1
        assert after.is_working(makeup.day)
        assert not after.is_working(lieu.day)
        assert not after.is_provisional(date(2027, 12, 27))
        assert after.is_provisional(date(2027, 12, 28))
        assert (await horizon(ctx)).official_until == date(2027, 12, 31)
        assert await calendar_for(ctx, version=before.version) == before


async def test_the_same_notice_again_changes_nothing_and_a_correction_does(county):
    async with county.opened(keep=False) as ctx:
        lieu = PlannedDay(date(2027, 2, 9), DayKind.IN_LIEU, "春节")
        first = await load_year(ctx.session, plan_for(2027, lieu), now=NOON)
        again = await load_year(ctx.session, plan_for(2027, lieu), now=NOON)
        corrected = await load_year(
            ctx.session,
            plan_for(2027, lieu, PlannedDay(date(2027, 2, 10), DayKind.IN_LIEU, "春节")),
            now=NOON,
        )

    assert again is None
    assert corrected == first + 1


async def test_a_year_cannot_be_loaded_over_a_gap(county):
    async with county.opened(keep=False) as ctx:
        with pytest.raises(Conflict, match="先装载 2027"):
            await load_year(ctx.session, plan_for(2028), now=NOON)


async def test_seeding_again_adds_nothing_and_never_overrules_a_notice(county):
    async with county.opened(keep=False) as ctx:
        assert await seed_calendar(ctx.session, now=NOON) == []


async def test_seeding_with_a_newer_library_makes_a_provisional_year_official(county):
    async with county.opened(keep=False) as ctx:
        this_year = select(CalendarYear.version).where(CalendarYear.year == 2026)
        loaded = await ctx.session.scalar(this_year)
        await ctx.session.execute(delete(CalendarDay).where(CalendarDay.version >= loaded))
        await ctx.session.execute(delete(CalendarYear).where(CalendarYear.version >= loaded))
        assumed = PlannedDay(date(2026, 9, 25), DayKind.HOLIDAY, "中秋节")
        provisional = YearPlan(2026, YearStatus.PROVISIONAL, "older", (assumed,))
        await load_year(ctx.session, provisional, now=NOON)
        assert (await horizon(ctx)).official_until == date(2025, 12, 31)

        assert await seed_calendar(ctx.session, now=NOON) == [2026, *FORESEEN]
        assert (await horizon(ctx)).official_until == date(2026, 12, 31)
        assert (await calendar_for(ctx)).is_working(date(2026, 9, 20))


async def test_a_county_hears_once_of_what_was_loaded(county):
    async with county.opened(keep=False) as ctx:
        assert await tell_of_loads(ctx)
        assert not await tell_of_loads(ctx)
        lieu = PlannedDay(date(2027, 2, 9), DayKind.IN_LIEU, "春节")
        await load_year(ctx.session, plan_for(2027, lieu), now=NOON)
        assert await tell_of_loads(ctx)
        assert not await tell_of_loads(ctx)

        told = await events(ctx)
        assert [kind for kind, _ in told] == [CHANGED, CHANGED]
        assert told[1][1] == {
            "version": (await calendar_for(ctx)).version,
            "first": "2026-12-01",
        }


def test_a_notice_file_is_checked_from_the_terminal(tmp_path, capsys):
    file = tmp_path / "2027.json"
    file.write_text(json.dumps({"year": 2027, "papers": ["x"], "days": [{}]}))

    asked = parser().parse_args(["calendar", "load", str(file), "--dry-run"])

    assert asked.run(asked) == 1
    assert capsys.readouterr().err.count("days 第 1 项：") == 3
    missing = parser().parse_args(["calendar", "load", str(tmp_path / "none.json")])
    assert missing.run(missing) == 1


def test_a_sound_notice_is_loaded_from_the_terminal_once(tmp_path, capsys, monkeypatch, settings):
    days = [
        {"name": name, "date": day.isoformat(), "isOffDay": True}
        for day, name in statutory_days(2027).items()
    ]
    file = tmp_path / "2027.json"
    file.write_text(json.dumps({"year": 2027, "papers": ["测试〔2026〕1号"], "days": days}))
    monkeypatch.setattr(Settings, "from_env", lambda: settings)

    def run(*words: str) -> int:
        asked = parser().parse_args(["calendar", *words])
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asked.run, asked).result()

    try:
        codes = [run("horizon"), run("load", str(file)), run("load", str(file)), run("horizon")]
    finally:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, forget(settings, 2027)).result()

    said = capsys.readouterr().out.splitlines()
    assert codes[1:] == [0, 0, 0]
    assert said[0].startswith("工作日历正式到 2026-12-31")
    assert said[1].startswith("2027 年已装载为第 ")
    assert said[2] == "2027 年的安排已经是这样，没有改动。"
    assert said[3].startswith("工作日历正式到 2027-12-31")


async def forget(settings: Settings, year: int) -> None:
    """Take back what was loaded as official: the country's days are shared by all tests."""
    database = Database(settings, pooled=False)
    async with database.shared() as session:
        loaded = select(CalendarYear.version).where(
            CalendarYear.year == year, CalendarYear.status == YearStatus.OFFICIAL
        )
        versions = (await session.scalars(loaded)).all()
        await session.execute(delete(CalendarDay).where(CalendarDay.version.in_(versions)))
        await session.execute(delete(CalendarYear).where(CalendarYear.version.in_(versions)))
    await database.close()
