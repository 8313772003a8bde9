"""换届: one sheet, one day, hundreds of posts; refused row by row, taken back, countered."""

import io
import time
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import func, insert, select

from factories.cases import Crew
from factories.tenants import a_county
from factories.uploads import a_sheet
from gridgov.access import jobs as access_jobs
from gridgov.access.actions.granting import NewBinding, bind_role
from gridgov.access.queries.bindings import bindings_of_account
from gridgov.access.types import AccessRight
from gridgov.handover.actions.turnovers import (
    agree_rights,
    apply_due,
    confirm_turnover,
    counter_turnover,
    read_sheet,
    withdraw_turnover,
)
from gridgov.handover.models import Turnover
from gridgov.handover.queries.turnovers import rights_of_sheet, turnover_of, turnovers
from gridgov.handover.types import TurnoverState
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.together import Together
from gridgov.notices.models import Notice
from gridgov.staff.actions import appoint_post, vacate_post
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import held_on, holders, holders_at, holdings
from gridgov.testkit.signing_in import send, sign_in


@pytest.fixture
def crew(crew):
    crew.together = Together({kind: [one] for kind, one in access_jobs.together.items()})
    return crew


async def somebody(ctx, number, employment="official", left_on=None):
    await ctx.session.execute(
        insert(StaffMember).values(
            tenant_id=ctx.tenant.id, id=new_id(), number=number, name=f"新人{number}",
            employment=employment, synthetic=True, left_on=left_on,
        )
    )  # fmt: skip


async def read(crew, *rows, days=0):
    async with crew.acting("county_admin") as ctx:
        on = ctx.today + timedelta(days=days)
        return await read_sheet(ctx, a_sheet(*rows), on=on, document="组〔2026〕1号")


async def who(ctx, node, post):
    return [one.name for one in await holders_at(ctx, node.path, post)]


async def test_every_wrong_row_is_named_and_nothing_is_written(crew, county):
    grid, second = county.at("grid").code, county.at("grid", 1).code
    worker, chief = county.accounts["worker"].number, county.accounts["chief"].number
    async with crew.acting("county_admin") as ctx:
        await somebody(ctx, "N1")
        await somebody(ctx, "N2", left_on=ctx.today)
        await somebody(ctx, "F1", employment="full_time")
    turnover, faults = await read(
        crew,
        ("000", "网格长", "", "N1"),
        (grid, "总督", "", "N1"),
        (county.at("town").code, "网格长", "", "N1"),
        (grid, "网格长", chief, "X404"),
        (grid, "网格员", chief, "N1"),
        (grid, "党小组长", "", "N2"),
        (grid, "网格长", "", "N1"),
        (grid, "网格员", worker, worker),
        (grid, "网格员", "", "F1"),
        (second, "网格员", "", "F1"),
        (second, "联组长", "", "N1"),
        (second, "联组长", "", "N1"),
    )
    async with crew.acting("county_admin") as ctx:
        kept = await ctx.session.scalar(select(func.count()).select_from(Turnover))
        assert await who(ctx, county.at("grid"), "chief") == ["测试·网格长"]

    said = {fault.row: str(fault.sentence) for fault in faults}
    assert turnover is None and kept == 0
    assert said == {
        3: "没有代码是“000”的网格。",
        4: "没有叫“总督”的岗位。",
        5: "岗位“网格长”不能设在“二级网格”上。",
        6: "没有工号“X404”。",
        7: "测试·网格长 那天不在这里任网格员。",
        8: said[8],
        9: "“网格长”只能有一人，测试·网格长 还在任。",
        10: "卸任人和接任人是同一个人。",
        11: said[11],
        12: said[12],
        13: "新人N1 的接任写了两行。",
        14: "新人N1 的接任写了两行。",
    }
    assert "离职" in said[8]
    assert "专职人员" in said[11] and "专职人员" in said[12]


