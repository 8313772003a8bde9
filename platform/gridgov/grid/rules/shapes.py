"""Boundaries: cut by a line, joined, given a new corner, thinned for the map, measured."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely import Point as Dot
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from gridgov.grid.rules.places import read, write
from gridgov.grid.types import Geometry, Point
from gridgov.kernel.errors import Invalid

DECIMALS: Final = 7  # a centimetre
_NEAR: Final = 1.5e-7  # a rounded corner lies this near to the edge that it was cut into
_KM_PER_DEGREE: Final = 111.32
_LEAST_SHARE: Final = 0.005  # of the whole: less is a slip of the finger
_MAP_DECIMALS: Final = 5
_MANY_CORNERS: Final = 4000

Ring = list[list[float]]


def cut(boundary: Geometry, line: tuple[Point, Point]) -> tuple[Geometry, Geometry, list[Point]]:
    """The two sides of a boundary, north or west first, and the corners that the cut made.

    The line goes on beyond its two points where one of them lies inside.
    """
    shape = read(boundary)
    start, end = _oriented(line)
    pieces = list(split(shape, _reaching(shape, start, end)).geoms)
    if isinstance(shape, Polygon) and len(pieces) != 2:  # noqa: PLR2004
        raise Invalid(fields={"line": "这条线要把它正好切成两块，请换个地方画。"})
    known = set(_corners(shape))
    first, second = (
        [_rounded(piece, known) for piece in pieces if _is_left(piece, start, end) is left]
        for left in (True, False)
    )
    areas = [sum(piece.area for piece in side) for side in (first, second)]
    if min(areas) < _LEAST_SHARE * shape.area:
        raise Invalid(fields={"line": "这条线没有切开它，或者切下的一块太小，请换个地方画。"})
    fresh = {corner for piece in (*first, *second) for corner in _corners(piece)} - known
    return write(_together(first)), write(_together(second)), sorted(fresh)


def join(boundaries: Iterable[Geometry | None]) -> Geometry | None:
    """The union of neighbours that share their corners; of those that have a boundary at all."""
    shapes = [read(boundary) for boundary in boundaries if boundary is not None]
    if not shapes:
        return None
    if bool(shapely.coverage_is_valid(shapes)):  # pyright: ignore[reportUnknownMemberType]
        return write(_together([shapely.coverage_union_all(shapes)]))
    return write(_together([shapely.union_all(shapes, grid_size=10**-DECIMALS)]))


def hang_together(boundaries: Sequence[Geometry], joined: Geometry) -> bool:
    """Whether all of them grew into one another: each joint takes one part away."""
    before = sum(_parts(boundary) for boundary in boundaries)
    return _parts(joined) <= before - (len(boundaries) - 1)


def with_corners(boundary: Geometry, corners: Sequence[Point]) -> Geometry:
    """The boundary with each corner that lies on one of its edges put there.

    The cut of one node thereby leaves no gap to the next: both keep exactly the same corners.
    """
    kind, rings = boundary["type"], boundary["coordinates"]
    if kind == "Polygon":
        return {"type": kind, "coordinates": [_ring(ring, corners) for ring in rings]}
    parts = [[_ring(ring, corners) for ring in part] for part in rings]
    return {"type": kind, "coordinates": parts}


def inside(boundary: Geometry) -> Point:
    """A point that surely lies inside: where the name is written."""
    dot = read(boundary).representative_point()
    return (round(dot.x, 6), round(dot.y, 6))


def area_km2(boundary: Geometry) -> float:
    """The area, near enough for a page."""
    shape = read(boundary)
    width = _KM_PER_DEGREE * math.cos(math.radians(shape.centroid.y))
    return float(shape.area * width * _KM_PER_DEGREE)


def thin(boundaries: Sequence[Geometry]) -> list[Geometry]:
    """Boundaries for a map: as they are while they are few, else with fewer corners.

    Neighbours are thinned together, so that no gap opens between them.
    """
    shapes = [read(boundary) for boundary in boundaries]
    many = sum(len(shapely.get_coordinates(shape)) for shape in shapes)
    if many > _MANY_CORNERS:
        wide = max(shape.bounds[2] for shape in shapes) - min(shape.bounds[0] for shape in shapes)
        tolerance = wide * math.sqrt(many / _MANY_CORNERS) / 1000
        shapes = list(shapely.coverage_simplify(shapes, tolerance))
    return [write(shapely.transform(shape, lambda xy: xy.round(_MAP_DECIMALS))) for shape in shapes]


def _oriented(line: tuple[Point, Point]) -> tuple[Point, Point]:
    """The line so directed that north or, if it is steep, west lies on its left."""
    (x1, y1), (x2, y2) = line
    dx = (x2 - x1) * math.cos(math.radians((y1 + y2) / 2))
    dy = y2 - y1
    if math.hypot(dx, dy) < 10**-DECIMALS:
        raise Invalid(fields={"line": "两个点离得太近，连不成线。"})
    forward = dx > 0 if abs(dx) >= abs(dy) else dy > 0
    return line if forward else (line[1], line[0])


def _reaching(shape: BaseGeometry, start: Point, end: Point) -> LineString:
    if not shapely.intersects(shape, Dot(start)) and not shapely.intersects(shape, Dot(end)):
        return LineString([start, end])
    west, south, east, north = shape.bounds
    far = math.hypot(east - west, north - south) / math.dist(start, end) + 1
    dx, dy = (end[0] - start[0]) * far, (end[1] - start[1]) * far
    return LineString([(start[0] - dx, start[1] - dy), (end[0] + dx, end[1] + dy)])


def _is_left(piece: BaseGeometry, start: Point, end: Point) -> bool:
    dot = piece.representative_point()
    (ax, ay), (bx, by) = start, end
    return bool((bx - ax) * (dot.y - ay) - (by - ay) * (dot.x - ax) > 0)


def _corners(shape: BaseGeometry) -> list[Point]:
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(shape)]


def _rounded(piece: Any, known: set[Point]) -> Polygon:
    """The piece with its new corners rounded, so that they read the same everywhere."""

    def near(corner: Point) -> Point:
        if corner in known:
            return corner
        return (round(corner[0], DECIMALS), round(corner[1], DECIMALS))

    def ring(line: Any) -> list[Point]:
        return [near((float(x), float(y))) for x, y in line.coords]

    return Polygon(ring(piece.exterior), [ring(hole) for hole in piece.interiors])


def _together(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """One polygon, or the several as one multipolygon."""
    parts = [
        part for shape in shapes for part in shapely.get_parts(shape) if isinstance(part, Polygon)
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _parts(boundary: Geometry) -> int:
    return 1 if boundary["type"] == "Polygon" else len(boundary["coordinates"])


def _ring(ring: Sequence[Sequence[float]], corners: Sequence[Point]) -> Ring:
    made: Ring = [list(corner) for corner in ring]
    for corner in corners:
        if list(corner) not in made:
            _put(made, corner)
    return made


def _put(ring: Ring, corner: Point) -> None:
    """Insert the corner into the nearest edge, if one is near enough."""
    near = [
        (LineString([start, end]).distance(Dot(corner)), place)
        for place, (start, end) in enumerate(pairwise(ring), start=1)
    ]
    distance, place = min(near)
    if distance <= _NEAR:
        ring.insert(place, list(corner))


def outline(boundary: Geometry, size: int = 1000) -> tuple[str, float, float]:
    """The boundary as the path of a drawing with its width and height; ``size`` is the longer one.

    North is up, and a degree of longitude is as long as it is there.
    """
    shape = read(boundary)
    west, south, east, north = shape.bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = size / max((east - west) * squeeze, north - south, 1e-9)
    rings = [polygon.exterior for polygon in getattr(shape, "geoms", [shape])]
    path = " ".join(
        "M"
        + " ".join(
            f"{(lon - west) * squeeze * scale:.0f},{(north - lat) * scale:.0f}"
            for lon, lat, *_ in ring.coords
        )
        + "Z"
        for ring in rings
    )
    return path, (east - west) * squeeze * scale, (north - south) * scale
