"""Split, merge, rename, move: what becomes of the tree, its history, and what stands on it."""

from datetime import date, timedelta

import pytest
import shapely
from sqlalchemy import select, update

from gridgov.audit.models import AuditEntry
from gridgov.grid.actions.redividing import apply_planned, redivide, withdraw_change
from gridgov.grid.models import GridNode, GridVersion
from gridgov.grid.queries.history import (
    change_of,
    changes_of,
    concerned,
    kinship,
    planned_changes,
)
from gridgov.grid.queries.nodes import (
    children_of,
    ever_under,
    node_by_code,
    node_of,
    node_seen,
    search,
)
from gridgov.grid.queries.places import leaf_at, neighbour_paths
from gridgov.grid.queries.shapes import boundary_of
from gridgov.grid.rules.places import read
from gridgov.grid.types import (
    REDIVIDED,
    ChangeKind,
    ChangeState,
    GridRight,
    Merge,
    Move,
    Part,
    Rename,
    Split,
)
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import OutboxEvent

TODAY = date(2026, 11, 23)
ON = {"effective_on": TODAY, "document": "测试〔2026〕1号"}
FIRST = Part(name="甲格", households=12, population=35)
HALVES = (FIRST, Part(name="乙格", households=8, population=25))


def across(node):
    """A line from west to east through the middle of a leaf."""
    return ((node.lon - 0.001, node.lat), (node.lon + 0.001, node.lat))


def north_of(node):
    return (node.lon, node.lat + 0.002)


def south_of(node):
    return (node.lon, node.lat - 0.002)


async def test_a_leaf_splits_along_a_line_and_the_new_half_gets_the_next_free_code(
    county, open_context
):
    leaf = county.at("grid")

    async with open_context() as ctx:
        outcome = await redivide(ctx, Split(node_id=leaf.id, parts=HALVES, line=across(leaf)), **ON)
        north, south = [await node_seen(ctx, node_id) for node_id in outcome.nodes]
        old = await node_seen(ctx, leaf.id)

        assert (north.name, north.code, north.path) == ("甲格", leaf.code, leaf.path)
        assert (south.name, south.code) == ("乙格", f"{leaf.code[:-3]}003")
        assert south.path == f"{leaf.path.removesuffix('001.')}003."
        assert (south.households, south.population) == (8, 25)
        assert old.valid_to == north.valid_from == south.valid_from == TODAY
        assert (await leaf_at(ctx, *north_of(leaf))).id == north.id
        assert (await leaf_at(ctx, *south_of(leaf))).id == south.id


async def test_the_half_that_keeps_the_code_is_chosen(county, open_context):
    leaf = county.at("grid")

    async with open_context() as ctx:
        outcome = await redivide(
            ctx, Split(node_id=leaf.id, parts=HALVES, line=across(leaf), keeps=1), **ON
        )
        keeper, other = [await node_seen(ctx, node_id) for node_id in outcome.nodes]

        assert (keeper.name, keeper.code) == ("乙格", leaf.code)
        assert other.name == "甲格"
        assert (await leaf_at(ctx, *south_of(leaf))).id == keeper.id


