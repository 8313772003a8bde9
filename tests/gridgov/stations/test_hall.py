"""The hall: zones, duty, numbers, the counter, and one request from the window to its answer."""

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select, update

from gridgov.cases.models import Case, CaseStep
from gridgov.contract.stations import Joint, Seat, Zone, faults_of_joint, faults_of_seat
from gridgov.staff.models import StaffMember
from gridgov.stations.models import DutyTurn, HallNumber
from gridgov.testkit.signing_in import send


@pytest.fixture
async def officer(app, county):
    """Somebody of the urban department."""
    person = county.accounts["handler"]
    async with app.state.database.session(county.tenant.id) as session:
        await session.execute(
            update(StaffMember)
            .where(StaffMember.id == person.staff_id)
            .values(department_id=county.departments["urban"])
        )
    return person.staff_id


@pytest.fixture
async def front(app, county, at, signed):
    """What most of it is about: the hall's addresses, and the dispatcher at a browser."""
    return app, county, at, county.at("county").id, await signed("dispatcher")


async def kept(app, county, statement):
    async with app.state.database.session(county.tenant.id) as session:
        return (await session.execute(statement)).all()


async def on_the_wall(browser, page):
    """What the newest screen of a hall shows; one is opened for it."""
    await send(browser, f"{page}/", page=page, name="一楼等候区")
    return await browser.get(
        re.findall(r'href="[^"]*(/[^"/]+/wall/[\w-]+)"', (await browser.get(page)).text)[-1]
    )


async def test_six_zones_each_with_people_and_a_queue(front, crew):
    _app, _county, at, hall, boss = front
    case_id = await crew.brought_to("filed")
    for _ in range(2):
        await crew.does("dispatcher", case_id, "pass_up")
        await crew.does("dispatcher", case_id, "take")
    front = await boss.get(at(f"/{hall}/hall"))
    division = await boss.get(at(f"/{hall}/zones/division"))
    window = await boss.get(at(f"/{hall}/zones/window"))

    names = ("帮办咨询", "窗口受理", "分流交办", "纠纷调处", "指挥调度", "综合研判")
    assert all(name in front.text for name in names)
    assert f"/cases/{case_id}" in division.text
    assert f"/cases/{case_id}" not in window.text
    assert "调度员 · 测试·" in division.text


async def test_a_sub_centre_has_a_smaller_hall_of_its_own_and_a_station_none(county, at, signed):
    clerk = await signed("subcentre_clerk")
    town, village = county.at("town").id, county.at("village").id
    desk = at(f"/{town}/numbers")
    front = await clerk.get(at(f"/{town}/hall"))
    await send(clerk, desk, zone="window")
    await send(clerk, f"{desk}/next", page=desk, zone="window", window="1 号窗口")
    wall = await on_the_wall(clerk, at(f"/{town}/screens"))
    no_such = await send(clerk, desk, zone="command")

    names = ("帮办咨询", "窗口受理", "分流交办", "纠纷调处")
    assert all(name in front.text for name in names)
    assert "指挥调度</b>" not in front.text and "综合研判</b>" not in front.text
    assert "1 号窗口" in wall.text and "指挥调度" not in wall.text
    assert no_such.status_code == 404
    for page in ("zones/command", "duty/police"):
        assert (await clerk.get(at(f"/{town}/{page}"))).status_code == 404
    assert (await clerk.get(at(f"/{village}"))).status_code == 200
    for page in ("hall", "duty", "numbers", "screens", "window", "together", "zones/window"):
        assert (await clerk.get(at(f"/{village}/{page}"))).status_code == 404


async def test_every_zone_has_a_page_with_its_people_and_its_queue(front):
    _app, county, at, hall, boss = front
    for node in (county.at("county"), county.at("town")):
        zones = [zone for zone in county.policy.county.zones if node.level in zone.levels]
        for zone in zones:
            page = await boss.get(at(f"/{node.id}/zones/{zone.code}"))
            assert page.status_code == 200
            assert "谁在这里" in page.text and "还没有安排人" not in page.text
            assert "在这里的事（0）" in page.text
    assert len(zones) == 4
    assert (await boss.get(at(f"/{hall}/zones/nowhere"))).status_code == 404


