"""Buildings and their counts: what was never recorded is not 0, and nothing counted is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.assessed import measured
from gridgov.assessment.types import Period
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.registry.actions import (
    Count,
    add_building,
    confirm_building,
    count_building,
    follow_redivision,
    move_building,
    remove_building,
)
from gridgov.registry.models import Building
from gridgov.registry.queries import (
    building_seen,
    buildings_at,
    counts_of,
    sums,
)
from gridgov.registry.rules import together
from gridgov.registry.types import Sum

HOME = Count(use="home", storeys=6, dwellings=24, households=20, source="物业台账")


async def added(crew, count=HOME, name="3栋", **where):
    async with crew.acting("worker") as ctx:
        return await add_building(ctx, crew.county.at("grid").id, name=name, count=count, **where)


async def test_a_count_stays_in_the_history_when_it_changes(crew):
    building = await added(crew)
    crew.later(days=2)
    async with crew.acting("worker") as ctx:
        await count_building(ctx, building, Count(use="home", dwellings=25))
        found, counts = await building_seen(ctx, building), await counts_of(ctx, building)

    assert (found.dwellings, found.households, found.counted_at) == (25, None, crew.now)
    assert [(one.dwellings, one.households, one.changed) for one in counts] == [
        (25, None, True),
        (24, 20, True),
    ]
    assert counts[1].source == "物业台账"


async def test_nothing_changed_is_one_act_that_dates_the_numbers_anew(crew):
    building = await added(crew)
    crew.later(days=30)
    async with crew.acting("worker") as ctx:
        await confirm_building(ctx, building)
        found, counts = await building_seen(ctx, building), await counts_of(ctx, building)

    assert (found.dwellings, found.counted_at) == (24, crew.now)
    assert [one.changed for one in counts] == [False, True]


async def test_what_no_longer_stands_is_counted_no_more(crew):
    building = await added(crew)
    async with crew.acting("worker") as ctx:
        await remove_building(ctx, building)
        assert await buildings_at(ctx, crew.county.at("village").path) == []
        assert await sums(ctx, crew.county.at("village").path) == {}
        assert len(await counts_of(ctx, building)) == 1
        with pytest.raises(Conflict):
            await confirm_building(ctx, building)


async def test_sums_tell_the_unknown_from_nothing(crew):
    await added(crew)
    await added(crew, Count(use="house"), name="老屋")
    await added(crew, Count(use="shop"), name="小店")
    village = crew.county.at("village").path
    async with crew.acting("station_clerk") as ctx:
        below = together(await sums(ctx, village), village)

    assert (below.buildings, below.uncounted) == (3, 1)
    assert (below.dwellings, below.households) == (24, 20)
    assert together({}, village) == Sum()
    assert Sum().dwellings is None


@pytest.mark.parametrize(
    ("count", "field"),
    [
        (Count(use="castle"), "use"),
        (Count(use="shop", dwellings=3), "dwellings"),
        (Count(use="home", storeys=0), "storeys"),
        (Count(use="home", households=5001), "households"),
    ],
)
async def test_a_count_that_cannot_be_is_refused_beside_its_field(crew, count, field):
    with pytest.raises(Invalid) as refused:
        await added(crew, count)
    assert list(refused.value.fields) == [field]


async def test_a_building_stands_in_a_leaf_and_has_a_name(crew):
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(Invalid):
            await add_building(ctx, crew.county.at("village").id, name="1栋", count=HOME)
        with pytest.raises(Invalid):
            await add_building(ctx, crew.county.at("grid").id, name=" ", count=HOME)


async def test_another_grids_buildings_are_not_there(crew):
    building = await added(crew)
    elsewhere = crew.county.at("grid", 3).path
    async with crew.acting("worker", at=elsewhere) as ctx:
        for deed in (building_seen, confirm_building, remove_building):
            with pytest.raises(NotFound):
                await deed(ctx, building)
        with pytest.raises(NotFound):
            await add_building(ctx, crew.county.at("grid").id, name="1栋", count=HOME)


async def test_updates_are_counted_by_place_and_period(crew):
    building = await added(crew)
    crew.later(days=1)
    async with crew.acting("worker") as ctx:
        await confirm_building(ctx, building)
    grid, other = (crew.county.at("grid", number).path for number in (0, 3))
    today = Period("", "", crew.now.date(), crew.now.date() + timedelta(1))

    assert await measured(crew, "base_updates", grid) == 2
    assert await measured(crew, "base_updates", grid, period=today) == 1
    assert await measured(crew, "base_updates", other) == 0


async def test_buildings_of_a_merged_grid_go_to_its_successor(crew):
    building = await added(crew)
    heir = crew.county.at("grid", 1)

    class Merged:
        before = (crew.county.at("grid"), heir)
        after = (crew.county.at("grid", 2),)

        def place_of(self, *_):
            return self.after[0]

    async with crew.system() as ctx:
        await follow_redivision(ctx, Merged())
        row = (
            await ctx.session.execute(
                select(Building.node_id, Building.node_path).where(Building.id == building)
            )
        ).one()
    assert row == (Merged.after[0].id, Merged.after[0].path)


async def test_after_a_split_each_building_is_brought_to_the_part_where_it_lies(crew):
    building, village = await added(crew), crew.county.at("village").path
    other, far = crew.county.at("grid", 1), crew.county.at("grid", 7)
    async with crew.acting("worker", at=village) as ctx:
        for wrong in (crew.county.at("grid").id, crew.county.at("village").id):
            with pytest.raises(Invalid):
                await move_building(ctx, building, wrong)
        with pytest.raises(NotFound):
            await move_building(ctx, building, far.id)
        await move_building(ctx, building, other.id)
        found = await building_seen(ctx, building)
    async with crew.acting("worker") as ctx:
        with pytest.raises(NotFound):
            await move_building(ctx, building, crew.county.at("grid").id)

    assert (found.node_id, found.node_path) == (other.id, other.path)