async def test_a_cut_leaves_no_gap_to_the_neighbours(county, open_context):
    leaf = county.at("grid")

    async with open_context() as ctx:
        slanting = ((leaf.lon - 0.001, leaf.lat - 0.0003), (leaf.lon + 0.001, leaf.lat + 0.0004))
        await redivide(ctx, Split(node_id=leaf.id, parts=HALVES, line=slanting), **ON)
        shapes = await leaf_shapes(ctx)

    assert shapely.coverage_is_valid(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(8 * 0.01**2)


async def test_a_village_splits_by_its_grids_which_get_codes_of_their_new_village(
    county, open_context
):
    village = county.at("village")
    stays, goes = [node for node in county.nodes.values() if node.path.startswith(village.path)][1:]
    parts = (Part(name="东村", children=(stays.id,)), Part(name="西村", children=(goes.id,)))

    async with open_context() as ctx:
        outcome = await redivide(ctx, Split(node_id=village.id, parts=parts), **ON)
        east, west = [await node_seen(ctx, node_id) for node_id in outcome.nodes]
        moved = await node_seen(ctx, goes.id)

        assert (east.code, west.code) == (village.code, f"{village.code[:-3]}203")
        assert [node.id for node in await children_of(ctx, east.id)] == [stays.id]
        assert (moved.parent_id, moved.code) == (west.id, f"{west.code}002")
        assert moved.path == f"{west.path}002."
        assert (west.households, west.population) == (20, 60)
        assert read(await boundary_of(ctx, west.id)).equals(read(await boundary_of(ctx, goes.id)))


async def test_neighbours_merge_under_the_first_ones_code_and_their_people_are_added(
    county, open_context
):
    first, second = county.at("grid", 0), county.at("grid", 1)

    async with open_context() as ctx:
        outcome = await redivide(ctx, Merge(node_ids=(first.id, second.id), name="大格"), **ON)
        (merged,) = [await node_seen(ctx, node_id) for node_id in outcome.nodes]
        kin = await kinship(ctx, merged.id)

        assert (merged.code, merged.path, merged.households) == (first.code, first.path, 40)
        assert {node.id for node in kin.before} == {first.id, second.id}
        assert (await leaf_at(ctx, second.lon, second.lat)).id == merged.id
        assert await node_by_code(ctx, second.code) is None


async def test_merging_villages_brings_their_grids_together_without_a_code_twice(
    county, open_context
):
    first, second = county.at("village", 0), county.at("village", 1)

    async with open_context() as ctx:
        outcome = await redivide(ctx, Merge(node_ids=(first.id, second.id), name="合村"), **ON)
        below = await children_of(ctx, outcome.nodes[0])

        assert [node.code for node in below] == [f"{first.code}{n:03}" for n in range(1, 5)]
        assert [node.path for node in below] == [f"{first.path}{n:03}." for n in range(1, 5)]


async def test_a_renamed_node_is_found_by_both_names(county, open_context):
    village = county.at("village")

    async with open_context() as ctx:
        old = (await node_seen(ctx, village.id)).name
        await redivide(ctx, Rename(node_id=village.id, name="瓷里村"), **ON)

        assert (await node_seen(ctx, village.id)).name == "瓷里村"
        for words in ("瓷里", "clc", old):
            assert village.id in [node.id for node in await search(ctx, words)]
        (change,) = await changes_of(ctx, village.id)
        assert (change.kind, change.before, change.after) == (
            ChangeKind.RENAME,
            [[old, village.code]],
            [["瓷里村", village.code]],
        )


async def test_a_moved_village_takes_its_grids_along_and_gets_a_code_of_the_new_town(
    county, open_context
):
    village, town = county.at("village", 0), county.at("town", 1)
    leaf = county.at("grid", 0)

    async with open_context() as ctx:
        await redivide(ctx, Move(node_id=village.id, parent_id=town.id), **ON)
        moved, below = await node_seen(ctx, village.id), await node_seen(ctx, leaf.id)

        assert (moved.parent_id, moved.code) == (town.id, f"{town.code}203")
        assert below.code == f"{town.code}203001"
        assert below.path == f"{town.path}203.001."
        assert (await leaf_at(ctx, leaf.lon, leaf.lat)).id == leaf.id
        assert leaf.id in [node.id for node in await search(ctx, leaf.code)]


async def test_a_move_redraws_those_who_gave_and_those_who_took(county, open_context):
    village, giver, taker = county.at("village"), county.at("town", 0), county.at("town", 1)

    async with open_context() as ctx:
        await redivide(ctx, Move(node_id=village.id, parent_id=taker.id), **ON)
        gave, took = await node_seen(ctx, giver.id), await node_seen(ctx, taker.id)

        assert (gave.households, took.households) == (40, 120)
        area = read(await boundary_of(ctx, village.id)).area
        assert read(await boundary_of(ctx, giver.id)).area == pytest.approx(area)
        assert read(await boundary_of(ctx, taker.id)).area == pytest.approx(3 * area)


async def test_what_was_opened_in_a_place_is_found_under_its_boundaries_of_then(
    county, open_context
):
    village, giver, taker = county.at("village"), county.at("town", 0), county.at("town", 1)
    leaf = county.at("grid")

    async with open_context() as ctx:
        await redivide(ctx, Move(node_id=village.id, parent_id=taker.id), **ON)
        then = set(await ctx.session.scalars(ever_under(giver.path)))
        now = (await node_seen(ctx, leaf.id)).path

        assert leaf.id in then
        assert now.startswith(taker.path)


async def test_a_day_ahead_is_planned_and_carried_out_when_it_comes(county, open_context):
    leaf, in_a_week = county.at("grid"), TODAY + timedelta(days=7)

    async with open_context() as ctx:
        ahead = {"effective_on": in_a_week, "document": "测试"}
        outcome = await redivide(
            ctx, Split(node_id=leaf.id, parts=HALVES, line=across(leaf)), **ahead
        )
        await apply_planned(ctx)

        assert (outcome.state, outcome.nodes) == (ChangeState.PLANNED, ())
        assert (await leaf_at(ctx, *north_of(leaf))).id == leaf.id
    async with open_context(now=ctx.now + timedelta(days=7)) as later:
        await apply_planned(later)
        await apply_planned(later)

        assert (await leaf_at(later, *north_of(leaf))).name == "甲格"
        assert (await node_seen(later, leaf.id)).valid_to == in_a_week
        assert await planned_changes(later) == []


async def test_a_plan_that_the_tree_no_longer_allows_is_refused_with_its_reason(
    county, open_context
):
    leaf, tomorrow = county.at("grid"), TODAY + timedelta(days=1)

    async with open_context() as ctx:
        ahead = {"effective_on": tomorrow, "document": "测试"}
        planned = await redivide(ctx, Rename(node_id=leaf.id, name="新名"), **ahead)
        await redivide(ctx, Split(node_id=leaf.id, parts=HALVES, line=across(leaf)), **ON)
    async with open_context(now=ctx.now + timedelta(days=1)) as later:
        await apply_planned(later)
        change = await change_of(later, planned.change_id)

        assert change.state is ChangeState.REFUSED
        assert "撤销" in change.reason


async def test_a_plan_can_be_withdrawn_until_it_is_carried_out(county, open_context):
    leaf, tomorrow = county.at("grid"), TODAY + timedelta(days=1)

    async with open_context() as ctx:
        planned = await redivide(
            ctx, Rename(node_id=leaf.id, name="新名"), effective_on=tomorrow, document="测试"
        )
        await withdraw_change(ctx, planned.change_id)

        assert await planned_changes(ctx) == []
        with pytest.raises(Conflict):
            await withdraw_change(ctx, planned.change_id)


async def test_a_redivision_is_audited_told_and_makes_scopes_be_asked_again(county, open_context):
    leaf = county.at("grid")

    async with open_context() as ctx:
        outcome = await redivide(ctx, Split(node_id=leaf.id, parts=HALVES, line=across(leaf)), **ON)
    async with open_context() as ctx:
        verbs = list(
            await ctx.session.scalars(
                select(AuditEntry.verb).where(AuditEntry.subject_id == outcome.change_id)
            )
        )
        told = list(
            await ctx.session.scalars(
                select(OutboxEvent.kind).where(OutboxEvent.subject == outcome.change_id)
            )
        )

    assert verbs == ["grid.split"]
    assert told == [REDIVIDED]


async def test_followers_hear_of_it_in_the_same_transaction(county, open_context):
    leaf, heard = county.at("grid"), []

    async def follow(_, change):
        heard.append(change)

    async with open_context(followers={REDIVIDED: [follow]}) as ctx:
        outcome = await redivide(ctx, Split(node_id=leaf.id, parts=HALVES, line=across(leaf)), **ON)

    (change,) = heard
    north, south = change.after
    assert (change.kind, change.before[0].path) == (ChangeKind.SPLIT, leaf.path)
    assert (north.id, south.id) == outcome.nodes
    assert change.place_of(*north_of(leaf)).id == north.id
    assert change.place_of(*south_of(leaf)).id == south.id
    assert change.place_of(None, None).id == north.id


async def test_a_follower_that_refuses_undoes_everything(county, open_context):
    leaf = county.at("grid")

    async def refuse(*_):
        raise Conflict("不行")

    async with open_context(followers={REDIVIDED: [refuse]}, keep=False) as ctx:
        with pytest.raises(Conflict):
            await redivide(ctx, Split(node_id=leaf.id, parts=HALVES, line=across(leaf)), **ON)
    async with open_context() as ctx:
        assert (await node_of(ctx, leaf.id)).valid_to is None
        assert (await leaf_at(ctx, *north_of(leaf))).id == leaf.id


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"parts": (FIRST, Part(name="甲格", households=8, population=25))}, "second_name"),
        ({"parts": (FIRST, Part(name="", households=8, population=25))}, "second_name"),
        ({"parts": (FIRST, Part(name="长" * 41, households=8, population=25))}, "second_name"),
        (
            {"parts": (FIRST, Part(name="乙格", households=9, population=25))},
            "second_households",
        ),
        (
            {"parts": (FIRST, Part(name="乙格", households=8, population=24))},
            "second_population",
        ),
        (
            {
                "parts": (
                    Part(name="甲格", households=-1, population=35),
                    Part(name="乙格", households=21, population=25),
                )
            },
            "first_households",
        ),
        ({"line": None}, "line"),
        ({"line": ((113.005, 27.005), (113.005, 27.005))}, "line"),
        ({"line": ((112.9, 27.5), (113.2, 27.5))}, "line"),
        ({"line": ((112.99, 27.00001), (113.02, 27.00001))}, "line"),
        ({"effective_on": date(2025, 12, 31)}, "effective_on"),
    ],
)
async def test_a_split_that_does_not_add_up_is_refused_beside_its_field(
    county, open_context, change, field
):
    leaf = county.at("grid")
    given = {"parts": HALVES, "line": across(leaf)} | change
    on = ON | {"effective_on": given.pop("effective_on", TODAY)}

    async with open_context(keep=False) as ctx:
        with pytest.raises(Invalid) as refused:
            await redivide(ctx, Split(node_id=leaf.id, **given), **on)

    assert list(refused.value.fields) == [field]