async def test_who_may_not_read_cases_is_told_no_figures_of_them(front, signed):
    _app, _county, at, hall, boss = front
    admin = await signed("county_admin")
    mine, theirs = await boss.get(at(f"/{hall}/hall")), await admin.get(at(f"/{hall}/hall"))

    assert "件在这里" in mine.text and f"/stations/{hall}/zones/window" in mine.text
    assert "窗口受理" in theirs.text and "人在等" in theirs.text
    assert "件在这里" not in theirs.text and "/zones/" not in theirs.text


async def test_weekends_and_holidays_are_kept_and_a_day_made_up_for_is_a_working_day(front):
    """国庆 2026: 10-01 to 10-07 are off, 10-10 (Saturday) is worked."""
    _app, _county, at, hall, boss = front
    holiday = await boss.get(at(f"/{hall}/duty/order?week=2026-10-01"))
    made_up = await boss.get(at(f"/{hall}/duty/order?week=2026-10-10"))

    assert 'name="2026-10-01.rest"' in holiday.text and 'name="2026-10-01.night"' in holiday.text
    assert 'name="2026-10-01.day"' not in holiday.text
    assert 'name="2026-10-10.day"' in made_up.text and 'name="2026-10-11.rest"' in made_up.text


async def test_a_week_of_duty_is_planned_copied_and_shows_its_gaps(front, officer):
    app, county, at, hall, boss = front
    first = date.today() - timedelta(days=date.today().weekday())  # noqa: DTZ011
    week, after = first.isoformat(), (first + timedelta(days=7)).isoformat()
    seat = at(f"/{hall}/duty/urban?week={week}")
    nights = {f"{first + timedelta(days=n)}.night": str(officer) for n in range(7)}
    planned = await send(boss, seat, page=seat, phone="0731-23230002", place="5 号窗口", **nights)
    shown = await boss.get(at(f"/{hall}/duty"), params={"week": week})
    copied = await send(boss, at(f"/{hall}/duty/copy?week={after}"), page=at(f"/{hall}/duty"))
    turns = await kept(app, county, select(DutyTurn.day, DutyTurn.shift))
    sheet = await boss.get(at(f"/{hall}/duty/sheet"))
    file = await send(boss, at(f"/{hall}/duty/export"), purpose="上墙")
    table = openpyxl.load_workbook(io.BytesIO(file.content)).active

    assert planned.status_code == copied.status_code == 303
    assert "5 号窗口" in shown.text and "空缺" in shown.text and "测试·" in shown.text
    assert len(turns) == 14 and {shift for _, shift in turns} == {"night"}
    assert "空缺" in sheet.text
    assert table["A3"].value == "综治"


async def test_a_turn_that_cannot_be_is_refused_by_its_own_field(front, officer):
    _app, county, at, hall, boss = front
    monday = date.today() - timedelta(days=date.today().weekday())  # noqa: DTZ011
    seat = at(f"/{hall}/duty/urban?week={monday}")
    stranger = county.accounts["worker"].staff_id
    wrong = await send(boss, seat, page=seat, **{f"{monday}.night": str(stranger)})
    no_shift = await send(boss, seat, page=seat, **{f"{monday}.lunch": str(officer)})
    rubbish = await send(boss, seat, page=seat, **{f"{monday}.night": "x"})

    assert (wrong.status_code, no_shift.status_code, rubbish.status_code) == (422, 422, 422)
    assert "不在可以值班的名单里" in wrong.text


async def test_people_beyond_the_first_are_said_found_by_name_and_stay_where_they_sit(
    front, officer, monkeypatch
):
    app, county, at, hall, boss = front
    async with app.state.database.session(county.tenant.id) as session:
        await session.execute(update(StaffMember).values(department_id=county.departments["urban"]))
    for room in ("queries.halls", "web.duty"):
        monkeypatch.setattr(f"gridgov.stations.{room}.MOST_CANDIDATES", 2)
    seat = at(f"/{hall}/duty/urban")
    monday = date.today() - timedelta(days=date.today().weekday())  # noqa: DTZ011
    cut = await boss.get(seat)
    found = await boss.get(seat, params={"q": "经办"})
    await send(boss, seat, page=seat, **{f"{monday}.night": str(officer)})
    after = await boss.get(seat)

    assert "能值班的人超过 2 个" in cut.text and str(officer) not in cut.text
    assert str(officer) in found.text
    assert f'value="{officer}" selected' in after.text


