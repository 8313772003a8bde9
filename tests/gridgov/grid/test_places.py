"""Which leaf holds a point: right for every point, and quick at the size of a real county."""

import json
import random
import time

import pytest
import shapely

from gridgov.grid.queries.nodes import node_by_code
from gridgov.grid.queries.places import leaf_at, neighbour_paths
from gridgov.grid.queries.shapes import boundary_of
from gridgov.grid.rules.places import PlaceIndex, write
from gridgov.kernel.ids import new_id


def tessellation(cells: int) -> PlaceIndex:
    rng = random.Random(7)
    seeds = shapely.MultiPoint([(rng.random(), rng.random()) for _ in range(cells)])
    square = shapely.box(0, 0, 1, 1)
    pieces = shapely.voronoi_polygons(seeds, extend_to=square, ordered=True).geoms
    shapes = [shapely.intersection(piece, square) for piece in pieces]
    return PlaceIndex.of(
        (new_id(), f"{number:03}.", json.loads(json.dumps(write(shape))))
        for number, shape in enumerate(shapes)
    )


def test_a_point_is_found_among_820_leaves_in_under_a_millisecond():
    index = tessellation(820)
    rng = random.Random(8)
    points = [(rng.random(), rng.random()) for _ in range(2000)]

    began = time.perf_counter()
    found = [index.at(point) for point in points]
    each = (time.perf_counter() - began) / len(points)

    assert None not in found
    assert each < 0.001


def test_a_point_lies_in_the_leaf_that_a_look_at_every_leaf_finds():
    index = tessellation(200)
    rng = random.Random(9)

    for _ in range(300):
        point = (rng.uniform(-0.1, 1.1), rng.uniform(-0.1, 1.1))
        holding = [
            leaf
            for leaf, shape in zip(index.leaves, index.shapes, strict=True)
            if shape.intersects(shapely.Point(point))
        ]
        assert index.at(point) == (holding[0] if holding else None)


def test_a_point_on_a_border_always_belongs_to_the_first_of_the_two():
    left = write(shapely.box(0, 0, 1, 1))
    right = write(shapely.box(1, 0, 2, 1))

    index = PlaceIndex.of([(new_id(), "2.", right), (new_id(), "1.", left)])

    assert index.at((1.0, 0.5)).path == "1."


async def test_every_leaf_is_found_at_its_own_point(county, open_context):
    async with open_context() as ctx:
        found = {
            node.code: (await leaf_at(ctx, node.lon, node.lat)).code
            for node in county.nodes.values()
            if node.level == "grid"
        }

    assert found
    assert all(code == there for code, there in found.items())


@pytest.mark.parametrize("point", [(0.0, 0.0), (112.9999, 27.005), (113.05, 27.005)])
async def test_outside_the_county_there_is_no_leaf(open_context, point):
    async with open_context() as ctx:
        assert await leaf_at(ctx, *point) is None


async def test_neighbours_are_those_of_the_same_depth_that_touch(county, open_context):
    async with open_context() as ctx:
        node = await node_by_code(ctx, county.at("village").code)
        boundary = await boundary_of(ctx, node.id)

        paths = await neighbour_paths(ctx, node, boundary)

    villages = {n.path for n in county.nodes.values() if n.level == "village"}
    assert set(paths) == villages - {node.path}