async def test_a_village_splits_only_if_every_grid_is_given_to_one_side(county, open_context):
    village = county.at("village")
    one, two = [node for node in county.nodes.values() if node.path.startswith(village.path)][1:]

    async with open_context(keep=False) as ctx:
        for first, second in (
            ((one.id,), ()),
            ((one.id, two.id), ()),
            ((one.id, two.id), (two.id,)),
        ):
            parts = (Part(name="东村", children=first), Part(name="西村", children=second))
            with pytest.raises(Invalid) as refused:
                await redivide(ctx, Split(node_id=village.id, parts=parts), **ON)
            assert list(refused.value.fields) == ["children"]


@pytest.mark.parametrize(
    "pair",
    [("grid", 0, 0), ("grid", 0, 3), ("village", 0, 2)],
    ids=["itself", "apart", "elsewhere"],
)
async def test_only_neighbours_under_one_parent_can_merge(county, open_context, pair):
    level, one, other = pair

    async with open_context(keep=False) as ctx:
        nodes = [county.at(level, one).id, county.at(level, other).id]
        with pytest.raises(Invalid) as refused:
            await redivide(ctx, Merge(node_ids=tuple(nodes), name="大格"), **ON)

    assert list(refused.value.fields) == ["others"]


async def test_nodes_of_one_parent_that_do_not_touch_cannot_merge(county, open_context):
    leaf, beside = county.at("grid", 0), county.at("grid", 1)

    async with open_context(keep=False) as ctx:
        steep = ((beside.lon, beside.lat - 0.001), (beside.lon, beside.lat + 0.001))
        split = await redivide(
            ctx, Split(node_id=beside.id, parts=HALVES, line=steep, keeps=1), **ON
        )
        with pytest.raises(Invalid) as refused:
            await redivide(ctx, Merge(node_ids=(leaf.id, split.nodes[0]), name="大格"), **ON)

    assert list(refused.value.fields) == ["others"]


