"""七有: what a sub-centre and a station must have (000: 按照“七有”标准建设)."""

from typing import Final

from gridgov.contract.standards import Standard, StandardItem


def _item(code: str, name: str, needs: str) -> StandardItem:
    return StandardItem(code=code, name=name, help=needs, category="station_lack")


SEVEN_HAVES: Final = Standard(
    code="seven_haves",
    name="七有标准",
    about="镇（街）分中心由市里认定，村（社区）工作站由镇（街）认定；申报的人不能自己认定。",
    confirmed=(("town", "county"), ("village", "town")),
    items=(
        _item("office", "有办公场所", "地址、面积，门口有牌子"),
        _item("team", "有管理团队", "站长和专员已任岗位"),
        _item("network", "有政务网络", "能打开本平台"),
        _item("screen", "有大屏幕系统", "能显示一张图和运行总览"),
        _item("signs", "有制度标识", "制度和流程图上墙"),
        _item("equipment", "有办公设备", "电脑、打印机、电话"),
        _item("video", "有综治视联网", "能和镇（街）、市里开视频会"),
    ),
    source="经验材料：有办公场所、有管理团队、有政务网络、有大屏幕系统、有制度标识、"
    "有办公设备、有综治视联网",
)
"""Who confirms whom is not printed: one level up, two for a sub-centre (no desk lies between)."""

STANDARDS: Final = (SEVEN_HAVES,)
