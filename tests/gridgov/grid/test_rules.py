"""Codes, boundaries and counts: pure, so each test is a small table."""

import json
from datetime import date

import pytest
import shapely

from gridgov.grid.rules.census import Census
from gridgov.grid.rules.codes import (
    at_depth,
    depth_of,
    free_code,
    parent_path,
    prefixes,
    segment_of,
    stem_of,
)
from gridgov.grid.rules.places import finder, read, write
from gridgov.grid.rules.redividing import Drawn, Ground, plan_merge
from gridgov.grid.rules.shapes import (
    area_km2,
    cut,
    hang_together,
    inside,
    join,
    thin,
    with_corners,
)
from gridgov.grid.types import Merge, NodeRow, Successor, Tally
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.ids import new_id

SQUARE = json.loads(json.dumps(write(shapely.box(0, 0, 4, 4))))
BESIDE = json.loads(json.dumps(write(shapely.box(4, 0, 8, 4))))
APART = json.loads(json.dumps(write(shapely.box(20, 0, 24, 4))))


def test_a_path_is_taken_apart():
    path = "430281.1.002."

    assert prefixes(path) == ("430281.", "430281.1.", path)
    assert (parent_path(path), parent_path("430281.")) == ("430281.1.", "")
    assert (at_depth(path, 2), depth_of(path)) == ("430281.1.", 3)


def test_short_codes_of_our_own_are_nothing_to_build_upon():
    assert stem_of(["430281", "430281-1"]) == "430281"
    assert stem_of(["430281", "430281-1", "430281002"]) == "430281002"
    assert stem_of([]) == ""
    assert segment_of("430281-1", "430281") == "1"
    assert segment_of("430281002001", "430281002") == "001"


@pytest.mark.parametrize(
    ("given", "taken", "code"),
    [
        (("A", "A001", "A"), {"A001", "A002"}, "A003"),
        (("B", "A007", "A"), set(), "B007"),
        (("B", "A007", "A"), {"B007"}, "B008"),
        (("A", "A999", "A"), {"A999", "A001"}, "A002"),
        (("A", "A-1", "A"), {"A-1", "A-2"}, "A-3"),
    ],
)
def test_the_next_free_code_keeps_its_number_where_it_can(given, taken, code):
    assert free_code(*given, taken) == code


def test_codes_can_run_out():
    with pytest.raises(Conflict):
        free_code("A", "A1", "A", {f"A{n}" for n in range(10)})


@pytest.mark.parametrize(
    ("line", "first"),
    [
        (((0, 1), (4, 1)), (2, 3)),  # eastwards: the north
        (((4, 1), (0, 1)), (2, 3)),  # westwards: the north all the same
        (((1, 0), (1, 4)), (0.5, 2)),  # northwards: the west
        (((1, 4), (1, 0)), (0.5, 2)),
    ],
)
def test_the_first_side_of_a_cut_is_the_northern_or_the_western_one(line, first):
    one, other, corners = cut(SQUARE, line)

    assert read(one).contains(shapely.Point(first))
    assert read(one).area + read(other).area == pytest.approx(16)
    assert len(corners) == 2


def test_a_line_through_corners_adds_none():
    _, _, corners = cut(SQUARE, ((0, 0), (4, 4)))

    assert corners == []


def test_a_line_that_begins_inside_goes_on_to_the_border():
    one, other, _ = cut(SQUARE, ((1.9, 2), (2.1, 2)))

    assert (read(one).area, read(other).area) == (8, 8)


def test_a_boundary_in_several_parts_is_cut_by_sides():
    parts = json.loads(
        json.dumps(write(shapely.MultiPolygon([shapely.box(0, 0, 1, 4), shapely.box(2, 0, 3, 4)])))
    )

    one, other, corners = cut(parts, ((-1, 2), (5, 2)))

    assert (one["type"], other["type"]) == ("MultiPolygon", "MultiPolygon")
    assert (read(one).area, read(other).area, len(corners)) == (4, 4, 4)
    with pytest.raises(Invalid):
        cut(parts, ((-1, 5), (5, 5)))


