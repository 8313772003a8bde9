"""Which nodes an actor sees, what lies below them, and how they are found."""

import pytest

from gridgov.grid.queries.census import tallies
from gridgov.grid.queries.nodes import (
    children_of,
    line_of,
    names_at,
    node_by_code,
    node_seen,
    nodes_seen_by,
    present,
    rows,
    search,
    tops_seen,
)
from gridgov.kernel.errors import NotFound


async def test_an_actor_sees_their_own_subtree_only(county, open_context):
    town, other = county.at("town", 0), county.at("town", 1)

    async with open_context(at=town.path) as ctx:
        seen = await rows(ctx, present(nodes_seen_by(ctx.actor)))

        assert {node.path for node in seen} == {
            node.path for node in county.nodes.values() if node.path.startswith(town.path)
        }
        with pytest.raises(NotFound):
            await node_seen(ctx, other.id)


async def test_without_a_binding_nobody_sees_a_node(county, open_context):
    async with open_context(rights=()) as ctx:
        assert await rows(ctx, nodes_seen_by(ctx.actor)) == []
        assert await tops_seen(ctx) == []


async def test_the_view_of_the_tree_begins_at_the_highest_nodes_that_one_may_see(
    county, open_context
):
    village = county.at("village", 1)

    async with open_context() as ctx:
        assert [node.path for node in await tops_seen(ctx)] == [county.at("county").path]
    async with open_context(at=village.path) as ctx:
        assert [node.path for node in await tops_seen(ctx)] == [village.path]


async def test_children_come_with_the_sums_over_their_leaves(county, open_context):
    district = county.at("district")

    async with open_context() as ctx:
        towns = await children_of(ctx, district.id)
        counted = await tallies(ctx, towns)

    assert [town.code for town in towns] == [county.at("town", n).code for n in range(2)]
    for town in towns:
        tally = counted[town.id]
        assert (tally.children, tally.leaves) == (2, 4)
        assert (tally.households, tally.population) == (80, 240)


async def test_a_leaf_counts_itself(county, open_context):
    async with open_context() as ctx:
        leaf = await node_by_code(ctx, county.at("grid").code)
        tally = (await tallies(ctx, [leaf]))[leaf.id]

    assert (tally.children, tally.leaves, tally.households) == (0, 1, 20)


async def test_the_line_leads_from_the_root_to_the_node(county, open_context):
    leaf = county.at("grid", 3)

    async with open_context(at=leaf.path) as ctx:
        line = await line_of(ctx, leaf.path)
        names = await names_at(ctx, [leaf.path])

    assert [node.level for node in line] == ["county", "district", "town", "village", "grid"]
    assert names == {node.path: node.name for node in line}


async def test_a_node_is_found_by_the_beginning_of_its_code_its_name_or_its_initials(
    county, open_context
):
    town = county.at("town")
    name = next(row.name for row in county.package.nodes if row.code == town.code)

    async with open_context() as ctx:
        by_code = await search(ctx, town.code)
        by_name = await search(ctx, name)
        by_initials = await search(ctx, f"CS{town.code}")

    assert by_code[0].id == by_name[0].id == by_initials[0].id == town.id
    assert {node.code for node in by_code} == {
        code for code in county.nodes if code.startswith(town.code)
    }


async def test_search_finds_nothing_outside_the_own_subtree(county, open_context):
    village, other = county.at("village", 0), county.at("village", 2)

    async with open_context(at=village.path) as ctx:
        assert await search(ctx, other.code) == []
        assert await search(ctx, "  ") == []
        assert await search(ctx, "100%_") == []
