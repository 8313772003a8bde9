"""The seven modules of Liling's platform (000: 七大功能模块). What is not built is not shown."""

from typing import Final

from gridgov.contract.declarations import Place

NAVIGATION: Final = (
    Place(
        code="panorama",
        name="全景城乡",
        icon="map",
        entries=(("一张图", "map"), ("网格树", "grid")),
    ),
    Place(
        code="command",
        name="指挥调度",
        icon="radio-tower",
        entries=(("派遣台", "dispatch_desk"), ("待我审批", "requests")),
    ),
    Place(
        code="events",
        name="事件中心",
        icon="clipboard-list",
        entries=(
            ("我的今天", "my_day"),
            ("上报事件", "case_report"),
            ("事件列表", "cases"),
            ("我上报的", "my_cases"),
        ),
    ),
    Place(
        code="grids",
        name="网格专题",
        icon="grid-3x3",
        entries=(("网格调整", "redivision"),),
    ),
    Place(
        code="insight",
        name="综合研判",
        icon="chart-column",
        entries=(("运行总览", "overview"),),
    ),
    Place(
        code="assessment",
        name="管理考核",
        icon="scale",
        entries=(("督办台账", "supervision"), ("退单台账", "bounces")),
    ),
    Place(
        code="operations",
        name="运维管理",
        icon="settings",
        entries=(
            ("运行状况", "admin"),
            ("人员和岗位", "people"),
            ("人员账号", "accounts"),
            ("岗位权限", "bindings"),
            ("重置密码", "resets"),
            ("审计", "audit_log"),
            ("工作日历", "calendar"),
            ("意见与建议", "suggestions"),
        ),
    ),
)
