"""A made-up map: grids that touch without gap or overlap, villages and towns as their unions.

One Voronoi diagram of all grids at once, so neighbours share their corners even across town
borders; the seeds are spread inside the town and village that they belong to.
"""

import math
from collections.abc import Sequence
from random import Random

import shapely
from shapely import Point, Polygon
from shapely.affinity import scale

from liling.demo.package.places import AREA_KM2, CENTRE

KM_PER_DEGREE = (98.6, 110.9)  # east, north, at this latitude
DECIMALS = 5
Seed = tuple[float, float]


def draw_outline(rng: Random) -> Polygon:
    """A wavy shape of the county's true area, in kilometres around the centre."""
    waves = [(k, rng.uniform(-1, 1) * 0.16 / k**1.1, rng.uniform(0, math.tau)) for k in range(2, 8)]
    corners: list[Seed] = []
    for step in range(96):
        angle = math.tau * step / 96
        radius = 1 + sum(height * math.cos(k * angle + phase) for k, height, phase in waves)
        radius += rng.uniform(-0.025, 0.025)
        corners.append((radius * math.cos(angle), 1.18 * radius * math.sin(angle)))
    shape = Polygon(corners)
    factor = math.sqrt(AREA_KM2 / shape.area)
    return scale(shape, factor, factor, origin=(0, 0))


def voronoi(seeds: Sequence[Seed], area: Polygon) -> list[Polygon]:
    """The part of the area nearest to each seed, in the order of the seeds."""
    points = shapely.MultiPoint(list(seeds))
    pieces = shapely.voronoi_polygons(points, extend_to=area.buffer(20), ordered=True).geoms
    return [_one(shapely.intersection(piece, area)) for piece in pieces]


def spread(rng: Random, area: Polygon, count: int, *, rounds: int) -> list[Seed]:
    """Seeds inside the area, moved apart until their cells are about equal."""
    west, south, east, north = area.bounds
    seeds: list[Seed] = []
    while len(seeds) < count:
        seed = (rng.uniform(west, east), rng.uniform(south, north))
        if area.contains(Point(seed)):
            seeds.append(seed)
    for _ in range(rounds):
        cells = voronoi(seeds, area) if count > 1 else [area]
        seeds = [(cell.centroid.x, cell.centroid.y) for cell in cells]
    return seeds


def to_degrees(cell: Polygon) -> Polygon:
    """Corners rounded one by one: neighbours round the same corner to the same place."""
    corners: list[Seed] = []
    for x, y in cell.exterior.coords:
        corner = (
            round(CENTRE[0] + x / KM_PER_DEGREE[0], DECIMALS),
            round(CENTRE[1] + y / KM_PER_DEGREE[1], DECIMALS),
        )
        if not corners or corners[-1] != corner:
            corners.append(corner)
    return Polygon(corners)


def join(cells: Sequence[Polygon]) -> Polygon:
    """The union of cells that share their corners, corner for corner."""
    return _one(shapely.coverage_union_all(list(cells)))


def write(cell: Polygon) -> str:
    """The shape as text, beginning at the same corner whatever way it was made."""
    corners = shapely.normalize(cell).exterior.coords
    places = ",".join(f"{x:.{DECIMALS}f} {y:.{DECIMALS}f}" for x, y in corners)
    return f"POLYGON(({places}))"


def _one(shape: object) -> Polygon:
    if not isinstance(shape, Polygon) or shape.interiors:
        msg = f"a {type(shape).__name__} with holes or parts: choose another seed"
        raise TypeError(msg)
    return shape
