"""The seven modules of Liling's platform (000: 七大功能模块). What is not built is not shown."""

from dataclasses import replace
from typing import Final

from gridgov.baseline import navigation
from gridgov.contract.declarations import Place

NAVIGATION: Final = (
    replace(
        navigation.PANORAMA,
        name="全景城乡",
        entries=(("一张图", "map"), ("网格树", "grid"), ("工作阵地", "stations")),
    ),
    replace(navigation.COMMAND, name="指挥调度"),
    replace(
        navigation.EVENTS,
        name="事件中心",
        entries=(*navigation.EVENTS.entries, ("工作平台", "platforms")),
    ),
    Place(
        code="grids",
        name="网格专题",
        icon="grid-3x3",
        entries=(
            ("巡查走访", "field"),
            ("集中排查", "campaigns"),
            ("房屋登记", "buildings"),
            ("服务事项", "services"),
            ("代办", "assists"),
            ("上门预约", "bookings"),
            ("人员配备", "staffing_gaps"),
            ("队伍和会议", "teams"),
            ("网格调整", "redivision"),
        ),
        under=("kit", "handovers", "turnovers", "activities", "meetings", "codes"),
    ),
    replace(
        navigation.INSIGHT,
        name="综合研判",
        entries=(("运行总览", "overview"), ("工作成效", "assessment")),
    ),
    Place(
        code="assessment",
        name="管理考核",
        icon="scale",
        entries=(
            ("讲评", "reviews"),
            ("先进典型", "honours"),
            ("建设标准", "standards"),
            ("督办台账", "supervision"),
            ("退单台账", "bounces"),
            ("督办通报", "circulars"),
            ("四单四制", "lists"),
        ),
    ),
    replace(
        navigation.OPERATIONS,
        name="运维管理",
        entries=(
            *navigation.OPERATIONS.entries,
            ("合规开关", "compliance"),
            ("全年事项", "yearly"),
        ),
    ),
)
