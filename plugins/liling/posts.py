"""Who answers for what in the grid."""

from dataclasses import replace
from typing import Final

from gridgov.baseline import posts
from gridgov.contract.declarations import Post

_CHIEFS: Final = "经验材料：每个网格设立网格长、党小组长、联组长“三长”"
_MANY: Final = "经验材料：每个网格配备督导员、调解员、城管员、安监员、网格警员、巡防员等“多员”"
_LATER: Final = "报道：每个网格还配备了督导员、调解员、网格警员、巡防员、网格信息员等"

POSTS: Final = (
    replace(
        posts.LEADER,
        name="第一责任人",
        levels=("county", "district", "town", "village"),
        source="报道：市级领导、各镇（街道）党委负责人和村党组织书记担任各级网格第一责任人",
    ),
    replace(posts.CHIEF, source=_CHIEFS),
    replace(posts.CLERK, source="经验材料：镇（街）设分中心，村（社区）设工作站"),
    replace(posts.WORKER, source="经验材料：城区公开招聘220名专职网格员，农村选聘600名兼职网格员"),
    *(
        Post(code=code, name=name, levels=("grid",), source=source)
        for code, name, source in (
            ("party_leader", "党小组长", _CHIEFS),
            ("group_leader", "联组长", _CHIEFS),
            ("inspector", "督导员", _MANY),
            ("mediator", "调解员", _MANY),
            ("city_officer", "城管员", _MANY),
            ("safety_officer", "安监员", _MANY),
            ("police", "网格警员", _MANY),
            ("patroller", "巡防员", _MANY),
            ("information_officer", "网格信息员", _LATER),
        )
    ),
)
