"""The settings of a county on their page: seen, changed from a day on, withdrawn, on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from gridgov.audit.models import AuditEntry
from gridgov.calendar.actions import CHANGED
from gridgov.contract.declarations import ASSUMPTION
from gridgov.contract.settings import from_kept
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.outbox import OutboxEvent
from gridgov.tenants.models import TenantRecord
from gridgov.testkit.signing_in import a_browser, send, sign_in
from gridgov.testkit.statements import statements

TODAY = now().astimezone(CHINA).date()
NEXT_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def at(county):
    return lambda tail="": f"/{county.tenant.slug}/settings/{tail}"


@pytest.fixture
def kept(app, county):
    async def read(*columns, model=TenantRecord):
        async with app.state.database.session(county.tenant.id) as session:
            query = select(*columns)
            if model is TenantRecord:
                query = query.where(TenantRecord.id == county.tenant.id)
            return (await session.execute(query)).all()

    return read


async def versions(kept):
    ((found,),) = await kept(TenantRecord.settings)
    return [(version.effective_from, dict(version.values)) for version in from_kept(found)]


def form(**fields):
    """What the page's form holds when only some of it was typed anew."""
    given = {"effective_from": TODAY.isoformat(), "reason": "测试〔2026〕1号", "seen": "0"}
    return given | {name.replace("__", "-"): str(value) for name, value in fields.items()}


async def test_every_declared_setting_stands_on_the_page_with_its_source(admin, at, app, county):
    page = (await admin.get(at())).text

    declared = app.state.policies.of(county.tenant.plugins).county.settings
    assert [s.code for s in declared if f'name="s-{s.code}"' not in page] == []
    assumed = [setting for setting in declared if setting.source == ASSUMPTION]
    assert page.count("本项目的假定") == len(assumed)
    assert 'value="08:30-12:00 14:30-17:30"' in page
    assert "还没有改过" in page


async def test_a_change_from_today_counts_at_the_next_request_and_is_on_record(admin, at, kept):
    ((before,),) = await kept(TenantRecord.policy_version)

    answer = await send(admin, at(), **form(s__urgent_minutes=20, s__reopen_days=15))

    assert answer.status_code == 303
    assert await versions(kept) == [(TODAY, {"urgent_minutes": 20})]
    assert (await kept(TenantRecord.policy_version))[0][0] == before + 1
    page = (await admin.get(at())).text
    assert 'name="s-urgent_minutes" value="20"' in page
    assert "测试〔2026〕1号" in page
    assert "30 分钟 → <b>20 分钟</b>" in page


async def test_a_change_that_is_planned_does_nothing_yet_and_can_be_withdrawn(admin, at, kept):
    planned = form(s__urgent_minutes=20, effective_from=NEXT_WEEK)
    assert (await send(admin, at(), **planned)).status_code == 303

    page = (await admin.get(at())).text
    assert 'name="s-urgent_minutes" value="30"' in page
    assert "起改为 20 分钟" in page

    gone = await send(admin, at(f"{NEXT_WEEK}/withdraw"), page=at())
    assert gone.status_code == 303
    assert await versions(kept) == []
    page = (await admin.get(at())).text
    assert "撤销了" in page
    again = await send(admin, at(f"{NEXT_WEEK}/withdraw"), page=at())
    assert again.status_code == 404


async def test_what_has_begun_is_not_withdrawn(admin, at):
    await send(admin, at(), **form(s__urgent_minutes=20))

    answer = await send(admin, at(f"{TODAY}/withdraw"), page=at())

    assert answer.status_code == 409
    assert "已经生效" in answer.text


async def test_everything_wrong_is_told_beside_its_field_and_stays(admin, at, kept):
    wrong = form(
        s__urgent_minutes=1000,
        s__reopen_days="半个月",
        s__office_hours="朝九晚五",
        reason="",
        effective_from=TODAY - timedelta(days=1),
    )

    answer = await send(admin, at(), **wrong)

    assert answer.status_code == 422
    for sentence in ("不能大于 240 分钟", "这里要填整数", "看不懂，应写成", "不能早于今天"):
        assert sentence in answer.text
    for typed in ('value="1000"', 'value="半个月"', 'value="朝九晚五"'):
        assert typed in answer.text
    undated = await send(admin, at(), **(wrong | {"effective_from": "明天"}))
    assert "日期要写成" in undated.text
    assert "不能大于 240 分钟" in undated.text
    assert await versions(kept) == []


