"""Several reports of one matter: offered, merged with dignity, and taken apart without a trace."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from factories.cases import run_events
from gridgov.cases.actions.performing import perform
from gridgov.cases.actions.reporting import report_case
from gridgov.cases.models import Case, CaseReporter
from gridgov.cases.queries.places import near, near_case, points
from gridgov.cases.queries.record import record
from gridgov.cases.queries.situations import situation_anyway
from gridgov.cases.queries.worklist import CaseFilter
from gridgov.cases.rules.places import box_around, metres_between
from gridgov.cases.types import Light
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.notices.models import Notice

HERE = (113.005, 27.005)
METRE = 1 / 111_320


async def at(crew, north=0.0, **what):
    """A case so many metres north of here."""
    crew.later(seconds=1)
    async with crew.acting("worker") as ctx:
        from_here = {"lon": HERE[0], "lat": HERE[1] + north * METRE}
        values = {"category": "P0103", **from_here, **what}
        return (await report_case(ctx, **values)).case_id


async def snapshot(crew, case_id):
    async with crew.system() as ctx:
        return await situation_anyway(ctx, case_id)


def test_a_degree_of_latitude_is_about_111_kilometres():
    assert 111_000 < metres_between((113, 27), (113, 28)) < 111_400
    assert metres_between(HERE, HERE) == 0


def test_the_box_holds_the_circle():
    west, south, east, north = box_around(HERE, 100)

    assert metres_between(HERE, (west, HERE[1])) >= 99.9
    assert metres_between(HERE, (HERE[0], north)) >= 99.9
    assert (west < HERE[0] < east, south < HERE[1] < north) == (True, True)


async def test_near_in_place_time_and_class_is_offered_the_nearest_first(crew):
    mine = await at(crew)
    far, close = await at(crew, 90), await at(crew, 30)
    await at(crew, 110)  # too far away
    await at(crew, 10, category="P0102")  # another class
    crew.later(hours=-73)
    await at(crew, 5)  # too long ago
    crew.later(hours=73)
    closed = await at(crew, 20)
    await crew.does("dispatcher", closed, "reject")

    async with crew.acting("dispatcher") as ctx:
        found = await near_case(ctx, mine)
        before_reporting = await near(ctx, category="P0103", lon=HERE[0], lat=HERE[1])

    assert [one.id for one in found] == [close, far]
    assert [one.metres for one in found] == [30, 90]
    assert [one.id for one in before_reporting] == [mine, close, far]
    assert found[0].light is Light.GREEN


async def test_what_has_no_point_or_has_ended_is_like_nothing(crew):
    nowhere = (await crew.report()).case_id
    ended = await at(crew)
    await crew.does("dispatcher", ended, "reject")

    async with crew.acting("dispatcher") as ctx:
        assert await near_case(ctx, nowhere) == []
        assert await near_case(ctx, ended) == []
    async with crew.acting("handler") as ctx:
        with pytest.raises(NotFound):
            await near_case(ctx, nowhere)


async def test_points_lie_in_the_box_and_in_sight(crew):
    here, there = await at(crew), await at(crew, 1500)
    box = box_around(HERE, 200)

    async with crew.acting("dispatcher") as ctx:
        boxed = await points(ctx, CaseFilter(), box=box)
        everywhere = await points(ctx, CaseFilter(), limit=1)
    async with crew.acting("handler") as ctx:
        unseen = await points(ctx, CaseFilter())

    assert [spot.id for spot in boxed] == [here]
    assert [spot.id for spot in everywhere] == [there]
    assert unseen == []


async def test_merged_and_unmerged_is_as_it_was(crew):
    main, other = await at(crew), await at(crew, 10)
    crew.later(hours=1)
    before = await snapshot(crew, other)
    await crew.does("dispatcher", other, "merge", {"case": main})
    merged = await snapshot(crew, other)
    crew.later(hours=1)
    done = await crew.does("dispatcher", other, "unmerge")
    after = await snapshot(crew, other)

    assert (merged.head.state, merged.head.turn, merged.head.merged_into) == ("merged", "", main)
    assert merged.clocks == before.clocks
    assert done.state == before.head.state
    assert replace(after, head=replace(after.head, version=before.head.version)) == before


async def test_telling_goes_on_after_unmerging(crew):
    main, other = await at(crew), await at(crew, 10)

    async def tell_at():
        async with crew.system() as ctx:
            return await ctx.session.scalar(select(Case.tell_at).where(Case.id == other))

    before = await tell_at()
    await crew.does("dispatcher", other, "merge", {"case": main})
    meanwhile = await tell_at()
    await crew.does("dispatcher", other, "unmerge")

    assert (meanwhile, await tell_at()) == (None, before)


async def notices(crew):
    """Every notice as it stands, by whom it is for."""
    async with crew.system() as ctx:
        rows = await ctx.session.execute(
            select(
                Notice.account_id, Notice.about, Notice.text, Notice.link, Notice.read_at
            ).order_by(Notice.id)
        )
        return [tuple(row) for row in rows]


async def test_no_notice_is_changed_or_lost_by_merging_and_unmerging(crew):
    main, other = await at(crew), await at(crew, 10)
    await run_events(crew)
    before = await notices(crew)
    await crew.does("dispatcher", other, "merge", {"case": main})
    await run_events(crew)
    merged = await notices(crew)
    await crew.does("dispatcher", other, "unmerge")
    await run_events(crew)
    after = await notices(crew)

    assert before
    assert merged[: len(before)] == before
    assert after[: len(merged)] == merged
    assert {about.partition(":")[0] for _, about, *_ in after[len(before) :]} == {"case.unmerged"}


async def test_who_reported_what_was_merged_is_told_when_it_is_closed(crew):
    main = await at(crew)
    crew.later(seconds=1)
    async with crew.acting("station_clerk") as ctx:
        found = await report_case(ctx, category="P0103", lon=HERE[0], lat=HERE[1] + 10 * METRE)
        reporter = ctx.actor.account_id
    await crew.does("dispatcher", found.case_id, "merge", {"case": main})
    for role, code in (
        ("dispatcher", "file"),
        ("dispatcher", "dispatch"),
        ("handler", "finish"),
        ("dispatcher", "close"),
    ):
        await crew.does(role, main, code)
    before = {about for account, about, *_ in await notices(crew) if account == reporter}
    await run_events(crew, "case.closed")
    told = [row for row in await notices(crew) if row[0] == reporter and row[1] not in before]

    assert len(told) == 1
    assert "结案" in told[0][2]


async def test_every_reporter_keeps_their_own_rating(crew):
    main, other = await at(crew), await at(crew, 10)
    await crew.does("dispatcher", other, "merge", {"case": main})
    with pytest.raises(Conflict, match="结案以后"):
        await crew.does("worker", other, "rate")
    for role, code in (
        ("dispatcher", "file"),
        ("dispatcher", "dispatch"),
        ("handler", "finish"),
        ("dispatcher", "close"),
    ):
        await crew.does(role, main, code)
    await crew.does("worker", other, "rate", {"result": 2})
    await crew.does("worker", main, "rate", {"result": 4})

    async with crew.acting("dispatcher") as ctx:
        rows = await ctx.session.execute(select(CaseReporter.case_id, CaseReporter.stars))
        ratings = {row[0]: row[1]["result"] for row in rows}
        page = await record(ctx, main)
        child = await record(ctx, other)

    assert ratings == {main: 4, other: 2}
    assert [one.case_id for one in page.reporters] == [main, other]
    assert [one[0] for one in page.merged] == [other]
    assert child.main == (main, page.head.code)


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("itself", "不能并入自己。"),
        ("unseen", "没有这件事，请重新选择。"),
        ("ended", "那件事已经办结或并入别处，请选一件正在办理的。"),
    ],
)
async def test_into_what_a_case_cannot_be_merged(crew, target, sentence):
    case_id, ended = await at(crew), await at(crew, 10)
    await crew.does("dispatcher", ended, "reject")
    into = {"itself": case_id, "unseen": crew.county.at("grid").id, "ended": ended}[target]

    with pytest.raises(Invalid) as refused:
        await crew.does("dispatcher", case_id, "merge", {"case": into})

    assert refused.value.fields == {"case": sentence}


async def test_what_others_rest_in_is_taken_apart_first(crew):
    main, other, third = await at(crew), await at(crew, 10), await at(crew, 20)
    await crew.does("dispatcher", other, "merge", {"case": main})

    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(Conflict, match="请先拆开"):
            await perform(ctx, main, "merge", {"case": str(third)})
