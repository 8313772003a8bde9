"""周例会: its agenda from open matters, its minutes, its items as cases. 集体会商 on a case."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from factories.assessed import measured
from factories.tenants import a_county
from gridgov.audit.models import AuditEntry
from gridgov.cases.actions.reporting import report_case
from gridgov.cases.models import CaseStep
from gridgov.cases.types import About
from gridgov.kernel.clock import now
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.together import Together
from gridgov.notices.models import Notice
from gridgov.organisations.actions.consulting import consult
from gridgov.organisations.actions.meetings import (
    call_meeting,
    drop_item,
    keep_minutes,
    raise_item,
)
from gridgov.organisations.jobs import forget, together
from gridgov.organisations.models import MeetingItem
from gridgov.organisations.queries.meetings import (
    consultations_on,
    items_of,
    meeting_seen,
    meetings,
    open_matters,
)
from gridgov.organisations.rules import changed, words_of
from gridgov.organisations.types import ITEM, ItemState, Reason
from gridgov.testkit.signing_in import send, sign_in


@pytest.fixture
def village(county):
    return county.at("village")


@pytest.fixture
def crew(crew):
    crew.together = Together({kind: [one] for kind, one in together.items()})
    return crew


async def weekly(ctx, village, *, ago=0, **how):
    at = ctx.now - timedelta(days=ago)
    return await call_meeting(ctx, "weekly", village.id, at=at, **how)


async def test_the_agenda_holds_what_presses_at_the_station(crew, village):
    late = (await crew.report(title="早该办完的")).case_id
    crew.later(days=40)
    bounced = await crew.brought_to("handling", title="退来退去的")
    await crew.does("handler", bounced, "return", {"reason": "不归我们管"})
    passed = (await crew.report(title="报上去的")).case_id
    await crew.does("station_clerk", passed, "pass_up")
    fresh = (await crew.report(title="刚报的")).case_id
    async with crew.acting("station_clerk") as ctx:
        meeting = await weekly(ctx, village)
        found = {item.case_id: item.reason for item in await items_of(ctx, meeting)}

    assert found[late] == Reason.OVERDUE
    assert found[bounced] == Reason.RETURNED
    assert found[passed] == Reason.PASSED_UP
    assert fresh not in found


async def test_who_is_expected_is_told_and_who_is_absent_is_named_by_post(crew, village, county):
    async with crew.acting("station_clerk") as ctx:
        meeting = await weekly(ctx, village, link="/x/{id}")
        people = (await meeting_seen(ctx, meeting)).attendance
        worker = next(one for one in people if one["post"] == "worker")
        await keep_minutes(
            ctx, meeting, minutes="议了三件事", present=[worker["id"]], resolutions={}, done=[]
        )
        kept = await meeting_seen(ctx, meeting)
        told = set(await ctx.session.scalars(select(Notice.account_id)))

    assert {one["post"] for one in people} == {"worker", "chief"}
    assert {one["post"]: one["present"] for one in kept.attendance}["worker"]
    assert all("name" not in one for one in kept.attendance)
    assert county.accounts["worker"].account_id in told


async def test_what_is_left_open_stands_on_the_next_agenda_and_what_is_done_does_not(crew, village):
    async with crew.acting("station_clerk") as ctx:
        first = await weekly(ctx, village)
        for title in ("装路灯", "清水沟"):
            await raise_item(ctx, first, title=title)
        lamp, ditch = await items_of(ctx, first)
        await keep_minutes(
            ctx, first, minutes="", present=[], resolutions={lamp.id: "找供电所"}, done=[ditch.id]
        )
    crew.later(days=7)
    async with crew.acting("station_clerk") as ctx:
        second = await weekly(ctx, village)
        carried = [(item.title, item.reason) for item in await items_of(ctx, second)]
        states = {item.title: item.state for item in await items_of(ctx, first)}

    assert carried == [("装路灯", Reason.CARRIED)]
    assert states == {"装路灯": ItemState.CARRIED, "清水沟": ItemState.DONE}


async def test_an_item_becomes_a_case_and_knows_it(crew, village, county):
    async with crew.acting("station_clerk") as ctx:
        meeting = await weekly(ctx, village)
        await raise_item(ctx, meeting, title="装路灯")
        (item,) = await items_of(ctx, meeting)
        about = About(ITEM, item.id)
        grid = county.at("grid").id
        made = await report_case(ctx, category="E0102", title="装路灯", node_id=grid, about=about)
        (linked,) = await items_of(ctx, meeting)
        with pytest.raises(Conflict, match="已经转成事件"):
            await report_case(ctx, category="E0102", node_id=grid, about=about)

    assert linked.led_to == made.case_id


async def test_the_title_of_a_case_is_told_to_who_may_see_the_case(crew, village):
    """Whoever called the meeting saw it: that makes it nobody else's, and it is not copied."""
    case = await crew.report(title="早该办完的")
    crew.later(days=40)
    async with crew.acting("station_clerk") as ctx:
        meeting = await weekly(ctx, village)
        assert [item.title for item in await items_of(ctx, meeting)] == ["早该办完的"]
        assert await ctx.session.scalar(select(MeetingItem.title)) == ""
    async with crew.acting("county_admin") as ctx:
        (item,) = await items_of(ctx, meeting)
    assert (item.title, item.case_code) == (case.code, case.code)


