"""Where the pages are found."""

from typing import Final

from gridgov.contract.declarations import Place

PANORAMA: Final = Place(
    code="panorama",
    name="网格地图",
    icon="map",
    entries=(("一张图", "map"), ("网格树", "grid"), ("网格调整", "redivision")),
)
COMMAND: Final = Place(
    code="command",
    name="指挥派遣",
    icon="radio-tower",
    entries=(("派遣台", "dispatch_desk"), ("待我审批", "requests")),
)
EVENTS: Final = Place(
    code="events",
    name="事件",
    icon="clipboard-list",
    entries=(
        ("我的今天", "my_day"),
        ("上报事件", "case_report"),
        ("事件列表", "cases"),
        ("我上报的", "my_cases"),
    ),
)
INSIGHT: Final = Place(
    code="insight",
    name="统计和督办",
    icon="chart-column",
    entries=(("运行总览", "overview"), ("督办台账", "supervision"), ("退单台账", "bounces")),
)
OPERATIONS: Final = Place(
    code="operations",
    name="系统管理",
    icon="settings",
    entries=(
        ("运行状况", "admin"),
        ("人员和岗位", "people"),
        ("人员账号", "accounts"),
        ("岗位权限", "bindings"),
        ("重置密码", "resets"),
        ("审计", "audit_log"),
        ("工作日历", "calendar"),
        ("参数设置", "settings"),
        ("意见与建议", "suggestions"),
    ),
)

NAVIGATION: Final = (PANORAMA, COMMAND, EVENTS, INSIGHT, OPERATIONS)
