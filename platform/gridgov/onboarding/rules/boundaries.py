"""Checking boundaries.csv: sound polygons, inside their parents, beside their brothers."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import shapely
from shapely import MultiPolygon, Polygon, STRtree

from gridgov.onboarding.rules.columns import BOUNDARIES
from gridgov.onboarding.rules.sheets import Faults, read_sheet
from gridgov.onboarding.types import BoundaryRow, NodeRow

Shape: TypeAlias = Polygon | MultiPolygon

CHINA: Final = shapely.box(73, 3, 136, 54)
SLACK: Final = 0.001
"""The share of a shape that may lie wrong: surveys of neighbours never agree to the metre."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sound shape and its row."""

    row: BoundaryRow
    node: NodeRow
    shape: Shape


def read_boundaries(
    files: Mapping[str, bytes], faults: Faults, nodes: Sequence[NodeRow]
) -> list[NodeRow]:
    """The nodes, each with its boundary and a point inside, where the file draws one."""
    known = {node.code: node for node in nodes}
    drawn: dict[str, Drawn] = {}
    for row in read_sheet(BOUNDARIES, files, faults):
        node = known.get(row.code)
        if node is None:
            message = f"网格节点“{row.code}”不存在。"
            faults.cell(BOUNDARIES.file, row.line, "code", message)
        elif row.code in drawn:
            message = f"“{row.code}”与第 {drawn[row.code].row.line} 行重复。"
            faults.cell(BOUNDARIES.file, row.line, "code", message)
        elif (shape := _shape(row, faults)) is not None:
            drawn[row.code] = Drawn(row, node, shape)
    _check_nesting(drawn, known, faults)
    return [_with_boundary(node, drawn.get(node.code)) for node in nodes]


def _shape(row: BoundaryRow, faults: Faults) -> Shape | None:
    shape = shapely.from_wkt(row.wkt, on_invalid="ignore")
    if isinstance(shape, Polygon | MultiPolygon) and not shape.is_empty:
        message = _misdrawn(shape)
        if not message:
            return shape
    else:
        message = "读不出多边形，应写成 POLYGON((东经 北纬, …)) 的样子。"
    faults.cell(BOUNDARIES.file, row.line, "wkt", message)
    return None


def _misdrawn(shape: Shape) -> str:
    if not CHINA.contains(shape):
        return "坐标不在中国境内，请检查东经、北纬是否写反。"
    return "" if shape.is_valid else f"多边形不成立：{_why(shape)}。"


def _why(shape: Shape) -> str:
    reason = shapely.is_valid_reason(shape)
    word, _, place = reason.partition("[")
    known = {"Self-intersection": "边线自相交", "Ring Self-intersection": "边线自相交"}
    return f"{known.get(word, '边线有误')}，在 {place.rstrip(']')} 处" if place else "边线有误"


def _check_nesting(
    drawn: Mapping[str, Drawn], nodes: Mapping[str, NodeRow], faults: Faults
) -> None:
    families: defaultdict[str, list[Drawn]] = defaultdict(list)
    for one in drawn.values():
        families[one.node.parent].append(one)
        above = _nearest_above(one.node, nodes, drawn)
        if above is not None and _share_outside(one.shape, above.shape) > SLACK:
            message = f"超出了上级“{above.node.code}”的边界。"
            faults.cell(BOUNDARIES.file, one.row.line, "wkt", message)
    for family in families.values():
        for one, other in _crossing(family):
            message = f"与第 {one.row.line} 行的“{one.row.code}”重叠。"
            faults.cell(BOUNDARIES.file, other.row.line, "wkt", message)


def _nearest_above(
    node: NodeRow, nodes: Mapping[str, NodeRow], drawn: Mapping[str, Drawn]
) -> Drawn | None:
    """The closest ancestor that has a shape. A path is never longer than its dots say."""
    for _ in range(node.path.count(".")):
        if node.parent in drawn:
            return drawn[node.parent]
        if node.parent not in nodes:
            return None
        node = nodes[node.parent]
    return None


def _share_outside(shape: Shape, around: Shape) -> float:
    if around.covers(shape):
        return 0.0
    return shape.difference(around).area / shape.area


def _crossing(family: Sequence[Drawn]) -> Iterator[tuple[Drawn, Drawn]]:
    tree = STRtree([one.shape for one in family])
    for i, one in enumerate(family):
        for j in sorted(tree.query(one.shape, predicate="intersects")):
            other = family[int(j)]
            if i < j and _share_shared(one.shape, other.shape) > SLACK:
                yield one, other


def _share_shared(one: Shape, other: Shape) -> float:
    if one.touches(other):
        return 0.0
    return one.intersection(other).area / min(one.area, other.area)


def _with_boundary(node: NodeRow, drawn: Drawn | None) -> NodeRow:
    if drawn is None:
        return node
    inside = drawn.shape.representative_point()
    return replace(
        node,
        boundary=json.loads(shapely.to_geojson(drawn.shape)),
        lon=round(inside.x, 6),
        lat=round(inside.y, 6),
        synthetic=node.synthetic or drawn.row.synthetic,
    )