async def test_what_stood_in_minutes_before_is_not_lost(crew, village):
    async with crew.acting("station_clerk") as ctx:
        meeting = await weekly(ctx, village)
        await raise_item(ctx, meeting, title="装路灯")
        (item,) = await items_of(ctx, meeting)
        for minutes, said in (("议了路灯", "找供电所"), ("没议", "找供电所"), ("没议", "不装了")):
            await keep_minutes(
                ctx, meeting, minutes=minutes, present=[], resolutions={item.id: said}, done=[]
            )
        await keep_minutes(
            ctx, meeting, minutes="没议", present=[], resolutions={item.id: "不装了"}, done=[]
        )
        kept = (await meeting_seen(ctx, meeting)).earlier
    async with crew.system() as ctx:
        verbs = list(
            await ctx.session.scalars(
                select(AuditEntry.verb)
                .where(AuditEntry.verb.in_(("meeting.kept", "meeting.mended")))
                .order_by(AuditEntry.id)
            )
        )
    assert [(one["minutes"], one["items"][str(item.id)]) for one in kept] == [
        ("议了路灯", "找供电所"),
        ("没议", "找供电所"),
    ]
    assert all(one["by"] and one["until"] for one in kept)
    last, first = changed(kept, words_of("没议", {item.id: "不装了"}))
    assert (last["minutes"], last["items"]) == (None, {str(item.id): "找供电所"})
    assert (first["minutes"], first["items"]) == ("议了路灯", {}), "no more than what was changed"
    assert verbs == ["meeting.kept", "meeting.mended", "meeting.mended", "meeting.kept"]


async def test_what_was_said_goes_after_its_time_and_that_they_met_stays(crew, village):
    async with crew.acting("station_clerk") as ctx:
        meeting = await weekly(ctx, village)
        await raise_item(ctx, meeting, title="装路灯")
        (item,) = await items_of(ctx, meeting)
        for minutes in ("议了路灯", "没议"):
            await keep_minutes(
                ctx, meeting, minutes=minutes, present=[], resolutions={item.id: "装"}, done=[]
            )
        days = ctx.setting("record_days")
    for later, kept in ((days, True), (1, False)):
        crew.later(days=later)
        async with crew.system() as ctx:
            await forget(ctx)
        async with crew.acting("station_clerk") as ctx:
            found, (item,) = await meeting_seen(ctx, meeting), await items_of(ctx, meeting)
            said = (found.minutes, found.earlier, item.title, item.resolution)
            assert all(said) is kept and any(said) is kept
            assert found.held


async def test_an_agenda_can_be_cut_until_the_minutes_are_kept(crew, village):
    async with crew.acting("station_clerk") as ctx:
        meeting = await weekly(ctx, village)
        for title in ("一", "二"):
            await raise_item(ctx, meeting, title=title)
        first, second = await items_of(ctx, meeting)
        await drop_item(ctx, first.id)
        await keep_minutes(ctx, meeting, minutes="好", present=[], resolutions={}, done=[])
        with pytest.raises(Conflict):
            await drop_item(ctx, second.id)