async def test_one_wrong_row_among_good_ones_writes_none_of_them(crew, county):
    grid, chief = county.at("grid"), county.accounts["chief"].number
    async with crew.acting("county_admin") as ctx:
        await somebody(ctx, "N1")
    turnover, faults = await read(
        crew,
        (grid.code, "网格长", chief, "N1"),
        (grid.code, "网格长", chief, "N1"),
        (grid.code, "党小组长", "", "X404"),
    )
    async with crew.acting("county_admin") as ctx:
        kept = await ctx.session.scalar(select(func.count()).select_from(Turnover))
        assert await who(ctx, grid, "chief") == ["测试·网格长"]

    assert turnover is None and kept == 0
    said = [(fault.row, str(fault.sentence)) for fault in faults]
    assert (5, "没有工号“X404”。") in said
    assert {row for row, words in said if "写了两行" in words} == {3, 4}  # both of an overlap


async def test_two_who_come_to_a_post_for_one_are_an_overlap_and_so_is_a_term_begun_later(
    crew, county
):
    grid, chief = county.at("grid"), county.accounts["chief"].number
    async with crew.acting("county_admin") as ctx:
        for number in ("N1", "N2"):
            await somebody(ctx, number)
        (holder,) = await holders_at(ctx, grid.path, "chief")
        await vacate_post(ctx, holder.id, on=ctx.today + timedelta(days=3))
        nobody = await ctx.session.scalar(select(StaffMember.id).where(StaffMember.number == "N2"))
        await appoint_post(
            ctx, nobody, node_id=grid.id, post="chief", valid_from=ctx.today + timedelta(days=3)
        )
    _, faults = await read(
        crew, (grid.code, "网格长", chief, "N1"), (grid.code, "网格长", "", "N2"), days=1
    )

    said = [str(fault.sentence) for fault in faults]
    assert any("表里写了两个接任人" in words for words in said)
    assert any("只能有一人" in words and "还在任" in words for words in said)


async def test_a_sheet_changes_posts_today_and_is_countered_by_another(crew, county):
    grid, chief = county.at("grid"), county.accounts["chief"].number
    async with crew.acting("county_admin") as ctx:
        await somebody(ctx, "N1")
    turnover, faults = await read(
        crew, (grid.code, "网格长", chief, "N1"), (grid.code, "党小组长", None, "N1")
    )
    assert faults == []
    async with crew.acting("county_admin") as ctx:
        assert await who(ctx, grid, "chief") == ["测试·网格长"]  # only looked at so far
        assert await confirm_turnover(ctx, turnover) is TurnoverState.APPLIED
        assert await who(ctx, grid, "chief") == ["新人N1"]
        assert await who(ctx, grid, "party_leader") == ["新人N1"]
        with pytest.raises(Conflict):
            await withdraw_turnover(ctx, turnover)
    crew.later(days=1)
    async with crew.acting("county_admin") as ctx:
        back, faults = await counter_turnover(ctx, turnover, on=ctx.today, document="组〔2026〕2号")
        assert faults == []
        await confirm_turnover(ctx, back)
        assert await who(ctx, grid, "chief") == ["测试·网格长"]
        assert await who(ctx, grid, "party_leader") == []
        assert (await turnover_of(ctx, back)).counters == turnover


async def test_a_planned_sheet_waits_can_be_taken_back_and_is_refused_if_posts_moved(crew, county):
    grid, chief = county.at("grid"), county.accounts["chief"].number
    async with crew.acting("county_admin") as ctx:
        for number in ("N1", "N2"):
            await somebody(ctx, number)
    row = (grid.code, "网格长", chief, "N1")
    taken_back, _ = await read(crew, row, days=5)
    first, _ = await read(crew, row, days=5)
    second, _ = await read(crew, (grid.code, "网格长", chief, "N2"), days=5)
    async with crew.acting("county_admin") as ctx:
        for one in (taken_back, first, second):
            assert await confirm_turnover(ctx, one) is TurnoverState.PLANNED
        await withdraw_turnover(ctx, taken_back)
    crew.later(days=5)
    async with crew.system() as ctx:
        await apply_due(ctx)
        states = [(await turnover_of(ctx, one)).state for one in (taken_back, first, second)]
        assert await who(ctx, grid, "chief") == ["新人N1"]
        assert "那天不在这里" in (await turnover_of(ctx, second)).reason

    assert states == [TurnoverState.WITHDRAWN, TurnoverState.APPLIED, TurnoverState.REFUSED]


