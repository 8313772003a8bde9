"""Who answers for what in the grid."""

from dataclasses import replace
from typing import Final

from gridgov.baseline import posts

POSTS: Final = (
    replace(
        posts.LEADER,
        name="第一责任人",
        levels=("county", "district", "town", "village"),
        source="001: 市级领导、各镇（街道）党委负责人和村党组织书记担任各级网格第一责任人",
    ),
    replace(posts.CHIEF, source="000: 每个网格设立网格长、党小组长、联组长“三长”"),
    replace(posts.CLERK, source="000: 镇（街）设分中心，村（社区）设工作站"),
    replace(posts.WORKER, source="000: 城区公开招聘220名专职网格员，农村选聘600名兼职网格员"),
)
