"""The duties of a year: what the system sees, what somebody ticks off, who is reminded."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from factories.tenants import a_county
from gridgov.access.models import Binding
from gridgov.contract.years import YearlyDuty
from gridgov.kernel.clock import CHINA, now
from gridgov.notices.models import Notice
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces
from gridgov.testkit.counties import installed_policies
from gridgov.testkit.signing_in import a_browser, send, sign_in
from gridgov.yearly.actions import remind_of_year
from gridgov.yearly.models import YearlyTick
from gridgov.yearly.queries import tasks
from gridgov.yearly.rules import tasks_of
from gridgov.yearly.types import Reckoned, Standing, Ticked

TODAY = now().astimezone(CHINA).date()


@pytest.fixture
async def county(app):
    return await a_county(app.state.database, app.state.settings)


@pytest.fixture
async def admin(app, county):
    async with a_browser(app) as browser:
        await sign_in(browser, county, "county_admin", second_factor=True)
        yield browser


@pytest.fixture
def at(county):
    return lambda tail="": f"/{county.tenant.slug}/yearly/{tail}"


@pytest.fixture
async def place(app, county):
    places = Workplaces(
        app.state.database, Rulebooks(installed_policies()), app.state.settings.secret
    )
    (record,) = await places.records(slug=county.tenant.slug)
    return places.of(record)


def duty(month, day):
    return YearlyDuty(code=f"d{month}", name="事项", month=month, day=day)


def test_a_duty_stands_by_its_day_unless_it_is_done():
    duties = [duty(12, 10), duty(1, 31), duty(6, 30), duty(7, 15), duty(3, 31)]
    tick = Ticked(None, "d3", date(2026, 3, 1), "管理员", "")

    found = tasks_of(
        duties,
        2026,
        date(2026, 6, 20),
        ticked={"d3": tick},
        reckoned={"d12": Reckoned("载入了", done=True)},
    )

    assert [(task.duty.code, task.standing) for task in found] == [
        ("d1", Standing.LATE),
        ("d3", Standing.DONE),
        ("d6", Standing.SOON),
        ("d7", Standing.SOON),
        ("d12", Standing.DONE),
    ]


async def test_what_was_done_is_ticked_off_with_name_and_day_and_taken_back(admin, at, place):
    page = (await admin.get(at())).text
    assert "核对到期的同意和授权" in page

    given = {"duty": "consents", "year": str(TODAY.year), "done_on": TODAY.isoformat()}
    assert (await send(admin, at(), note="测试〔2026〕9号", **given)).status_code == 303

    page = (await admin.get(at())).text
    assert "测试〔2026〕9号" in page
    twice = await send(admin, at(), **given)
    assert twice.status_code == 409
    assert "已经有人登记过了" in twice.text
    async with place.transaction("测试") as ctx:
        tick = await ctx.session.scalar(select(YearlyTick.id))
    assert (await send(admin, at(f"ticks/{tick}/undo"), page=at())).status_code == 303
    assert "测试〔2026〕9号" not in (await admin.get(at())).text


async def test_what_is_not_done_yet_and_what_nobody_declares_is_refused(admin, at):
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    given = {"duty": "consents", "year": str(TODAY.year), "done_on": tomorrow, "note": "写好的话"}

    early = await send(admin, at(), **given)

    assert early.status_code == 422
    assert "还没到这一天" in early.text
    assert "写好的话" in early.text
    unknown = await send(admin, at(), **given | {"duty": "x", "done_on": TODAY.isoformat()})
    assert unknown.status_code == 404


async def test_the_system_sees_for_itself_what_it_can(place):
    async with place.transaction("测试", now=datetime(2026, 11, 2, 4, tzinfo=UTC)) as ctx:
        found = {task.duty.code: task for task in await tasks(ctx, 2026)}
        ending = ctx.today + timedelta(days=20)
        binding = await ctx.session.scalar(select(Binding).limit(1))
        binding.valid_to = ending
        await ctx.session.flush()
        later = {task.duty.code: task for task in await tasks(ctx, 2026)}

    assert "2027" in found["holidays"].reckoned.words
    assert found["lists"].reckoned.words.startswith("这一年还没有印发")
    assert found["access"].reckoned.words == "90 天内没有授权到期。"
    assert later["access"].reckoned.words == "90 天内有 1 项授权到期。"


async def test_who_keeps_the_year_is_reminded_once(place, county):
    moment = datetime(TODAY.year + 1, 6, 20, 1, tzinfo=UTC)
    for _ in range(2):
        async with place.transaction("yearly.remind", now=moment) as ctx:
            await remind_of_year(ctx)
    async with place.transaction("测试") as ctx:
        notices = (await ctx.session.execute(select(Notice.account_id, Notice.text))).all()

    assert {row.account_id for row in notices} == {county.accounts["county_admin"].account_id}
    assert sorted(row.text for row in notices) == [
        "年度事项快到日子：核对到期的同意和授权",
        "年度事项快到日子：核对合规开关的依据",
        "年度事项过期未办：开新一年的讲评期",
        "年度事项过期未办：归档上一年的台账",
        "年度事项过期未办：清一遍岗位权限",
        "年度事项过期未办：重新印发四单",
    ]


async def test_the_year_is_for_those_who_keep_it(app, county, at):
    async with a_browser(app) as browser:
        await sign_in(browser, county, "worker")
        assert (await browser.get(at())).status_code == 403
