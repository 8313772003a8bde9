"""The tree of Liling: 5 first-level grids, 24 second, 270 third and 820 fourth under the county."""

from dataclasses import replace
from typing import Final

from gridgov.baseline import levels
from gridgov.contract.declarations import Level

_B: Final = (
    "报道：全市划分5个一级网格、24个二级网格、270个三级责任网格，城区220个、农村600个四级基层网格"
)
_A: Final = "经验材料：市级设网格化中心，24个镇（街）设分中心，270个村（社区）设工作站"

LEVELS: Final = (
    replace(levels.COUNTY, source=_A),
    Level(code="district", name="一级网格", under=("county",), code_length=8, source=_B),
    replace(
        levels.TOWN,
        name="二级网格",
        under=("district",),
        desk="网格化分中心",
        motto="大事不出镇",
        source=_A,
    ),
    replace(
        levels.VILLAGE,
        name="三级网格",
        desk="网格化工作站",
        motto="小事不出村",
        source=_A,
    ),
    replace(
        levels.GRID,
        name="四级网格",
        source="经验材料：城区按400户左右或1200人左右划分，农村按一支部一网格划分",
    ),
)
"""From the root down. Only the levels with a desk can hold a case; a first-level grid has none."""