async def test_a_node_moves_only_under_a_level_that_may_hold_it(county, open_context):
    village, town = county.at("village"), county.at("town")

    async with open_context(keep=False) as ctx:
        for parent in (town, county.at("district"), county.at("grid", 7), village):
            with pytest.raises(Invalid) as refused:
                await redivide(ctx, Move(node_id=village.id, parent_id=parent.id), **ON)
            assert list(refused.value.fields) == ["parent"]


async def test_the_root_can_only_be_renamed(county, open_context):
    root, town = county.at("county"), county.at("town")

    async with open_context(keep=False) as ctx:
        with pytest.raises(Conflict):
            await redivide(ctx, Split(node_id=root.id, parts=HALVES), **ON)
        with pytest.raises(Conflict):
            await redivide(ctx, Move(node_id=root.id, parent_id=town.id), **ON)
        await redivide(ctx, Rename(node_id=root.id, name="新县"), **ON)


async def test_a_name_is_unlike_its_neighbours_and_unlike_itself(county, open_context):
    leaf, beside = county.at("grid", 0), county.at("grid", 1)

    async with open_context(keep=False) as ctx:
        for name in [(await node_seen(ctx, node.id)).name for node in (leaf, beside)]:
            with pytest.raises(Invalid) as refused:
                await redivide(ctx, Rename(node_id=leaf.id, name=name), **ON)
            assert list(refused.value.fields) == ["name"]