async def led(crew, county, chief):
    """The grid whose chief has the role there as well."""
    grid = county.at("grid")
    async with crew.acting("security_admin") as ctx:
        await bind_role(
            ctx, chief.account_id, NewBinding(role="chief", node_id=grid.id, since=ctx.today)
        )
    return grid


async def leads(crew, person):
    async with crew.acting("security_admin") as ctx:
        found = await bindings_of_account(ctx, person, ctx.today)
        return {(one.role, one.node) for one in found}


async def test_rights_go_over_with_the_posts_once_who_gives_roles_has_agreed(crew, county):
    """Two people: one draws the posts up, another agrees to the rights before the day."""
    chief, supervisor = county.accounts["chief"], county.accounts["supervisor"]
    grid = await led(crew, county, chief)
    had = await leads(crew, supervisor.account_id)
    turnover, _ = await read(crew, (grid.code, "网格长", chief.number, supervisor.number), days=5)
    async with crew.acting("county_admin") as ctx:
        with pytest.raises(NotFound):
            await agree_rights(ctx, turnover)
        await confirm_turnover(ctx, turnover)
    async with crew.acting("security_admin") as ctx:
        told = list(
            await ctx.session.scalars(
                select(Notice.link).where(Notice.account_id == ctx.actor.account_id)
            )
        )
        assert f"/{county.tenant.slug}/turnovers/{turnover}/rights" in told
        assert await agree_rights(ctx, turnover) == 1
        with pytest.raises(Conflict, match="已经同意过"):
            await agree_rights(ctx, turnover)
    crew.later(days=5)
    async with crew.system() as ctx:
        await apply_due(ctx)

    (gained,) = await leads(crew, supervisor.account_id) - had
    assert gained[0] == "chief"
    assert gained not in await leads(crew, chief.account_id)


async def test_without_that_word_nobody_gains_a_right_by_a_sheet(crew, county):
    chief, supervisor = county.accounts["chief"], county.accounts["supervisor"]
    grid = await led(crew, county, chief)
    had = await leads(crew, supervisor.account_id)
    turnover, _ = await read(crew, (grid.code, "网格长", chief.number, supervisor.number))
    async with crew.acting("county_admin") as ctx:
        await confirm_turnover(ctx, turnover)
    async with crew.acting("security_admin") as ctx:
        with pytest.raises(Conflict):
            await agree_rights(ctx, turnover)

    assert await leads(crew, supervisor.account_id) == had


async def test_a_role_given_above_several_posts_ends_with_the_last_of_them(crew, county):
    """A chief of all the grids of a village is bound to the village."""
    chief, first, second = county.accounts["chief"], county.at("grid"), county.at("grid", 1)
    async with crew.acting("county_admin") as ctx:
        await somebody(ctx, "N1")
        await appoint_post(
            ctx, chief.staff_id, node_id=second.id, post="chief", valid_from=ctx.today
        )
    crew.later(days=1)
    role = ("chief", next(n for n in county.nodes.values() if n.path == chief.path).code)

    async def still():
        async with crew.acting("security_admin") as ctx:
            found = await bindings_of_account(ctx, chief.account_id, ctx.today)
            return {(one.role, one.node_code) for one in found}

    for grid, there in ((first, True), (second, False)):
        assert role in await still()
        turnover, faults = await read(crew, (grid.code, "网格长", chief.number, "N1"))
        assert faults == []
        async with crew.acting("security_admin") as ctx:
            ahead = await rights_of_sheet(ctx, await turnover_of(ctx, turnover, AccessRight.GRANT))
        assert [one.role for one in ahead] == ([] if there else ["chief"])
        assert all("几个岗位一起给的" in one.refused for one in ahead)
        async with crew.acting("county_admin") as ctx:
            await confirm_turnover(ctx, turnover)
        assert (role in await still()) is there
    async with crew.acting("security_admin") as ctx:
        mine = Notice.account_id == ctx.actor.account_id
        told = [str(text) for text in await ctx.session.scalars(select(Notice.text).where(mine))]
    assert any("还有 1 项权限没有随岗位移交" in text for text in told)


