"""The county's tree, from the root down. Only a level with a desk can hold a case."""

from typing import Final

from gridgov.contract.declarations import ASSUMPTION, Level

LEVELS: Final = (
    Level(
        code="county",
        name="县级",
        code_length=6,
        desk="县网格中心",
        source=ASSUMPTION,
    ),
    Level(
        code="town",
        name="乡镇（街道）",
        under=("county",),
        code_length=9,
        desk="乡镇网格站",
        source=ASSUMPTION,
    ),
    Level(
        code="village",
        name="村（社区）",
        under=("town",),
        code_length=12,
        desk="村级代办点",
        source=ASSUMPTION,
    ),
    Level(
        code="grid",
        name="网格",
        under=("village",),
        code_length=15,
        base=True,
        households=300,
        source=ASSUMPTION,
    ),
)