def test_a_hole_is_kept_by_the_side_that_it_lies_in():
    ring = json.loads(
        json.dumps(write(shapely.box(0, 0, 4, 4).difference(shapely.box(1, 3, 2, 3.5))))
    )

    one, other, _ = cut(ring, ((-1, 2), (5, 2)))

    assert (read(one).area, read(other).area) == (7.5, 8)


def test_a_new_corner_is_put_into_the_edge_that_it_lies_on_and_nowhere_else():
    two = shapely.MultiPolygon([shapely.box(0, 0, 4, 4), shapely.box(9, 9, 10, 10)])
    many = json.loads(json.dumps(write(two)))

    for boundary, count in ((SQUARE, 6), (many, 11), (APART, 5)):
        drawn = with_corners(boundary, [(4.0, 1.5), (4.0, 4.0), (2.0, 2.0)])
        assert int(shapely.get_num_coordinates(read(drawn))) == count
        assert read(drawn).equals(read(boundary))


def test_neighbours_join_into_one_and_strangers_do_not():
    assert read(join([SQUARE, BESIDE])).equals(shapely.box(0, 0, 8, 4))
    assert hang_together([SQUARE, BESIDE], join([SQUARE, BESIDE]))
    assert not hang_together([SQUARE, APART], join([SQUARE, APART]))
    assert join([]) is None
    assert join([None, SQUARE])["type"] == "Polygon"


def test_surveys_that_overlap_a_little_join_all_the_same():
    overlapping = json.loads(json.dumps(write(shapely.box(3.999, 0, 8, 4))))

    assert read(join([SQUARE, overlapping])).area == pytest.approx(32)


def test_many_corners_are_thinned_without_opening_gaps():
    circle = shapely.Point(0, 0).buffer(1, quad_segs=4000)
    left = circle.intersection(shapely.box(-2, -2, 0, 2))
    right = circle.intersection(shapely.box(0, -2, 2, 2))

    thinned = [read(boundary) for boundary in thin([write(left), write(right)])]

    assert sum(shapely.get_num_coordinates(thinned)) < 2000
    assert shapely.coverage_is_valid(thinned)
    assert shapely.union_all(thinned).area == pytest.approx(circle.area, rel=0.01)


def test_few_corners_stay_as_they_are():
    assert read(thin([SQUARE])[0]).equals(read(SQUARE))


def test_size_and_middle_of_a_boundary():
    degree = write(shapely.box(113, 0, 114, 1))

    assert area_km2(degree) == pytest.approx(12392, rel=0.01)
    assert read(SQUARE).contains(shapely.Point(inside(SQUARE)))


def test_a_point_belongs_to_the_successor_that_holds_it():
    one, other = new_id(), new_id()
    find = finder([Successor(one, "1.", SQUARE), Successor(other, "2.", None)])

    assert find((1, 1)) == one
    assert find((9, 9)) is None


def test_only_nodes_of_one_level_can_merge():
    parent = new_id()
    nodes = [
        NodeRow(
            id=new_id(),
            parent_id=parent,
            path=f"1.{level}.",
            code=f"10{n}",
            level=level,
            name=level,
            area_type="",
            households=1,
            population=1,
            synthetic=True,
            lon=None,
            lat=None,
            valid_from=date(2026, 1, 1),
            valid_to=None,
        )
        for n, level in enumerate(("town", "park"))
    ]
    ground = Ground(
        levels={},
        nodes=tuple(Drawn(node, None, ("1", node.code)) for node in nodes),
        taken=frozenset(),
        names=frozenset(),
        new_id=new_id,
    )

    with pytest.raises(Invalid) as refused:
        plan_merge(Merge(node_ids=tuple(node.id for node in nodes), name="新区"), ground)

    assert "同一层级" in refused.value.fields["others"]


def test_what_lies_below_is_summed_over_the_leaves():
    census = Census.of(
        [
            ("1.", False, 999, 999),
            ("1.01.", False, 0, 0),
            ("1.01.1.", True, 10, 30),
            ("1.01.2.", True, 20, 60),
            ("1.011.", True, 5, 7),
        ]
    )

    assert census.below("1.") == Tally(2, 3, 35, 97)
    assert census.below("1.01.") == Tally(2, 2, 30, 90)
    assert census.below("1.01.2.") == Tally(0, 1, 20, 60)
    assert census.below("2.") == Tally(0, 0, 0, 0)