async def test_numbers_are_taken_called_again_missed_and_done(front):
    app, county, at, hall, boss = front
    desk = at(f"/{hall}/numbers")
    for _ in range(3):
        await send(boss, desk, zone="window")
    unnamed = await send(boss, f"{desk}/next", page=desk, zone="window", window="")
    await send(boss, f"{desk}/next", page=desk, zone="window", window="2 号窗口")
    (called,) = await kept(
        app, county, select(HallNumber.id, HallNumber.number).where(HallNumber.state == "called")
    )
    wall = await on_the_wall(boss, at(f"/{hall}/screens"))
    move = f"{desk}/{called.id}"
    again = await send(boss, move, page=desk, to="called")
    missed = await send(boss, move, page=desk, to="missed")
    back = await send(boss, move, page=desk, to="called")
    over = await send(boss, move, page=desk, to="done")
    twice = await send(boss, move, page=desk, to="done")
    states = await kept(
        app, county, select(HallNumber.number, HallNumber.state).order_by(HallNumber.number)
    )

    assert unnamed.status_code == 422
    assert called.number == 1
    assert "2 号窗口" in wall.text and "2 人在等" in wall.text
    assert [one.status_code for one in (again, missed, back, over, twice)] == [303] * 4 + [409]
    assert [tuple(row) for row in states] == [(1, "done"), (2, "waiting"), (3, "waiting")]


async def test_each_day_begins_with_one_and_an_empty_hall_calls_nobody(front):
    app, county, at, hall, boss = front
    desk = at(f"/{hall}/numbers")
    await send(boss, desk, zone="window")
    async with app.state.database.session(county.tenant.id) as session:
        await session.execute(update(HallNumber).values(day=HallNumber.day - 1))
    nobody = await send(boss, f"{desk}/next", page=desk, zone="window", window="1 号")
    await send(boss, desk, zone="window")
    numbers = await kept(app, county, select(HallNumber.number))

    assert nobody.status_code == 409 and "没有人在等了" in nobody.text
    assert [row.number for row in numbers] == [1, 1]


async def test_a_notice_stands_on_the_wall_until_it_is_taken_down(county, at, signed, hall):
    boss = await signed("dispatcher")
    desk = at(f"/{hall}/numbers")
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011
    await send(boss, at(f"/{hall}/notices"), page=desk, text="周五下午停电", until=str(tomorrow))
    past = await send(boss, at(f"/{hall}/notices"), page=desk, text="过时", until="2020-01-01")
    wall = await on_the_wall(boss, at(f"/{hall}/screens"))
    (down,) = re.findall(r'action="([^"]+/notices/[0-9a-f-]+)"', (await boss.get(desk)).text)
    await send(boss, down, page=desk)
    after = await on_the_wall(boss, at(f"/{hall}/screens"))

    assert past.status_code == 422
    assert "周五下午停电" in wall.text
    assert "周五下午停电" not in after.text


