"""Campaigns: targets of the tree and the register, how it went there, and what comes of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from factories.assessed import measured
from gridgov.cases.actions.reporting import report_case
from gridgov.cases.types import About
from gridgov.fieldwork.actions.campaigning import (
    Planned,
    close_campaign,
    look_at_target,
    make_campaign,
)
from gridgov.fieldwork.jobs import forget
from gridgov.fieldwork.models import Campaign
from gridgov.fieldwork.queries.campaigns import (
    campaign_seen,
    campaigns,
    cases_of_campaign,
    cases_of_targets,
    choices_below,
    failed_checks,
    progress,
    progress_by_path,
    target_seen,
    targets,
)
from gridgov.fieldwork.rules import campaign_of
from gridgov.fieldwork.types import TARGET, Progress, TargetState
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import children_of, node_of
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.registry.actions import Count, add_building


@pytest.fixture
async def shops(crew):
    """A shop in the first grid and one in another village."""
    made = []
    for number in (0, 3):
        async with crew.acting("station_clerk", at="") as ctx:
            grid = crew.county.at("grid", number)
            made.append(
                await add_building(ctx, grid.id, name=f"小店{number}", count=Count(use="shop"))
            )
    return made


def planned(crew, **what):
    day = crew.now.date()
    given = {
        "kind": "shops",
        "name": "冬季消防排查",
        "document": "安委办〔2026〕3号",
        "node_id": crew.county.at("county").id,
        "first_on": day,
        "last_on": day + timedelta(days=30),
        "checks": "通道畅通\n灭火器在位",
    }
    return Planned(**given | what)


async def made(crew, **what):
    async with crew.acting("dispatcher") as ctx:
        return await make_campaign(ctx, planned(crew, **what))


async def test_targets_are_the_buildings_and_units_that_are_there(crew, shops):
    campaign = await made(crew)
    everywhere = await made(crew, kind="communities")
    async with crew.acting("dispatcher") as ctx:
        found = [one.building_id for one in await targets(ctx, campaign)]
        units = await targets(ctx, everywhere)

    assert set(found) == set(shops)
    assert {one.node_id for one in units} <= {n.id for n in crew.county.nodes.values()}
    assert units and all(one.building_id is None for one in units)


async def test_it_goes_only_to_the_places_that_were_chosen(crew, shops):
    """集中排查的对象从网格和房屋登记里选: a unit is ticked, and its buildings are the targets."""
    first, far = crew.county.at("grid"), crew.county.at("grid", 3)
    async with crew.acting("dispatcher") as ctx:
        kind = campaign_of(ctx.policy.county.campaigns, "shops")
        county = await node_of(ctx, crew.county.at("county").id)
        total, choices = await choices_below(ctx, kind, county)
        children = await children_of(ctx, county.id)
    above = next(one for one in children if first.path.startswith(one.path))
    assert total == sum(one.count for one in choices) == 2

    campaign = await made(crew, node_id=above.id, places=None)
    narrow = crew.county.at("village")
    chosen = await made(crew, node_id=narrow.id, places=[first.id])

    async with crew.acting("dispatcher") as ctx:
        assert {one.name for one in await targets(ctx, campaign)} >= {"小店0"}
        assert [one.name for one in await targets(ctx, chosen)] == ["小店0"]
    async with crew.acting("station_clerk", at="") as ctx:
        await add_building(ctx, first.id, name="另一家", count=Count(use="shop"))
    one = await made(crew, node_id=first.id, places=[shops[0]])
    async with crew.acting("dispatcher") as ctx:
        assert [one.name for one in await targets(ctx, one)] == ["小店0"]
    with pytest.raises(Invalid):
        await made(crew, node_id=first.id, places=[shops[1]])
    for places in ([], [far.id]):
        with pytest.raises(Invalid) as refused:
            await made(crew, node_id=narrow.id, places=places)
        assert "places" in refused.value.fields


async def test_a_worker_sees_the_targets_of_the_own_grid_and_a_campaign_from_above(crew, shops):
    campaign = await made(crew)
    async with crew.acting("worker") as ctx:
        assert [one.id for one in await campaigns(ctx, running=True)] == [campaign]
        (target,) = await targets(ctx, campaign)
    async with crew.acting("worker", at=crew.county.at("grid", 3).path) as ctx:
        with pytest.raises(NotFound):
            await target_seen(ctx, target.id)
        with pytest.raises(NotFound):
            await look_at_target(ctx, target.id, TargetState.FINE)
    assert target.building_id == shops[0]


async def test_how_far_it_is_counts_what_was_looked_at(crew, shops):
    campaign = await made(crew)
    async with crew.acting("worker") as ctx:
        (target,) = await targets(ctx, campaign)
        await look_at_target(ctx, target.id, TargetState.AWAY)
        await look_at_target(ctx, target.id, TargetState.HAZARD, failed=[1, 7], note="过期了")
    async with crew.acting("dispatcher") as ctx:
        whole = (await progress(ctx, [campaign]))[campaign]
        places = await progress_by_path(ctx, campaign)
        wanting = await failed_checks(ctx, campaign)

    assert whole == Progress(todo=1, hazard=1)
    assert (whole.done, whole.total) == (1, 2)
    assert await measured(crew, "targets_done") == 1
    assert places[crew.county.at("grid").path] == Progress(hazard=1)
    assert wanting == {1: 1}


USES = {"shops": "shop", "firms": "ceramics", "homes": "house"}


async def shades(crew, browsing, at, campaign):
    async with browsing("dispatcher") as dispatcher:
        shapes = (await dispatcher.get(at(f"campaigns/{campaign}/shapes"))).json()
        page = (await dispatcher.get(at(f"campaigns/{campaign}"))).text
    said = [one["properties"] for one in shapes["features"]]
    assert "campaigns/" in page and len(said) == len({one["url"] for one in said}) > 1
    return {one["url"].rsplit("=", 1)[1]: (one["grade"], one["words"]) for one in said}


@pytest.mark.parametrize("kind", USES)
async def test_the_map_is_the_darker_the_more_of_the_register_was_looked_at(
    crew, browsing, at, kind
):
    """Three of four in one town, none of the one in another: dark, and not at all."""
    async with crew.acting("station_clerk", at="") as ctx:
        for place, number in ((0, 1), (0, 2), (1, 3), (2, 4), (7, 5)):
            grid = crew.county.at("grid", place).id
            await add_building(ctx, grid, name=f"房{number}", count=Count(use=USES[kind]))
    campaign = await made(crew, kind=kind)
    async with crew.acting("worker", at="") as ctx:
        found = {one.name: one for one in await targets(ctx, campaign)}
        await look_at_target(ctx, found["房1"].id, TargetState.FINE)
        await look_at_target(ctx, found["房2"].id, TargetState.HAZARD, failed=[0])
        await look_at_target(ctx, found["房3"].id, TargetState.FINE)
        await look_at_target(ctx, found["房4"].id, TargetState.AWAY)
    told = await shades(crew, browsing, at, campaign)
    near, far = (
        next(path for path in told if crew.county.at("grid", place).path.startswith(path))
        for place in (0, 7)
    )

    assert near != far
    assert told.pop(near) == (3, "查了 3 / 4")
    assert told.pop(far) == (0, "查了 0 / 1")
    assert set(told.values()) <= {(0, "这里没有要查的")}


@pytest.mark.parametrize("kind", ["communities", "villages"])
async def test_the_map_of_what_the_tree_has_is_whole_where_all_was_looked_at(
    crew, browsing, at, kind
):
    async with crew.system() as ctx:
        country = GridNode.path == crew.county.at("village", 1).path
        await ctx.session.execute(update(GridNode).where(country).values(area_type="rural"))
    campaign = await made(crew, kind=kind)
    async with crew.acting("worker", at="") as ctx:
        found = await targets(ctx, campaign)
        town = next(
            one for one in crew.county.nodes.values()
            if one.level == "town" and found[0].node_path.startswith(one.path)
        )  # fmt: skip
        mine = [one for one in found if one.node_path.startswith(town.path)]
        for one in mine:
            await look_at_target(ctx, one.id, TargetState.FINE)
    told = await shades(crew, browsing, at, campaign)

    assert told.pop(town.path) == (5, f"查了 {len(mine)} / {len(mine)}")
    assert all(grade == 0 for grade, _ in told.values())


async def test_a_hazard_becomes_a_case_and_the_campaign_knows_it(crew, shops):
    campaign = await made(crew)
    grid = crew.county.at("grid")
    async with crew.acting("worker") as ctx:
        (target,) = await targets(ctx, campaign)
        about = About(TARGET, target.id)
        with pytest.raises(NotFound):
            await report_case(ctx, category="fire_exit", node_id=grid.id, about=about)
        await ctx.session.rollback()
    async with crew.acting("worker") as ctx:
        await look_at_target(ctx, target.id, TargetState.HAZARD, failed=[0])
        reported = await report_case(ctx, category="fire_exit", node_id=grid.id, about=about)
        (case,) = (await cases_of_targets(ctx, [target.id]))[target.id]
        assert case.id == reported.case_id
        assert await cases_of_campaign(ctx, campaign) == (1, 0)


async def test_a_hazard_says_what_is_wrong(crew, shops):
    campaign = await made(crew)
    async with crew.acting("worker") as ctx:
        (target,) = await targets(ctx, campaign)
        with pytest.raises(Invalid):
            await look_at_target(ctx, target.id, TargetState.HAZARD)


async def test_what_is_ticked_is_a_hazard_whether_it_was_called_one_or_not(crew, shops):
    campaign = await made(crew)
    async with crew.acting("worker") as ctx:
        (target,) = await targets(ctx, campaign)
        kept = [
            await look_at_target(ctx, target.id, state, failed=[0])
            for state in (None, TargetState.FINE)
        ]
        for state, failed in ((None, []), (TargetState.AWAY, [0])):
            with pytest.raises(Invalid) as refused:
                await look_at_target(ctx, target.id, state, failed=failed)
            assert set(refused.value.fields) == {"state"}
        (after,) = await targets(ctx, campaign)
    assert kept == [TargetState.HAZARD, TargetState.HAZARD]
    assert (after.state, list(after.failed)) == (TargetState.HAZARD, [0])


async def test_after_its_report_nothing_is_added(crew, shops):
    campaign = await made(crew)
    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(Invalid):
            await close_campaign(ctx, campaign, summary=" ")
        await close_campaign(ctx, campaign, summary="共查两家")
        with pytest.raises(Conflict):
            await close_campaign(ctx, campaign, summary="再来一次")
    async with crew.acting("worker") as ctx:
        (target,) = await targets(ctx, campaign)
        with pytest.raises(Conflict):
            await look_at_target(ctx, target.id, TargetState.FINE)
        assert (await campaign_seen(ctx, campaign)).summary == "共查两家"


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"name": " "}, "name"),
        ({"checks": "\n"}, "checks"),
        ({"checks": "查" * 61}, "checks"),
        ({"last_on": date(2020, 1, 1)}, "last_on"),
        ({"kind": "firms"}, "kind"),
    ],
)
async def test_a_campaign_that_cannot_be_is_refused_beside_its_field(crew, shops, what, field):
    with pytest.raises(Invalid) as refused:
        await made(crew, **what)
    assert list(refused.value.fields) == [field]


async def test_a_town_makes_its_own_and_no_other_towns(crew, shops):
    towns = [crew.county.at("town"), crew.county.at("town", 1)]
    async with crew.acting("subcentre_clerk") as ctx:
        campaign = await make_campaign(ctx, planned(crew, node_id=towns[0].id))
        with pytest.raises(NotFound):
            await make_campaign(ctx, planned(crew, node_id=towns[1].id))
    async with crew.acting("worker") as ctx:
        with pytest.raises(NotFound):
            await make_campaign(ctx, planned(crew, node_id=crew.county.at("grid").id))
    async with crew.acting("subcentre_clerk", at=towns[1].path) as ctx:
        with pytest.raises(NotFound):
            await campaign_seen(ctx, campaign)
        assert await ctx.session.scalar(select(Campaign.id)) == campaign


async def test_one_that_has_not_begun_takes_no_findings(crew, shops):
    campaign = await made(
        crew,
        first_on=crew.now.date() + timedelta(days=3),
        last_on=crew.now.date() + timedelta(days=9),
    )
    async with crew.acting("worker") as ctx:
        assert await campaigns(ctx, running=True) == []
        (target,) = await targets(ctx, campaign)
        with pytest.raises(Conflict):
            await look_at_target(ctx, target.id, TargetState.FINE)


async def test_what_was_written_at_a_target_goes_after_its_time_and_what_was_found_stays(
    crew, shops
):
    campaign = await made(crew)
    async with crew.acting("worker") as ctx:
        (target,) = await targets(ctx, campaign)
        await look_at_target(ctx, target.id, TargetState.HAZARD, failed=[1], note="店主说明天换")
        days = ctx.setting("record_days")
    for later, note in ((30 + days, "店主说明天换"), (1, "")):
        crew.later(days=later)
        async with crew.system() as ctx:
            await forget(ctx)
        async with crew.acting("worker") as ctx:
            found = await target_seen(ctx, target.id)
        assert (found.note, found.state, found.failed) == (note, TargetState.HAZARD, [1])