async def test_a_change_that_breaks_a_rule_between_settings_is_refused(admin, at, kept):
    answer = await send(admin, at(), **form(s__urgent_minutes=90, s__urgent_done_minutes=60))

    assert answer.status_code == 422
    assert "要小于“紧急事件办结时限”（60 分钟）" in answer.text
    assert await versions(kept) == []


async def test_withdrawing_what_another_change_rests_on_is_refused(admin, at, kept):
    later = NEXT_WEEK + timedelta(days=1)
    await send(admin, at(), **form(s__urgent_done_minutes=60))
    page = (await admin.get(at())).text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    await send(
        admin, at(), **form(s__urgent_done_minutes=1440, effective_from=NEXT_WEEK, seen=seen)
    )
    seen = (await admin.get(at())).text.split('name="seen" value="')[1].split('"')[0]
    done = await send(admin, at(), **form(s__urgent_minutes=90, effective_from=later, seen=seen))
    assert done.status_code == 303

    answer = await send(admin, at(f"{NEXT_WEEK}/withdraw"), page=at())

    assert answer.status_code == 409
    assert len(await versions(kept)) == 3


async def test_nothing_changed_is_nothing_to_save(admin, at):
    answer = await send(admin, at(), **form(s__urgent_minutes=30))

    assert answer.status_code == 422
    assert "没有要保存的改动" in answer.text


async def test_todays_number_is_no_change_and_what_is_planned_is_said_to_be_withdrawn(admin, at):
    await send(admin, at(), **form(s__urgent_minutes=90, effective_from=NEXT_WEEK))
    seen = (await admin.get(at())).text.split('name="seen" value="')[1].split('"')[0]
    later = NEXT_WEEK + timedelta(days=1)

    answer = await send(admin, at(), **form(s__urgent_minutes=30, effective_from=later, seen=seen))

    assert answer.status_code == 422
    assert "要取消已经排好的改动，请在下面撤销" in answer.text


async def test_an_auditor_reads_the_settings_and_changes_none(client, county, at):
    await sign_in(client, county, "auditor", second_factor=True)

    shown = await client.get(at())
    refused = await send(client, at(), **form(s__urgent_minutes=90))

    assert shown.status_code == 200
    assert "紧急事件首次动作时限" in shown.text
    assert refused.status_code == 403


async def test_who_was_overtaken_sees_what_changed_and_keeps_what_was_typed(admin, at, kept):
    await send(admin, at(), **form(s__urgent_minutes=20))

    answer = await send(admin, at(), **form(s__reopen_days=30))

    assert answer.status_code == 409
    assert "有人改过参数" in answer.text
    assert "30 分钟 → <b>20 分钟</b>" in answer.text
    assert 'name="s-reopen_days" value="30"' in answer.text
    assert await versions(kept) == [(TODAY, {"urgent_minutes": 20})]


async def test_new_office_hours_move_the_clocks_of_open_cases(admin, at, kept):
    await send(admin, at(), **form(s__office_hours="09:00-12:00 13:00-17:00"))

    told = await kept(OutboxEvent.kind, OutboxEvent.payload, model=OutboxEvent)
    assert [(e.kind, e.payload["first"]) for e in told] == [(CHANGED, TODAY.isoformat())]


async def test_only_who_may_changes_them(app, county, at, kept):
    async with a_browser(app) as browser:
        await sign_in(browser, county, "dispatcher", second_factor=True)

        assert (await browser.get(at())).status_code == 403

    assert await kept(AuditEntry.seq, model=AuditEntry) != []


async def test_the_page_costs_the_same_with_much_history(app, admin, at):
    await admin.get(at())  # the process knows the county now
    with statements(app.state.database) as few:
        await admin.get(at())
    seen = "0"
    for minutes in (11, 12, 13):
        await send(admin, at(), **form(s__urgent_minutes=minutes, seen=seen))
        seen = (await admin.get(at())).text.split('name="seen" value="')[1].split('"')[0]
    with statements(app.state.database) as many:
        page = (await admin.get(at())).text

    assert len(many) == len(few) <= 8
    assert page.count("12 分钟") >= 2
