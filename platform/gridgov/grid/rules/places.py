"""Which leaf holds a point: an index of boundaries, asked in microseconds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import shapely
from shapely import MultiPolygon, Polygon, STRtree
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from gridgov.grid.types import Geometry, Placed, Point, Successor


@dataclass(frozen=True, slots=True)
class PlaceIndex:
    """The leaves of one tenant at one version of its grid."""

    leaves: Sequence[Placed]
    shapes: Sequence[BaseGeometry]
    tree: STRtree = field(repr=False)

    @classmethod
    def of(cls, drawn: Iterable[tuple[UUID, str, Geometry]]) -> "PlaceIndex":
        """Index nodes given as id, path and boundary, in the order of their paths."""
        ordered = sorted(drawn, key=lambda one: one[1])
        shapes = [read(boundary) for _, _, boundary in ordered]
        shapely.prepare(shapes)
        leaves = [Placed(node_id, path) for node_id, path, _ in ordered]
        return cls(leaves, shapes, STRtree(shapes))

    def at(self, point: Point) -> Placed | None:
        """The leaf that holds the point; on a border the one with the first path."""
        found = self.tree.query(shapely.Point(point), predicate="intersects")
        return self.leaves[int(found.min())] if found.size else None

    def touching(self, shape: BaseGeometry) -> list[Placed]:
        """The leaves that share a point with the shape."""
        return [self.leaves[i] for i in sorted(self.tree.query(shape, predicate="intersects"))]


def finder(nodes: Sequence[Successor]) -> Callable[[Point], UUID | None]:
    """Which of a few nodes holds a point."""
    shapes = [(node.id, read(node.boundary)) for node in nodes if node.boundary is not None]

    def find(point: Point) -> UUID | None:
        dot = shapely.Point(point)
        return next((node_id for node_id, shape in shapes if shapely.intersects(shape, dot)), None)

    return find


def read(boundary: Geometry) -> Polygon | MultiPolygon:
    """A GeoJSON geometry as a shape."""
    kind, rings = boundary["type"], boundary["coordinates"]
    if kind == "Polygon":
        return Polygon(rings[0], rings[1:])
    return MultiPolygon([(part[0], part[1:]) for part in rings])


def write(shape: BaseGeometry) -> Geometry:
    """A shape as a GeoJSON geometry."""
    geometry: Geometry = dict(mapping(shape))
    return geometry