async def test_one_request_walks_from_the_window_over_division_and_handling_to_its_answer(
    front, signed
):
    """000: 建立一窗受理、统一分流、联动处置的一站式服务机制."""
    app, county, at, hall, boss = front
    handler = await signed("handler")
    desk = at(f"/{hall}/numbers")
    await send(boss, desk, zone="window")
    await send(boss, f"{desk}/next", page=desk, zone="window", window="1 号窗口")
    ((number,),) = await kept(app, county, select(HallNumber.id))
    taken = await send(
        boss,
        at(f"/{hall}/window"),
        page=at(f"/{hall}/window?number={number}"),
        category="E0102",
        description="楼下路灯不亮，晚上看不见",
        name="居民·测试",
        phone="19900001234",
        number=str(number),
    )
    ((case_id, origin, state, code),) = await kept(
        app, county, select(Case.id, Case.origin, Case.state, Case.code)
    )
    cases = f"/{county.tenant.slug}/cases/{case_id}"

    async def do(who, action, **fields):
        return (await send(who, f"{cases}/do/{action}", page=cases, **fields)).status_code

    zones = {"window": await boss.get(at(f"/{hall}/zones/window"))}
    filed = await do(boss, "file")
    zones["division"] = await boss.get(at(f"/{hall}/zones/division"))
    sent = await do(boss, "dispatch", departments=str(county.departments["urban"]))
    zones["command"] = await boss.get(at(f"/{hall}/zones/command"))
    accepted = await do(handler, "accept")
    finished = await do(handler, "finish", answer="灯泡换好了")
    zones["study"] = await boss.get(at(f"/{hall}/zones/study"))
    closed = await do(boss, "close", answer="路灯已经修好，谢谢反映")
    tracked = await send(boss, f"/{county.tenant.slug}/track", code=code, key="1234")
    followed = await boss.get(tracked.headers.get("location", f"/{county.tenant.slug}/track"))
    steps = await kept(app, county, select(CaseStep.action).order_by(CaseStep.id))
    ((left,),) = await kept(app, county, select(HallNumber.state))

    assert taken.status_code == 303
    assert (origin, state, left) == ("desk", "reported", "done")
    assert [filed, sent, accepted, finished, closed] == [303] * 5
    assert all(f"/cases/{case_id}" in page.text for page in zones.values())
    assert "路灯已经修好，谢谢反映" in followed.text + tracked.text
    assert [row.action for row in steps][-1] == "close"


async def test_a_request_at_a_sub_centre_is_divided_and_answered_there(app, county, at, signed):
    """001: 按村（社区）、镇（街道）、市逐级 — 大事不出镇."""
    clerk, handler = await signed("subcentre_clerk"), await signed("handler")
    hall = county.at("town").id
    window = at(f"/{hall}/window")
    taken = await send(
        clerk, window, page=window, category="E0102", description="路灯不亮", phone="19900001234"
    )
    ((case_id, desk),) = await kept(app, county, select(Case.id, Case.desk_path))
    cases = f"/{county.tenant.slug}/cases/{case_id}"
    zones = [(await clerk.get(at(f"/{hall}/zones/window"))).text]
    steps = []
    for who, action, fields in (
        (clerk, "file", {}),
        (clerk, "dispatch", {"departments": str(county.departments["urban"])}),
        (handler, "accept", {}),
        (handler, "finish", {"answer": "灯泡换好了"}),
        (clerk, "close", {"answer": "路灯已经修好"}),
    ):
        if action == "dispatch":
            zones.append((await clerk.get(at(f"/{hall}/zones/division"))).text)
        done = await send(who, f"{cases}/do/{action}", page=cases, **fields)
        steps.append(done.status_code)

    assert taken.status_code == 303
    assert desk == county.at("town").path
    assert steps == [303] * 5
    assert all(f"/cases/{case_id}" in zone for zone in zones)


async def test_what_is_run_as_one_leads_to_the_pages_that_do_it(county, at, signed, hall):
    boss, worker = await signed("dispatcher"), await signed("worker")
    page = await boss.get(at(f"/{hall}/together"))

    assert "三统一" in page.text and "五个一体化" in page.text
    assert f"/stations/{hall}/duty" in page.text and "/cases/platforms" in page.text
    assert (await worker.get(at(f"/{hall}/together"))).status_code == 404


def test_the_linter_refuses_a_slogan_and_a_seat_without_shifts():
    slogan = Joint(code="x", group="三统一", name="统一口号", about="喊得响", pages=())
    seat = Seat(code="x", name="空", levels=(), shifts=())
    nowhere = Seat(code="x", name="空", levels=("moon",), shifts=("day",))
    known = {"shifts": ("day",), "levels": ("county",)}

    assert [field for field, _ in faults_of_joint(slogan)] == ["pages"]
    assert [field for field, _ in faults_of_seat(seat, **known)] == ["levels", "shifts"]
    assert list(faults_of_seat(nowhere, **known)) == [
        ("levels", "There is no hall on the level moon.")
    ]
    assert Zone(code="x", name="x", levels=()).tickets is False