async def test_on_the_page_the_security_admin_sees_each_right_and_agrees(app, client):
    county = await a_county(app.state.database, app.state.settings)
    crew = Crew(app.state.database, county, now=now())
    chief, supervisor = county.accounts["chief"], county.accounts["supervisor"]
    grid = await led(crew, county, chief)
    turnover, _ = await read(crew, (grid.code, "网格长", chief.number, supervisor.number), days=2)
    place = f"/{county.tenant.slug}/turnovers/{turnover}/rights"
    await sign_in(client, county, "security_admin", second_factor=True)
    shown = (await client.get(place)).text
    agreed = await send(client, place, page=place)
    after = (await client.get(place)).text

    assert "随岗位移交的权限" in shown and "测试·督查员" in shown
    assert agreed.status_code == 303
    assert "已同意移交" in after


async def test_who_changes_posts_in_one_place_has_no_say_elsewhere(crew, county):
    """A sheet is somebody's business if every line of it is; a unit elsewhere is no unit."""
    here, there = county.at("grid"), county.at("grid", 7)
    async with crew.acting("county_admin") as ctx:
        await somebody(ctx, "N1")
    own, _ = await read(crew, (here.code, "党小组长", "", "N1"), days=5)
    other, _ = await read(crew, (there.code, "党小组长", "", "N1"), days=5)
    both, _ = await read(
        crew, (here.code, "巡防员", "", "N1"), (there.code, "党小组长", "", "N1"), days=5
    )
    async with crew.acting("county_admin", at=county.at("village").path) as ctx:
        assert [one.id for one in await turnovers(ctx)] == [own]
        for sheet in (other, both):
            for refused in (
                turnover_of(ctx, sheet),
                confirm_turnover(ctx, sheet),
                withdraw_turnover(ctx, sheet),
                counter_turnover(ctx, sheet, on=ctx.today, document="组〔2026〕2号"),
            ):
                with pytest.raises(NotFound):
                    await refused
        data = a_sheet((there.code, "党小组长", "", "N1"))
        kept, faults = await read_sheet(ctx, data, on=ctx.today, document="组〔2026〕3号")
        assert kept is None and "没有代码" in str(faults[0].sentence)
        assert await confirm_turnover(ctx, own) is TurnoverState.PLANNED
    async with crew.acting("county_admin") as ctx:
        assert {one.id for one in await turnovers(ctx)} == {own, other, both}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no sheet", "文件打不开"),
        (a_sheet(("1", "2"), heads=("甲", "乙")), "表头要有这四列"),
        (a_sheet(), "没有要调整的岗位"),
    ],
)
async def test_what_is_no_sheet_is_refused(crew, data, sentence):
    async with crew.acting("county_admin") as ctx:
        with pytest.raises(Invalid) as refused:
            await read_sheet(ctx, data, on=ctx.today, document="组〔2026〕1号")
    assert sentence in refused.value.fields["file"]


async def test_five_hundred_posts_are_a_matter_of_seconds(crew, county):
    grids = [county.at("grid", place) for place in range(8)]
    async with crew.acting("county_admin") as ctx:
        for place in range(500):
            await somebody(ctx, f"M{place}")
    rows = [(grids[place % 8].code, "巡防员", "", f"M{place}") for place in range(500)]
    began = time.perf_counter()
    turnover, faults = await read(crew, *rows)
    async with crew.acting("county_admin") as ctx:
        await confirm_turnover(ctx, turnover)
    took = time.perf_counter() - began

    assert faults == []
    assert took < 10


