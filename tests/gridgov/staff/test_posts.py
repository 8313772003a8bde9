"""Who answers where: holders, vacancies that climb, appointing and vacating."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from gridgov.audit.models import AuditEntry
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.outbox import OutboxEvent
from gridgov.staff.actions import appoint_post, vacate_post
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import (
    answering_at,
    career_of,
    duties_of,
    holders_at,
    people,
    person_seen,
    posts_at,
)
from gridgov.staff.types import StaffRight

MONDAY = date(2026, 11, 23)


@pytest.fixture
def line(county):
    """A grid where all is vacant, with the nodes above it, from the county down."""
    above = [county.at(level) for level in ("county", "district", "town", "village")]
    return [*above, county.at("grid", 1)]


async def fill(ctx, person, node, post):
    """Appoint somebody from today on; gives their id."""
    staff_id = person.staff_id
    await appoint_post(ctx, staff_id, node_id=node.id, post=post, valid_from=MONDAY)
    return staff_id


async def nearest(ctx, node):
    """Who answers for it."""
    return next(iter((await answering_at(ctx, [node.path]))[node.path]), None)


async def test_a_post_shows_who_holds_it_and_a_vacancy_shows_empty(open_context, county, line):
    first = county.at("grid")
    async with open_context() as ctx:
        filled = await posts_at(ctx, first.path, "grid")
        vacant = await posts_at(ctx, line[-1].path, "grid")

    assert [(post.code, [one.name for one in held]) for post, held in filled if held] == [
        ("chief", ["测试·网格长"]),
        ("worker", ["测试·网格员"]),
    ]
    (held,) = filled[1][1]
    assert (held.account_id, held.path) == (county.accounts["worker"].account_id, first.path)
    assert {post.code for post, held in vacant if not held} >= {"chief", "worker"}
    assert not any(held for _, held in vacant)


async def test_the_holders_of_one_post_are_found(open_context, line):
    async with open_context() as ctx:
        assert [one.post for one in await holders_at(ctx, line[0].path, "leader")] == ["leader"]
        assert await holders_at(ctx, line[0].path, "worker") == []


async def test_the_nearest_filled_post_answers(open_context, county, line):
    async with open_context() as ctx:
        chief = await fill(ctx, county.accounts["chief"], line[-1], "chief")
        await fill(ctx, county.accounts["station_clerk"], line[-2], "leader")

        assert (await nearest(ctx, line[-1])).staff_id == chief


async def test_three_vacancies_in_a_row_are_climbed_over(open_context, county, line):
    async with open_context() as ctx:
        district = await fill(ctx, county.accounts["subcentre_clerk"], line[1], "leader")

        answering = await nearest(ctx, line[-1])  # no chief, no village, no town

    assert (answering.staff_id, answering.path) == (district, line[1].path)


async def test_all_vacant_up_to_the_root_leads_to_the_root_or_nobody(open_context, county, line):
    async with open_context() as ctx:
        at_the_root = await nearest(ctx, line[-1])
        await vacate_post(ctx, at_the_root.id, on=MONDAY)

        assert at_the_root.path == line[0].path
        assert await nearest(ctx, line[-1]) is None


async def test_a_worker_does_not_answer_for_the_grid(open_context, county, line):
    async with open_context() as ctx:
        await fill(ctx, county.accounts["worker"], line[-1], "worker")

        assert (await nearest(ctx, line[-1])).post == "leader"


async def test_who_holds_the_post_comes_before_who_acts(open_context, county, line):
    async with open_context() as ctx:
        acting = county.accounts["dispatcher"].staff_id
        await appoint_post(
            ctx, acting, node_id=line[2].id, post="leader", valid_from=MONDAY, acting=True
        )
        alone = await nearest(ctx, line[2])
        holder = await fill(ctx, county.accounts["subcentre_clerk"], line[2], "leader")

        assert alone.staff_id == acting
        assert (await nearest(ctx, line[2])).staff_id == holder


async def test_a_post_that_begins_tomorrow_or_ended_today_is_vacant(open_context, county, line):
    async with open_context() as ctx:
        clerk = county.accounts["station_clerk"].staff_id
        tomorrow = MONDAY + timedelta(days=1)
        await appoint_post(ctx, clerk, node_id=line[3].id, post="leader", valid_from=tomorrow)
        before = MONDAY - timedelta(days=9)
        await appoint_post(
            ctx, clerk, node_id=line[2].id, post="leader", valid_from=before, valid_to=MONDAY
        )

        assert (await nearest(ctx, line[3])).path == line[0].path


async def test_who_left_holds_nothing_any_more(open_context, county, line):
    async with open_context() as ctx:
        chief = await fill(ctx, county.accounts["chief"], line[-1], "chief")
        await ctx.session.execute(
            update(StaffMember).where(StaffMember.id == chief).values(left_on=MONDAY)
        )

        assert (await nearest(ctx, line[-1])).path == line[0].path


async def test_appointing_is_on_record_and_told(open_context, county, line):
    async with open_context() as ctx:
        staff_id = await fill(ctx, county.accounts["chief"], line[-1], "chief")

    async with open_context() as ctx:
        entries = select(AuditEntry.verb, AuditEntry.subject_id).order_by(AuditEntry.seq.desc())
        assert (await ctx.session.execute(entries)).first() == ("staff.appointed", staff_id)
        told = select(func.count()).where(OutboxEvent.kind == "staff.post_changed")
        assert await ctx.session.scalar(told) == 1


async def test_a_single_post_has_one_holder_and_may_have_one_who_acts(open_context, county, line):
    async with open_context() as ctx:
        await fill(ctx, county.accounts["chief"], line[-1], "chief")
        other = county.accounts["station_clerk"].staff_id

        with pytest.raises(Conflict, match="“网格长”只能有一人"):
            await appoint_post(ctx, other, node_id=line[-1].id, post="chief", valid_from=MONDAY)
        await appoint_post(
            ctx, other, node_id=line[-1].id, post="chief", valid_from=MONDAY, acting=True
        )


async def test_who_works_full_time_has_one_grid_and_may_act_in_another(open_context, county):
    worker = county.accounts["worker"].staff_id
    second = county.at("grid", 1).id
    async with open_context() as ctx:
        await ctx.session.execute(
            update(StaffMember).where(StaffMember.id == worker).values(employment="full_time")
        )

        with pytest.raises(Conflict, match="是专职人员"):
            await appoint_post(ctx, worker, node_id=second, post="worker", valid_from=MONDAY)
        await appoint_post(
            ctx, worker, node_id=second, post="worker", valid_from=MONDAY, acting=True
        )


async def test_nobody_holds_one_post_twice(open_context, county):
    async with open_context() as ctx:
        with pytest.raises(Conflict, match="已经担任这个岗位"):
            await fill(ctx, county.accounts["worker"], county.at("grid"), "worker")


@pytest.mark.parametrize(
    "change",
    [{"post": "chief"}, {"post": "emperor"}, {"valid_to": MONDAY}],
)
async def test_what_cannot_be_is_said_beside_its_field(open_context, county, line, change):
    asked = {"post": "leader", "valid_from": MONDAY, "valid_to": None} | change
    async with open_context() as ctx:
        with pytest.raises(Invalid) as refused:
            await appoint_post(ctx, county.accounts["chief"].staff_id, node_id=line[2].id, **asked)
    assert list(refused.value.fields) == list(change)


async def test_vacating_ends_a_post_and_keeps_it_in_the_career(open_context, county, line):
    friday = MONDAY + timedelta(days=4)
    async with open_context() as ctx:
        chief = await fill(ctx, county.accounts["chief"], line[-1], "chief")
        (held,) = await holders_at(ctx, line[-1].path, "chief")
        await vacate_post(ctx, held.id, on=friday)

        latest, *_ = await career_of(ctx, chief)
        assert (latest.post, latest.valid_to) == ("chief", friday)
        with pytest.raises(Conflict, match="已于 2026年11月27日 卸任"):
            await vacate_post(ctx, held.id, on=friday)
        with pytest.raises(Invalid):
            await vacate_post(ctx, held.id, on=MONDAY - timedelta(days=1))


async def test_a_post_that_never_began_goes_altogether(open_context, county, line):
    async with open_context() as ctx:
        await fill(ctx, county.accounts["chief"], line[-1], "chief")
        (held,) = await holders_at(ctx, line[-1].path, "chief")

        await vacate_post(ctx, held.id, on=MONDAY)

        kept = await ctx.session.scalar(select(PostHolding.id).where(PostHolding.id == held.id))
        assert kept is None


async def test_one_appoints_in_ones_own_subtree_only(open_context, county):
    here, there = county.at("town", 0), county.at("town", 1)
    async with open_context() as ctx:
        chief = await fill(ctx, county.accounts["chief"], here, "clerk")
    async with open_context(at=here.path) as ctx:
        with pytest.raises(NotFound):
            await appoint_post(ctx, chief, node_id=there.id, post="leader", valid_from=MONDAY)
        await appoint_post(ctx, chief, node_id=here.id, post="leader", valid_from=MONDAY)


async def test_people_are_seen_where_they_serve(open_context, county):
    first = county.at("town", 0)
    async with open_context(at=first.path) as ctx:
        seen = await people(ctx)
        with pytest.raises(NotFound):
            await person_seen(ctx, county.accounts["auditor"].staff_id)
    async with open_context() as ctx:
        everybody = await people(ctx)
    async with open_context(rights=()) as ctx:
        nobody = await people(ctx)

    assert [person.name for person in seen] == ["测试·网格员", "测试·网格长"]
    assert len(everybody) == len(county.accounts)
    assert nobody == []


async def test_people_are_found_by_name_number_and_initials(open_context, county):
    async with open_context() as ctx:
        assert [p.name for p in await people(ctx, words="审计")] == ["测试·审计员"]
        assert [p.name for p in await people(ctx, words="CSSJY")] == ["测试·审计员"]
        assert [p.name for p in await people(ctx, words="t01")] == ["测试·网格员"]
        assert await people(ctx, words="没有这个人") == []
        there = county.at("town", 1).path
        assert await people(ctx, path=there) == []


async def test_the_duties_of_many_cost_one_statement_and_keep_the_order(open_context, county):
    worker, auditor = (county.accounts[role].staff_id for role in ("worker", "auditor"))
    async with open_context() as ctx:
        duties = await duties_of(ctx, [auditor, worker])

    assert [(who, [one.post for one in held]) for who, held in duties.items()] == [
        (auditor, []),
        (worker, ["worker"]),
    ]


async def test_a_right_to_read_is_none_to_appoint(open_context, county, line):
    async with open_context(rights=(StaffRight.READ,)) as ctx:
        with pytest.raises(NotFound):
            await fill(ctx, county.accounts["chief"], line[-1], "chief")
