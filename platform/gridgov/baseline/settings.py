"""Numbers that a county may change, with what holds until it does: this project's choices."""

from typing import Final

from gridgov.contract.declarations import Setting

CLOCKS: Final = "办理时限"
_AGAIN: Final = "延期和重办"
DISPATCH: Final = "派遣"
_RESIDENTS: Final = "居民上报和信息保存"
_OFFICE: Final = "办公和登录"

FIRST_ACT: Final = Setting(
    code="urgent_minutes",
    name="紧急事件首次动作时限",
    group=CLOCKS,
    default=30,
    unit="分钟",
    least=5,
    most=240,
    below="urgent_done_minutes",
    help="从上报起到第一个动作。",
)
URGENT_DONE: Final = Setting(
    code="urgent_done_minutes",
    name="紧急事件办结时限",
    group=CLOCKS,
    default=1440,
    unit="分钟",
    least=60,
    most=4320,
)
FILING: Final = Setting(
    code="file_work_hours",
    name="立案时限",
    group=CLOCKS,
    default=4,
    unit="工作小时",
    least=1,
    most=24,
    help="从上报起到立案、退回或上报上级。",
)

SETTINGS: Final = (
    FIRST_ACT,
    URGENT_DONE,
    FILING,
    Setting(
        code="take_work_hours",
        name="上级接收时限",
        group=CLOCKS,
        default=4,
        unit="工作小时",
        least=1,
        most=24,
        help="从下级上报起到本级接收。",
    ),
    Setting(
        code="accept_work_hours",
        name="部门受理时限",
        group=CLOCKS,
        default=4,
        unit="工作小时",
        least=1,
        most=24,
        help="从派遣起到受理或退单；退单不重新起算。",
    ),
    Setting(
        code="extensions_most",
        name="每件最多延期次数",
        group=_AGAIN,
        default=1,
        unit="次",
        least=0,
        most=3,
    ),
    Setting(
        code="extension_days_most",
        name="每次延期上限",
        group=_AGAIN,
        default=7,
        unit="天",
        least=1,
        most=30,
        help="与办结时限同一种天：工作日或自然日。",
    ),
    Setting(
        code="reopen_days",
        name="反映人可要求重办的期限",
        group=_AGAIN,
        default=15,
        unit="天",
        least=1,
        most=90,
    ),
    Setting(
        code="merge_metres",
        name="疑似重复的距离",
        group=DISPATCH,
        default=100,
        unit="米",
        least=10,
        most=1000,
    ),
    Setting(
        code="merge_hours",
        name="疑似重复的时间",
        group=DISPATCH,
        default=72,
        unit="小时",
        least=1,
        most=720,
    ),
    Setting(
        code="route_confidence",
        name="推荐部门的最低把握",
        group=DISPATCH,
        default=60,
        unit="%",
        least=0,
        most=100,
        help="低于它就不推荐，由调度员自己选。",
    ),
    Setting(
        code="resident_reports_hourly",
        name="居民每小时上报次数",
        group=_RESIDENTS,
        default=5,
        unit="次",
        least=1,
        most=100,
        help="按网络地址计。",
    ),
    Setting(
        code="contact_days",
        name="结案后保留反映人联系方式",
        group=_RESIDENTS,
        default=365,
        unit="天",
        least=30,
        most=365,
        help="到期删除，只能往短调。",
    ),
    Setting(
        code="photo_days",
        name="结案后保留照片",
        group=_RESIDENTS,
        default=180,
        unit="天",
        least=30,
        most=180,
        help="到期删除，只能往短调。",
    ),
    Setting(
        code="record_days",
        name="工作记录保存",
        group=_OFFICE,
        default=1095,
        unit="天",
        least=180,
        most=1095,
        help="会议记录、交接清单、排查备注、通报里的事由和各本台账，到期删除，只能往短调。",
    ),
    Setting(
        code="idle_minutes",
        name="无操作自动退出",
        group=_OFFICE,
        default=15,
        unit="分钟",
        least=5,
        most=60,
    ),
    Setting(
        code="office_hours",
        name="办公时间",
        group=_OFFICE,
        default="08:30-12:00 14:30-17:30",
        help=(
            "工作小时按它计算。分季节的写上从哪天起，用分号隔开，例如："
            "5-1 08:00-12:00 15:00-18:00; 10-1 08:30-12:00 14:30-17:30"
        ),
    ),
)