async def test_a_meeting_ahead_has_no_minutes_and_is_not_counted(crew, village, county):
    async with crew.acting("station_clerk") as ctx:
        ahead = await call_meeting(ctx, "weekly", village.id, at=ctx.now + timedelta(days=1))
        with pytest.raises(Conflict, match="还没到开会"):
            await keep_minutes(ctx, ahead, minutes="", present=[], resolutions={}, done=[])
        with pytest.raises(Invalid):
            await call_meeting(ctx, "consultation", village.id, at=ctx.now)
    assert await measured(crew, "meetings_held") == 0


async def test_a_consultation_writes_its_conclusion_into_the_timeline(crew, county):
    case = await crew.brought_to("handling")
    await crew.does("handler", case, "return", {"reason": "不归我们管"})
    units = [county.departments["urban"], county.departments["water"]]
    async with crew.acting("leader") as ctx:
        with pytest.raises(Invalid) as refused:
            await consult(ctx, case, at=ctx.now, departments=[], conclusion="", next_step="x")
        await consult(
            ctx,
            case,
            at=ctx.now,
            departments=units,
            conclusion="由水务牵头",
            next_step="周五疏通",
        )
        (kept,) = await consultations_on(ctx, case)
        line = await ctx.session.scalar(
            select(CaseStep.note).where(CaseStep.case_id == case).order_by(CaseStep.id.desc())
        )
    async with crew.acting("handler") as ctx:
        with pytest.raises(NotFound):
            await consult(ctx, case, at=ctx.now, departments=units, conclusion="x", next_step="y")

    assert set(refused.value.fields) == {"departments", "conclusion"}
    assert [one["department"] for one in kept.attendance] == ["测试·urban", "测试·water"]
    assert line == "集体会商（测试·urban、测试·water）：由水务牵头 下一步：周五疏通"


async def test_a_consultation_is_seen_as_far_as_its_case(crew, county):
    case = await crew.brought_to("handling")
    async with crew.acting("leader") as ctx:
        await consult(
            ctx, case, at=ctx.now, departments=[county.departments["urban"]],
            conclusion="由水务牵头", next_step="周五疏通",
        )  # fmt: skip
        (meeting,) = await meetings(ctx)
    leader = crew.actor("leader")
    elsewhere = {
        right: tuple(replace(scope, categories=("another",)) for scope in scopes)
        for right, scopes in leader.rights.items()
    }
    async with crew.as_actor(replace(leader, rights=elsewhere)) as ctx:
        assert await meetings(ctx) == []
        with pytest.raises(NotFound):
            await meeting_seen(ctx, meeting.id)


async def test_a_closed_case_is_not_consulted_on(crew, county):
    case = await crew.brought_to("evaluated")
    async with crew.acting("leader") as ctx:
        with pytest.raises(Conflict):
            await consult(
                ctx, case, at=ctx.now, departments=[county.departments["urban"]],
                conclusion="x", next_step="y",
            )  # fmt: skip


async def test_matters_elsewhere_are_not_on_the_agenda(crew, county):
    await crew.report(title="早该办完的")
    crew.later(days=40)
    async with crew.acting("station_clerk", at=county.at("village", 1).path) as ctx:
        assert await open_matters(ctx, county.at("village", 1).path) == []


def yesterday():
    return (now() - timedelta(days=1)).isoformat()[:16]


async def test_a_meeting_of_long_ago_is_not_entered_and_one_that_was_held_calls_nobody(
    crew, village
):
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(Invalid) as refused:
            await call_meeting(ctx, "weekly", village.id, at=ctx.now - timedelta(days=32))
        await weekly(ctx, village, ago=1, link="/x/{id}")
        told = await ctx.session.scalar(select(func.count()).select_from(Notice))

    assert set(refused.value.fields) == {"at"}
    assert told == 0


