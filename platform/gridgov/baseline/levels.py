"""Four levels, as divisions are coded: county, town or street, village or community, grid."""

from typing import Final

from gridgov.contract.declarations import Level

_CODES: Final = "行政区划代码6位、镇街9位、村（社区）12位，网格加3位"

COUNTY: Final = Level(
    code="county", name="县级", code_length=6, desk="网格化服务管理中心", source=_CODES
)
TOWN: Final = Level(
    code="town",
    name="镇街",
    under=("county",),
    code_length=9,
    desk="镇街工作站",
    source=_CODES,
)
VILLAGE: Final = Level(
    code="village",
    name="村（社区）",
    under=("town",),
    code_length=12,
    desk="村（社区）工作站",
    source=_CODES,
)
GRID: Final = Level(
    code="grid",
    name="网格",
    under=("village",),
    code_length=15,
    base=True,
    households=400,
    source="GB/T 34300-2017：城镇约300至500户一格（未与标准原文核对）",
)

LEVELS: Final = (COUNTY, TOWN, VILLAGE, GRID)
"""From the root down."""
