"""The duties of a year: what the system sees, what somebody ticks off, who is reminded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from factories.cases import a_case
from gridgov.access.models import Binding
from gridgov.assessment.models import Nomination
from gridgov.cases.actions.reporting import Contact
from gridgov.cases.models import Case, Circular
from gridgov.cases.types import CaseRight
from gridgov.compliance.models import SwitchGrant
from gridgov.contract.actor import Actor, Scope
from gridgov.contract.years import YearlyDuty
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.ids import new_id
from gridgov.notices.models import Notice
from gridgov.organisations.models import Team, TeamMember
from gridgov.staff.models import StaffMember
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces
from gridgov.testkit.counties import installed_policies
from gridgov.testkit.signing_in import a_browser, send, sign_in
from gridgov.yearly.actions import remind_of_year
from gridgov.yearly.models import YearlyTick
from gridgov.yearly.queries.records import RECORDS, counted, waiting
from gridgov.yearly.queries.year import tasks
from gridgov.yearly.rules import tasks_of
from gridgov.yearly.types import Reckoned, Standing, Ticked, YearlyRight

PHONE = "19900000000"
TODAY = now().astimezone(CHINA).date()


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

    given = {"duty": "archive", "year": str(TODAY.year), "done_on": TODAY.isoformat()}
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
    given = {"duty": "archive", "year": str(TODAY.year), "done_on": tomorrow, "note": "写好的话"}

    early = await send(admin, at(), **given)

    long_ago = await send(admin, at(), **given | {"done_on": f"{TODAY.year - 2}-03-02"})

    assert long_ago.status_code == 422 and "日子太早了" in long_ago.text
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
    assert [str(one.words) for one in found["access"].reckoned.lines] == [
        "90 天内没有授权到期。",
        "走了的人都没有授权。",
    ]
    assert later["access"].reckoned.lines[0].words == "90 天内有 1 项授权到期"
    assert found["consents"].standing is found["switches"].standing is Standing.DONE
    assert found["review_year"].reckoned.lines[0].words == "这一年还没有开过评议。"


async def test_who_keeps_the_year_is_reminded_once(place, county):
    moment = datetime(TODAY.year + 1, 6, 20, 1, tzinfo=UTC)
    for _ in range(2):
        async with place.transaction("yearly.remind", now=moment) as ctx:
            await remind_of_year(ctx)
    async with place.transaction("测试") as ctx:
        notices = (await ctx.session.execute(select(Notice.account_id, Notice.text))).all()

    assert {row.account_id for row in notices} == {county.accounts["county_admin"].account_id}
    assert sorted(row.text for row in notices) == [
        "年度事项过期未办：开新一年的讲评期",
        "年度事项过期未办：归档上一年的台账",
        "年度事项过期未办：清一遍岗位权限",
        "年度事项过期未办：重新印发四单",
    ]


async def test_the_year_is_for_those_who_keep_it(app, county, at):
    async with a_browser(app) as browser:
        await sign_in(browser, county, "worker")
        assert (await browser.get(at())).status_code == 403


async def test_every_duty_leads_to_the_page_where_it_is_done_or_says_whose_it_is(
    app, county, admin, at
):
    page = (await admin.get(at())).text
    roles = {role.code: role.name for role in county.policy.county.roles}
    urls = app.state.urls
    for duty in county.policy.county.yearly:
        row = page.partition(f">{duty.name}<")
        assert row[1], duty.code
        here = row[0].rpartition("<li>")[2] + row[2].partition("</li>")[0]
        linked = f'href="{urls.url(county.tenant.slug, duty.route)}"' in here
        whose = all(roles[code] in here for code in duty.by)
        assert linked or (duty.by and whose), duty.code


# what records say


async def a_switch(ctx, _):
    ctx.session.add(
        SwitchGrant(
            tenant_id=ctx.tenant.id, switch="ranking", state="on", asker="测试", asked_at=ctx.now,
            expires_on=TODAY + timedelta(days=20), document="测试〔2026〕6号", article="第三条",
            reason="测试",
        )
    )  # fmt: skip


async def a_story(ctx, county):
    staff = county.accounts["worker"].staff_id
    ctx.session.add(
        Nomination(
            tenant_id=ctx.tenant.id, honour="star", staff_id=staff, post="worker", story=b"x",
            node_id=county.at("grid").id, state="published", nominator="测试",
            nominated_at=ctx.now, answered_at=ctx.now - timedelta(days=400),
        )
    )  # fmt: skip


async def a_member(ctx, county):
    team = Team(
        tenant_id=ctx.tenant.id, kind="volunteers", name="", node_id=county.at("village").id,
        formed_on=TODAY,
    )  # fmt: skip
    ctx.session.add(team)
    await ctx.session.flush()
    ctx.session.add(
        TeamMember(
            tenant_id=ctx.tenant.id, team_id=team.id, role="member", name=b"x", since=TODAY,
            consent_on=TODAY - timedelta(days=366),
        )
    )  # fmt: skip


async def a_leaver(ctx, county):
    staff = county.accounts["worker"].staff_id
    await ctx.session.execute(
        update(StaffMember).where(StaffMember.id == staff).values(left_on=TODAY)
    )


async def a_circular(ctx, county):
    ctx.session.add(
        Circular(
            tenant_id=ctx.tenant.id, year=TODAY.year - 1, number=1, place="测试街道",
            node_path=county.at("town").path, first=TODAY, last=TODAY, opening="上一年的通报",
            demand="", issued_by="", answer_by=TODAY, issued_at=ctx.now - timedelta(days=365),
        )
    )  # fmt: skip


async def test_each_number_of_the_year_opens_its_records_and_a_duty_with_any_is_not_done(
    place, county, admin, at
):
    async with place.transaction("测试") as ctx:
        for made in (a_switch, a_story, a_member, a_leaver, a_circular):
            await made(ctx, county)
    async with place.transaction("测试") as ctx:
        found = {task.duty.code: task for task in await tasks(ctx, TODAY.year)}
        counts = await counted(ctx, TODAY.year)
        for kind in RECORDS:
            rows, _ = await waiting(ctx, kind, TODAY.year)
            assert len(rows) == counts[kind].amount, kind
    told = {kind: count.amount for kind, count in counts.items() if count.amount}

    assert told == {"switches": 1, "stories": 1, "members": 1, "leavers": 1, "circulars": 1}
    assert not {"consents", "switches"} & {
        code for code, task in found.items() if task.standing is Standing.DONE
    }
    page = (await admin.get(at())).text
    for kind in told:
        assert f"yearly/records/{kind}?year={TODAY.year}" in page
        listed = await admin.get(at(f"records/{kind}?year={TODAY.year}"))
        assert listed.status_code == 200 and str(RECORDS[kind].name) in listed.text
    assert "排名" in (await admin.get(at("records/switches"))).text


async def test_records_begin_with_where_one_keeps_the_year_and_tell_what_one_may_see(place, county):
    town, grid = county.at("town"), county.at("grid")
    async with place.transaction("测试") as ctx:
        for made in (a_member, a_leaver, a_circular):
            await made(ctx, county)
        kept = await a_case(ctx, grid, title="井盖松了", contact=Contact(phone=PHONE))
        past = {"ends": "closed", "closed_at": ctx.now - timedelta(days=4000)}
        await ctx.session.execute(update(Case).where(Case.id == kept.case_id).values(**past))

    async def found(*scopes, right=YearlyRight.TICK, **more):
        rights = {right: scopes, **more}
        async with place.transaction("测试") as ctx:
            theirs = replace(ctx, actor=Actor(new_id(), None, "测试", "", (), rights))
            counts = await counted(theirs, TODAY.year)
            rows = [
                row
                for kind in ("contacts", "circulars")
                for row in (await waiting(theirs, kind, TODAY.year))[0]
            ]
        told = {kind for kind, count in counts.items() if count.amount}
        return told, [(row.title, row.opens is not None) for row in rows]

    here, elsewhere = Scope(town.path), Scope(county.at("town", 1).path)
    everything = {"members", "leavers", "circulars", "contacts"}
    assert await found(here) == (everything, [(kept.code, False), ("1", False)])
    seeing = {CaseRight.READ: (here,), CaseRight.OVERVIEW: (here,)}
    told = [("井盖松了", True), ("上一年的通报", True)]
    assert await found(here, **seeing) == (everything, told)
    assert await found(elsewhere, **seeing) == (set(), [])
    assert await found(right=YearlyRight.TICK, **seeing) == (set(), [])
    cut = Scope(town.path, categories=("another",))
    assert await found(cut, **seeing) == (everything - {"contacts"}, told[1:])


async def test_records_of_a_kind_that_there_is_not_are_not_found(admin, at):
    assert (await admin.get(at("records/everything"))).status_code == 404


async def test_long_lists_of_records_come_in_pages(place, county, monkeypatch):
    monkeypatch.setattr("gridgov.yearly.queries.records.PAGE", 1)
    async with place.transaction("测试") as ctx:
        await a_story(ctx, county)
        await a_story(ctx, county)
        await ctx.session.flush()
        first, older = await waiting(ctx, "stories", TODAY.year)
        rest, end = await waiting(ctx, "stories", TODAY.year, cursor=older)
    assert len({row.id for row in (*first, *rest)}) == 2
    assert end == ""