async def test_a_record_with_nothing_in_it_is_refused(crew, village):
    async with crew.acting("station_clerk") as ctx:
        meeting = await weekly(ctx, village)
        with pytest.raises(Invalid) as refused:
            await keep_minutes(ctx, meeting, minutes=" ", present=[], resolutions={}, done=[])
        await keep_minutes(ctx, meeting, minutes="议了", present=[], resolutions={}, done=[])

    assert set(refused.value.fields) == {"minutes"}


async def test_from_the_call_to_the_case_on_the_pages(app, client):
    county = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "station_clerk")
    at = f"/{county.tenant.slug}"

    called = await send(
        client, f"{at}/meetings/", page=f"{at}/meetings/", kind="weekly", at=yesterday()
    )
    meeting = called.headers["location"].split("?")[0]
    await send(client, f"{meeting}/items", page=meeting, title="村口装路灯")
    shown = (await client.get(meeting)).text
    (form,) = re.findall(r'href="([^"]+about=meeting_item[^"]+)"', shown)
    (about,) = re.findall(r"about=(meeting_item%3A[0-9a-f-]+)", form)
    (item,) = re.findall(r"resolution-([0-9a-f-]{36})\"", shown)[:1]
    filled = (await client.get(form.replace("&amp;", "&"))).text
    sent = await send(
        client, f"{at}/cases/new/", page=f"{at}/cases/new/", category="E0102",
        node=county.at("grid").id, title="村口装路灯", about=about.replace("%3A", ":"),
    )  # fmt: skip
    kept = await send(
        client, f"{meeting}/minutes", page=meeting, minutes="都到了", done=item,
        **{f"resolution-{item}": "报供电所"},
    )  # fmt: skip
    after = (await client.get(meeting)).text
    sheet = (await client.get(f"{meeting}/sheet")).text

    assert called.status_code == 303
    assert 'value="村口装路灯"' in filled
    assert (sent.status_code, kept.status_code) == (303, 303)
    assert sent.headers["location"].split("?")[0] in after
    assert "报供电所" in sheet and "缺席：" in sheet and "网格员" in sheet


async def test_a_refused_item_takes_nothing_from_the_record_that_was_kept(app, client):
    county = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "station_clerk")
    at = f"/{county.tenant.slug}/meetings/"
    called = await send(client, at, page=at, kind="weekly", at=yesterday())
    meeting = called.headers["location"].split("?")[0]
    someone = re.search(r'name="present" value="([^"]+)"', (await client.get(meeting)).text)[1]
    await send(client, f"{meeting}/minutes", page=meeting, minutes="到了一人", present=someone)
    refused = await send(client, f"{meeting}/items", page=meeting, title="长" * 101)

    assert refused.status_code == 422
    assert "实到 1 人" in refused.text and 'name="present"' not in refused.text
    assert "长" * 101 in refused.text


async def test_a_long_agenda_is_grouped_by_why_and_folded(app, client):
    county = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "station_clerk")
    at = f"/{county.tenant.slug}/meetings/"
    called = await send(client, at, page=at, kind="weekly", at=yesterday())
    meeting = called.headers["location"].split("?")[0]
    for number in range(7):
        await send(client, f"{meeting}/items", page=meeting, title=f"议题{number}")
    shown = (await client.get(meeting)).text

    assert shown.count('<h3 id="of-') == 1
    opened, folded, _ = shown.partition("还有 2 项")
    assert folded and "议题4" in opened and "议题5" not in opened.partition("<article")[2]


async def test_a_page_without_an_entry_of_its_own_stands_under_its_module(app, client):
    county = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "station_clerk")
    shown = (await client.get(f"/{county.tenant.slug}/meetings/")).text

    marked = shown.partition('aria-current="true"')[2].partition("</a>")[0]
    assert "网格专题" in marked


async def test_a_meeting_that_is_called_is_not_told_as_held(app, client):
    county = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "station_clerk")
    at = f"/{county.tenant.slug}/meetings/"
    soon = (now() + timedelta(days=2)).isoformat()[:16]
    await send(client, at, page=at, kind="weekly", at=soon)
    shown = (await client.get(at)).text

    assert "下一次已经约在" in shown
    assert "上次" not in shown