async def test_on_the_page_faults_come_back_by_row_and_a_good_sheet_is_confirmed(app, client):
    county = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "county_admin", second_factor=True)
    place, grid = f"/{county.tenant.slug}/turnovers/", county.at("grid", 1)
    token = {"_csrf": _csrf((await client.get(place)).text)}
    today = now().astimezone(CHINA).date().isoformat()

    async def sent(*rows):
        return await client.post(
            place,
            data={**token, "on": today, "document": "组〔2026〕1号"},
            files={"file": ("换届.xlsx", a_sheet(*rows))},
            headers={"sec-fetch-site": "same-origin"},
        )

    number = county.accounts["dispatcher"].number
    wrong = await sent((grid.code, "网格长", "", "X404"))
    good = await sent((grid.code, "网格长", "", number))
    page = good.headers["location"].split("?")[0]
    shown = (await client.get(page)).text
    confirmed = await send(client, f"{page}/confirm", page=page)
    after = (await client.get(page)).text

    assert wrong.status_code == 422 and "没有工号“X404”" in wrong.text
    assert good.status_code == 303 and "待确认" in shown
    assert confirmed.status_code == 303 and "已生效" in after and "反向调整" in after


async def seated(crew, seats):
    """Everybody of these is of the staff, and who is named first patrols."""
    async with crew.acting("county_admin") as ctx:
        for _, old, new in seats:
            await somebody(ctx, old)
            await somebody(ctx, new)
        ids = dict(
            tuple(row)
            for row in await ctx.session.execute(select(StaffMember.number, StaffMember.id))
        )
        mine = {"tenant_id": ctx.tenant.id, "post": "patroller", "acting": False}
        since = ctx.today - timedelta(days=30)
        await ctx.session.execute(
            insert(PostHolding),
            [
                mine
                | {"id": new_id(), "staff_id": ids[old], "node_id": grid.id, "valid_from": since}
                for grid, old, _ in seats
            ],
        )


async def patrolling(crew):
    async with crew.acting("county_admin") as ctx:
        there = holdings().where(PostHolding.post == "patroller", held_on(ctx.today))
        return {one.name for one in await holders(ctx, there) if one.name.startswith("新人")}


async def test_three_hundred_posts_change_hands_by_one_sheet_and_back_by_another(app, client):
    """换届 in the browser: the present list, 300 lines looked at, in force, and taken back."""
    county = await a_county(app.state.database, app.state.settings)
    crew = Crew(app.state.database, county, now=now())
    grids = [county.at("grid", place) for place in range(8)]
    seats = [(grids[place % 8], f"A{place:03}", f"B{place:03}") for place in range(300)]
    await seated(crew, seats)
    await sign_in(client, county, "county_admin", second_factor=True)
    place, today = f"/{county.tenant.slug}/turnovers/", now().astimezone(CHINA).date()

    present = await send(client, f"{place}sheet", purpose="换届")
    lines = [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(present.content)).active.iter_rows(min_row=3)
    ]
    comes = {old: new for _, old, new in seats}
    sheet = a_sheet(
        *((line[0], line[1], line[2], comes[line[2]]) for line in lines if line[2] in comes)
    )
    sent = await client.post(
        place,
        data={
            "_csrf": _csrf((await client.get(place)).text),
            "on": str(today),
            "document": "组〔2026〕1号",
        },
        files={"file": ("换届.xlsx", sheet)},
        headers={"sec-fetch-site": "same-origin"},
    )
    page = sent.headers["location"].split("?")[0]
    looked_at = (await client.get(page)).text
    untouched = await patrolling(crew)
    await send(client, f"{page}/confirm", page=page)
    after = await patrolling(crew)
    back = await send(
        client,
        f"{page}/counter",
        page=page,
        on=str(today + timedelta(days=1)),
        document="组〔2026〕2号",
    )
    counter = back.headers["location"].split("?")[0]
    reversed_ = (await client.get(counter)).text
    planned = await send(client, f"{counter}/confirm", page=counter)
    crew.later(days=1)
    async with crew.system() as ctx:
        await apply_due(ctx)

    olds, news = ({f"新人{one[place]}" for one in seats} for place in (1, 2))
    assert looked_at.count("</tr>") == 301 and "确认，" in looked_at and "300" in looked_at
    assert (untouched, after) == (olds, news)
    assert reversed_.count("</tr>") == 301 and "它撤销的名单" in reversed_
    assert planned.status_code == 303
    assert await patrolling(crew) == olds


def _csrf(page):
    return page.split('name="_csrf" value="')[1].split('"')[0]
