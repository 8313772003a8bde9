"""The tree of Liling: 5 first-level grids, 24 second, 270 third and 820 fourth under the county."""

from typing import Final

from gridgov.contract.declarations import Level

_B: Final = (
    "001: 全市划分5个一级网格、24个二级网格、270个三级责任网格，城区220个、农村600个四级基层网格"
)
_A: Final = "000: 市级设网格化中心，24个镇（街）设分中心，270个村（社区）设工作站"

COUNTY: Final = Level(
    code="county", name="县级", code_length=6, desk="网格化服务管理中心", source=_A
)
DISTRICT: Final = Level(
    code="district", name="一级网格", under=("county",), code_length=8, source=_B
)
TOWN: Final = Level(
    code="town",
    name="二级网格",
    under=("district",),
    code_length=9,
    desk="网格化分中心",
    motto="大事不出镇",
    source=_A,
)
VILLAGE: Final = Level(
    code="village",
    name="三级网格",
    under=("town",),
    code_length=12,
    desk="网格化工作站",
    motto="小事不出村",
    source=_A,
)
GRID: Final = Level(
    code="grid",
    name="四级网格",
    under=("village",),
    code_length=15,
    base=True,
    households=400,
    source="000: 城区按400户左右或1200人左右划分，农村按一支部一网格划分",
)

LEVELS: Final = (COUNTY, DISTRICT, TOWN, VILLAGE, GRID)
"""From the root down. Only the levels with a desk can hold a case; a first-level grid has none."""
