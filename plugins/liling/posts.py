"""Who answers for what in the grid."""

from typing import Final

from gridgov.contract.declarations import Post

LEADER: Final = Post(
    code="leader",
    name="第一责任人",
    levels=("county", "district", "town", "village"),
    answers=True,
    single=True,
    source="001: 市级领导、各镇（街道）党委负责人和村党组织书记担任各级网格第一责任人",
)
CHIEF: Final = Post(
    code="chief",
    name="网格长",
    levels=("grid",),
    answers=True,
    single=True,
    source="000: 每个网格设立网格长、党小组长、联组长“三长”",
)
CLERK: Final = Post(
    code="clerk",
    name="专员",
    levels=("town", "village"),
    source="000: 镇（街）设分中心，村（社区）设工作站",
)
WORKER: Final = Post(
    code="worker",
    name="网格员",
    levels=("grid",),
    source="000: 城区公开招聘220名专职网格员，农村选聘600名兼职网格员",
)

POSTS: Final = (LEADER, CHIEF, CLERK, WORKER)