async def test_an_ended_node_cannot_be_changed_again(county, open_context):
    leaf = county.at("grid")

    async with open_context(keep=False) as ctx:
        await redivide(ctx, Split(node_id=leaf.id, parts=HALVES, line=across(leaf)), **ON)
        with pytest.raises(Conflict):
            await redivide(ctx, Rename(node_id=leaf.id, name="新名"), **ON)


async def test_nobody_redivides_beyond_their_right(county, open_context):
    town, other = county.at("town", 0), county.at("town", 1)
    village = county.at("village")

    async with open_context(at=town.path, keep=False) as ctx:
        with pytest.raises(NotFound):
            await redivide(ctx, Move(node_id=village.id, parent_id=other.id), **ON)
    async with open_context(rights=[GridRight.READ], keep=False) as ctx:
        with pytest.raises(NotFound):
            await redivide(ctx, Rename(node_id=village.id, name="新名"), **ON)


async def leaf_shapes(ctx):
    found = await ctx.session.scalars(
        select(GridNode.boundary).where(GridNode.level == "grid", GridNode.valid_to.is_(None))
    )
    return [read(boundary) for boundary in found]


async def test_a_county_that_has_drawn_no_boundaries_is_redivided_all_the_same(
    county, open_context
):
    leaf, village, town = county.at("grid"), county.at("village"), county.at("town", 1)

    async with open_context() as ctx:
        await ctx.session.execute(update(GridNode).values(boundary=None))
        await ctx.session.execute(update(GridVersion).values(version=GridVersion.version + 1))
        split = await redivide(ctx, Split(node_id=leaf.id, parts=HALVES), **ON)
        await redivide(ctx, Move(node_id=village.id, parent_id=town.id), **ON)
        halves = [await node_seen(ctx, node_id) for node_id in split.nodes]

        assert {half.name for half in halves} == {"甲格", "乙格"}
        assert all(half.path.startswith(town.path) for half in halves)
        assert await neighbour_paths(ctx, halves[0], None) == []
        assert await leaf_at(ctx, leaf.lon, leaf.lat) is None


async def test_nothing_is_merged_with_the_root(county, open_context):
    root = county.at("county")

    async with open_context(keep=False) as ctx:
        with pytest.raises(Invalid):
            await redivide(
                ctx, Merge(node_ids=(root.id, county.at("district").id), name="大县"), **ON
            )


async def test_plans_of_every_kind_are_carried_out_when_their_day_comes(county, open_context):
    tomorrow = {"effective_on": TODAY + timedelta(days=1), "document": "测试"}
    one, two = county.at("grid", 0), county.at("grid", 1)
    village, town = county.at("village", 1), county.at("town", 1)

    async with open_context() as ctx:
        await redivide(ctx, Merge(node_ids=(one.id, two.id), name="大格"), **tomorrow)
        moved = await redivide(ctx, Move(node_id=village.id, parent_id=town.id), **tomorrow)
        named = {concerned(change.command) for change in await planned_changes(ctx)}
    async with open_context(now=ctx.now + timedelta(days=1)) as later:
        await apply_planned(later)
        village_now = await node_seen(later, village.id)
        change = await change_of(later, moved.change_id)

    assert named == {(one.id, two.id), (village.id, town.id)}
    assert village_now.parent_id == town.id
    assert change.state is ChangeState.APPLIED


async def test_a_change_that_is_not_there_cannot_be_withdrawn(open_context):
    async with open_context() as ctx:
        with pytest.raises(NotFound):
            await withdraw_change(ctx, new_id())
