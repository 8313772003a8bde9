"""One post passes on: what hangs on it, two signatures, and access that ends the same minute."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from factories.cases import Crew
from factories.services import CARD
from factories.tenants import a_county
from gridgov.access import jobs as access_jobs
from gridgov.access.queries.bindings import bindings_of_account
from gridgov.accounts.models import Account
from gridgov.audit.models import AuditEntry
from gridgov.cases.actions.reporting import Contact
from gridgov.cases.models import Case, CaseStep
from gridgov.fieldwork.actions.writing import Writing, write_line
from gridgov.handover.actions.handovers import (
    cancel_handover,
    complete_due,
    open_handover,
    sign,
    sign_for_leaver,
)
from gridgov.handover.jobs import forget
from gridgov.handover.queries.handovers import handover_seen, handovers, things_of
from gridgov.handover.queries.showing import things_shown
from gridgov.handover.types import Kind, Show
from gridgov.handover.web.handovers import WHATS
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.together import Together
from gridgov.notices.models import Notice
from gridgov.services.actions.assisting import Authority, begin_assist
from gridgov.services.actions.booking import book_visit
from gridgov.services.actions.importing import bring_to
from gridgov.services.models import ServiceItem
from gridgov.services.types import Half, Way
from gridgov.staff.models import StaffMember
from gridgov.staff.queries import career_of, holders_at
from gridgov.staffing.actions import issue_piece, issue_set
from gridgov.staffing.queries.kit import still_held
from gridgov.testkit.signing_in import send, sign_in


@pytest.fixture
def crew(crew):
    crew.together = Together({kind: [one] for kind, one in access_jobs.together.items()})
    return crew


@pytest.fixture
def people(county):
    """The worker who leaves, and somebody without a place who comes."""
    return county.accounts["worker"], county.accounts["dispatcher"]


async def opened(crew, county, people, *, kind=Kind.TRANSFER, days=0):
    leaver, successor = people
    async with crew.acting("county_admin") as ctx:
        (held,) = [one for one in await career_of(ctx, leaver.staff_id) if one.post == "worker"]
        return await open_handover(
            ctx, held.id, successor=successor.number, kind=kind, on=ctx.today + timedelta(days=days)
        )


async def test_open_cases_with_their_clocks_and_kit_hang_on_the_post(crew, county, people):
    leaver, _ = people
    case = (await crew.report(title="楼道灯不亮")).case_id
    async with crew.acting("station_clerk") as ctx:
        await issue_set(ctx, leaver.staff_id, county.at("grid").id, on=ctx.today)
    handover = await opened(crew, county, people)
    async with crew.acting("county_admin") as ctx:
        things = await things_of(ctx, await handover_seen(ctx, handover))

    (found,) = [one for one in things if one.what == "case"]
    assert (found.id, found.words) == (case, "楼道灯不亮")
    assert found.due_at is not None and found.yellow_at is not None
    assert {one.words for one in things if one.what == "kit"} == {
        "专用手机",
        "工作证",
        "工作包",
        "职业装",
    }


async def test_every_noun_of_the_sheet_is_there_before_anybody_signs(crew, county, people):
    """Cases with their clocks and promises, care, papers, visits, keys, kit, and rights."""
    leaver, _ = people
    grid = county.at("grid")
    await crew.report(title="楼道灯不亮")
    async with crew.acting("county_admin") as ctx:
        await bring_to(ctx, [CARD])
        item = await ctx.session.scalar(select(ServiceItem.id))
    async with crew.acting("station_clerk") as ctx:
        await issue_set(ctx, leaver.staff_id, grid.id, on=ctx.today)
        for door in ("会议室", "1栋天台门"):
            await issue_piece(
                ctx, "key", grid.id, staff_id=leaver.staff_id, mark=door, on=ctx.today
            )
    async with crew.acting("worker") as ctx:
        resident = Contact(name="居民·演示", phone="19900000009")
        await begin_assist(
            ctx,
            item,
            node_id=grid.id,
            resident=resident,
            authority=Authority(
                way=Way.ORAL,
                purpose="代交材料",
                valid_until=ctx.today + timedelta(days=9),
                witness="见证人·演示",
            ),
            handed=["一寸照片2张"],
        )
        texts = dict.fromkeys(("door", "name", "phone", "note"), "") | {"building": "3栋2单元"}
        await book_visit(
            ctx,
            node_id=grid.id,
            day=ctx.today + timedelta(days=1),
            half=Half.MORNING,
            item_id=item,
            texts={**texts, "door": "301", "name": "居民·演示", "phone": "19900000009"},
        )
        soon = (ctx.today + timedelta(days=3)).isoformat()
        words = {"mode": "door", "need": "想装一个扶手", "next": soon}
        await write_line(ctx, "visit", Writing(node_id=grid.id, words=words))
    handover = await opened(crew, county, people)
    async with crew.acting("county_admin") as ctx:
        things = await things_of(ctx, await handover_seen(ctx, handover))

    said = {(one.what, one.words, one.code or one.note) for one in things if one.what != "kit"}
    assert {what for what, _, _ in said} == set(WHATS) - {"kit"}
    assert {("key", "钥匙", "会议室"), ("key", "钥匙", "1栋天台门")} <= said
    assert ("document", "一寸照片2张") in {one[:2] for one in said}
    assert {one.words for one in things if one.what == "care"} == {"老年证年审", "约好下次联系"}
    assert sum(one.what == "kit" for one in things) == 4
    assert [one.words for one in things if one.what == "appointment"] == ["3栋2单元"]
    assert [one.words for one in things if one.what == "right"] == ["网格员"]


async def bindings_of(crew, person):
    async with crew.acting("security_admin") as ctx:
        return await bindings_of_account(ctx, person.account_id, ctx.today)


async def test_rights_and_keys_pass_with_the_leavers_own_signature_as_narrow_as_they_were(
    crew, county, people
):
    leaver, successor = people
    async with crew.acting("station_clerk") as ctx:
        await issue_piece(
            ctx, "key", county.at("grid").id, staff_id=leaver.staff_id, mark="会议室", on=ctx.today
        )
    before = {one.role for one in await bindings_of(crew, successor)}
    (held,) = await bindings_of(crew, leaver)
    handover = await opened(crew, county, people)
    for role in ("worker", "dispatcher"):
        async with crew.acting(role) as ctx:
            await sign(ctx, handover)
    (gained,) = [one for one in await bindings_of(crew, successor) if one.role not in before]

    assert await bindings_of(crew, leaver) == []
    assert (gained.role, gained.path) == (held.role, held.path)
    assert (gained.departments, gained.categories, gained.valid_to) == (
        held.departments,
        held.categories,
        held.valid_to,
    )
    async with crew.acting("county_admin") as ctx:
        assert [one.mark for one in await still_held(ctx, successor.staff_id)] == ["会议室"]
        assert await still_held(ctx, leaver.staff_id) == []
        audited = await ctx.session.scalar(
            select(func.count()).where(AuditEntry.verb == "access.passed")
        )
        told = list(
            await ctx.session.scalars(
                select(Notice.text).where(
                    Notice.account_id == county.accounts["security_admin"].account_id
                )
            )
        )
    assert audited == 1
    assert any("权限已随岗位移交" in str(text) for text in told)


async def test_whoever_signs_for_an_absent_leaver_gives_no_rights(crew, county, people):
    leaver, successor = people
    before = await bindings_of(crew, successor)
    handover = await opened(crew, county, people)
    async with crew.acting("leader") as ctx:
        await sign_for_leaver(ctx, handover, reason="住院，不能到场")
    async with crew.acting("dispatcher") as ctx:
        assert await sign(ctx, handover)

    assert await bindings_of(crew, leaver) == []
    assert await bindings_of(crew, successor) == before


async def test_an_administrator_takes_no_rights_over_and_the_sheet_says_why(crew, county, people):
    leaver, _ = people
    admin = county.accounts["auditor"]
    before = await bindings_of(crew, admin)
    handover = await opened(crew, county, (leaver, admin))
    async with crew.acting("county_admin") as ctx:
        (right,) = [
            one
            for one in await things_of(ctx, await handover_seen(ctx, handover))
            if one.what == "right"
        ]
    for role in ("worker", "auditor"):
        async with crew.acting(role) as ctx:
            await sign(ctx, handover)

    assert "管理员不能兼办业务" in right.note
    assert await bindings_of(crew, leaver) == []
    assert await bindings_of(crew, admin) == before


async def test_a_hand_over_is_taken_back_by_another_the_other_way_round(crew, county, people):
    leaver, successor = people
    handover = await opened(crew, county, people)
    for role in ("worker", "dispatcher"):
        async with crew.acting(role) as ctx:
            await sign(ctx, handover)
    crew.later(days=1)
    async with crew.acting("county_admin") as ctx:
        (held,) = [one for one in await career_of(ctx, successor.staff_id) if one.post == "worker"]
        back = await open_handover(
            ctx, held.id, successor=leaver.number, kind=Kind.TRANSFER, on=ctx.today
        )
    for role in ("dispatcher", "worker"):
        async with crew.acting(role) as ctx:
            await sign(ctx, back)
    async with crew.acting("county_admin") as ctx:
        serving = await holders_at(ctx, county.at("grid").path, "worker")

    assert [one.staff_id for one in serving] == [leaver.staff_id]
    assert [one.role for one in await bindings_of(crew, leaver)] == ["worker"]
    assert "worker" not in {one.role for one in await bindings_of(crew, successor)}


async def test_with_both_signatures_the_post_the_cases_and_the_access_pass_at_once(
    crew, county, people
):
    _, successor = people
    case = (await crew.report(title="楼道灯不亮")).case_id
    handover = await opened(crew, county, people)
    async with crew.acting("worker") as ctx:
        assert not await sign(ctx, handover)
        with pytest.raises(Conflict):
            await sign(ctx, handover)
    async with crew.acting("dispatcher") as ctx:
        assert await sign(ctx, handover)
    async with crew.acting("county_admin") as ctx:
        serving = await holders_at(ctx, county.at("grid").path, "worker")
        done = await handover_seen(ctx, handover)
        reported_by = await ctx.session.scalar(select(Case.reported_by).where(Case.id == case))
        last = await ctx.session.scalar(
            select(CaseStep.note).where(CaseStep.case_id == case).order_by(CaseStep.id.desc())
        )

    assert [one.staff_id for one in serving] == [successor.staff_id]
    assert done.done_at is not None
    assert [(one["what"], one["words"]) for one in done.things] == [
        ("case", ""),
        ("right", "网格员"),
    ]
    assert reported_by == successor.account_id
    assert "接任人跟进" in last


async def test_only_the_two_sign_and_only_who_stands_above_for_somebody_absent(
    crew, county, people
):
    handover = await opened(crew, county, people)
    async with crew.acting("leader") as ctx:
        with pytest.raises(NotAllowed):
            await sign(ctx, handover)
        with pytest.raises(Invalid):
            await sign_for_leaver(ctx, handover, reason=" ")
        assert not await sign_for_leaver(ctx, handover, reason="住院，不能到场")
    async with crew.acting("handler") as ctx:
        with pytest.raises(NotFound):
            await sign(ctx, handover)
    async with crew.acting("dispatcher") as ctx:
        assert await sign(ctx, handover)
        row = await handover_seen(ctx, handover)

    assert row.given_for == "住院，不能到场"
    assert row.signer == "测试·第一责任人"


async def test_who_leaves_altogether_has_no_post_no_account_and_a_day_in_the_list(
    crew, county, people
):
    leaver, _ = people
    handover = await opened(crew, county, people, kind=Kind.LEAVE)
    for role in ("worker", "dispatcher"):
        async with crew.acting(role) as ctx:
            await sign(ctx, handover)
    async with crew.acting("county_admin") as ctx:
        left = await ctx.session.scalar(
            select(StaffMember.left_on).where(StaffMember.id == leaver.staff_id)
        )
        assert left == ctx.today
    async with crew.database.shared() as session:
        closed = await session.scalar(
            select(Account.disabled_at).where(Account.id == leaver.account_id)
        )
    assert closed is not None


async def test_a_day_ahead_waits_for_its_day(crew, county, people):
    leaver, successor = people
    handover = await opened(crew, county, people, days=3)
    for role in ("worker", "dispatcher"):
        async with crew.acting(role) as ctx:
            assert not await sign(ctx, handover)
    async with crew.system() as ctx:
        await complete_due(ctx)
        before = [one.staff_id for one in await holders_at(ctx, county.at("grid").path, "worker")]
    crew.later(days=3)
    async with crew.system() as ctx:
        await complete_due(ctx)
        after = [one.staff_id for one in await holders_at(ctx, county.at("grid").path, "worker")]

    assert (before, after) == ([leaver.staff_id], [successor.staff_id])


async def test_one_post_is_handed_over_once_at_a_time_and_can_be_called_off(crew, county, people):
    handover = await opened(crew, county, people)
    with pytest.raises(Conflict, match="已经在交接"):
        await opened(crew, county, people)
    async with crew.acting("county_admin") as ctx:
        await cancel_handover(ctx, handover)
    async with crew.acting("worker") as ctx:
        with pytest.raises(Conflict, match="取消"):
            await sign(ctx, handover)
    await opened(crew, county, people)


async def test_both_are_told_and_others_see_nothing(crew, county, people):
    leaver, successor = people
    handover = await opened(crew, county, people)
    async with crew.acting("worker") as ctx:
        told = set(await ctx.session.scalars(select(Notice.account_id)))
        mine = [one.id for one in await handovers(ctx)]
    async with crew.acting("supervisor") as ctx:
        assert await handovers(ctx) == []

    assert told == {leaver.account_id, successor.account_id}
    assert mine == [handover]


async def test_a_person_who_is_not_there_cannot_take_a_post(crew, county, people):
    leaver, _ = people
    async with crew.acting("county_admin") as ctx:
        (held,) = [one for one in await career_of(ctx, leaver.staff_id) if one.post == "worker"]
        for number in ("X-404", leaver.number):
            with pytest.raises(Invalid):
                await open_handover(
                    ctx, held.id, successor=number, kind=Kind.TRANSFER, on=ctx.today
                )


async def shown_to(crew, role, handover):
    async with crew.acting(role) as ctx:
        found = await things_shown(ctx, await handover_seen(ctx, handover))
    return [one.words for one in found.things if one.what == "case"], found.counts["case"]


async def test_who_only_opens_a_hand_over_counts_what_passes_on_and_reads_none_of_it(
    crew, county, people
):
    await crew.report(title="楼道灯不亮")
    async with crew.acting("station_clerk") as ctx:
        await issue_set(ctx, people[0].staff_id, county.at("grid").id, on=ctx.today)
    handover = await opened(crew, county, people)

    assert await shown_to(crew, "county_admin", handover) == ([], 1)
    assert await shown_to(crew, "worker", handover) == (["楼道灯不亮"], 1)


async def test_a_successor_reads_what_passes_on_after_the_leaver_signed_and_only_what_they_may(
    crew, county
):
    handler = county.accounts["handler"]
    await crew.report(title="楼道灯不亮")
    sees = await opened(crew, county, (county.accounts["worker"], county.accounts["dispatcher"]))
    assert await shown_to(crew, "dispatcher", sees) == ([], 1)
    async with crew.acting("worker") as ctx:
        await sign(ctx, sees)
    assert await shown_to(crew, "dispatcher", sees) == (["楼道灯不亮"], 1)
    async with crew.acting("county_admin") as ctx:
        await cancel_handover(ctx, sees)

    blind = await opened(crew, county, (county.accounts["worker"], handler), days=3)
    async with crew.acting("worker") as ctx:
        await sign(ctx, blind)
    assert await shown_to(crew, "handler", blind) == ([], 1)


async def test_what_passed_on_is_read_later_by_those_who_may_see_the_case(crew, county, people):
    await crew.report(title="楼道灯不亮")
    handover = await opened(crew, county, people)
    for role in ("worker", "dispatcher"):
        async with crew.acting(role) as ctx:
            await sign(ctx, handover)

    assert await shown_to(crew, "dispatcher", handover) == (["楼道灯不亮"], 1)
    assert await shown_to(crew, "county_admin", handover) == ([], 1)


async def test_lists_and_reasons_go_after_their_time_and_that_it_passed_on_stays(
    crew, county, people
):
    await crew.report(title="楼道灯不亮")
    handover = await opened(crew, county, people)
    async with crew.acting("leader") as ctx:
        await sign_for_leaver(ctx, handover, reason="住院，不能到场")
    async with crew.acting("dispatcher") as ctx:
        await sign(ctx, handover)
        days = ctx.setting("record_days")
    for later, kept in ((days, True), (1, False)):
        crew.later(days=later)
        async with crew.system() as ctx:
            await forget(ctx)
        async with crew.acting("county_admin") as ctx:
            row = await handover_seen(ctx, handover)
        assert (bool(row.things), bool(row.given_for)) == (kept, kept)
        assert row.done_at is not None


async def test_in_their_own_browsers_they_sign_and_the_leaver_is_out(app, client):
    county = await a_county(app.state.database, app.state.settings)
    leaver, successor = county.accounts["worker"], county.accounts["dispatcher"]
    at = f"/{county.tenant.slug}"
    await Crew(app.state.database, county, now=now()).report(title="井盖破损")
    await sign_in(client, county, "county_admin", second_factor=True)
    person = (await client.get(f"{at}/people/{leaver.staff_id}")).text
    form = next(link for link in person.split('"') if "/handovers/of/" in link)
    typed = {"page": form, "kind": "transfer", "on": _today()}
    nobody = await send(client, form, **typed)
    unknown = await send(client, form, **typed, other="没有这个人")
    started = await send(client, form, **typed, successor=successor.number)
    place = started.headers["location"].split("?")[0]
    overview = (await client.get(place)).text
    await sign_in(client, county, "worker")
    shown = (await client.get(place)).text
    gave = await send(client, f"{place}/sign", page=place)
    await sign_in(client, county, "dispatcher")
    took = await send(client, f"{place}/sign", page=place)
    sheet = (await client.get(f"{place}/sheet")).text
    await sign_in(client, county, "worker")
    shut = await client.get(f"{at}/cases/new/")

    assert "请选由谁接任，或者填工号。" in nobody.text
    assert 'data-field="other" data-wrong' in unknown.text
    assert "井盖破损" not in overview and "只写了数目的" in overview
    assert "签字，交出" in shown and "井盖破损" in shown
    assert (gave.status_code, took.status_code) == (303, 303)
    assert "交出人签字" in sheet
    assert shut.status_code == 403


def _today():
    return now().astimezone(CHINA).date().isoformat()


async def test_the_list_is_narrowed_to_what_waits_for_ones_own_signature_and_by_a_name(
    crew, county, people
):
    handover = await opened(crew, county, people, days=3)

    async def listed(role, **asked):
        async with crew.acting(role) as ctx:
            return [one.id for one in await handovers(ctx, **asked)]

    assert await listed("worker", show=Show.MINE) == [handover]
    async with crew.acting("worker") as ctx:
        await sign(ctx, handover)
    assert await listed("worker", show=Show.MINE) == []
    assert await listed("dispatcher", show=Show.MINE) == [handover]
    assert await listed("county_admin", show=Show.WAITING) == [handover]
    assert await listed("county_admin", show=Show.DONE) == []
    for words, found in (("网格员", [handover]), ("调度", [handover]), ("查无此人", [])):
        assert await listed("county_admin", words=words) == found
    async with crew.acting("county_admin") as ctx:
        await cancel_handover(ctx, handover)
    assert await listed("county_admin", show=Show.CANCELLED) == [handover]
    assert await listed("worker", show=Show.WAITING) == []


async def test_on_the_page_the_list_says_what_was_looked_for_and_what_is_not_there(app, client):
    county = await a_county(app.state.database, app.state.settings)
    crew = Crew(app.state.database, county, now=now())
    await opened(crew, county, (county.accounts["worker"], county.accounts["dispatcher"]))
    await sign_in(client, county, "dispatcher")
    at = f"/{county.tenant.slug}/handovers/"
    mine = (await client.get(f"{at}?show=mine&q=网格员")).text
    none = (await client.get(f"{at}?show=cancelled")).text

    assert "测试·网格员" in mine and 'value="网格员"' in mine and "等您签字" in mine
    assert "没有这样的交接" in none
