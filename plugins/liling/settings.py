"""Numbers that the county may change: the usual ones, and what its texts leave open."""

from dataclasses import replace
from typing import Final

from gridgov.baseline import settings
from gridgov.contract.declarations import Setting
from liling.staffing import SETTINGS as STAFFING

FIELDWORK: Final = "巡查走访"
_SERVICES: Final = "代办和预约"

SETTINGS: Final = (
    replace(settings.FIRST_ACT, help="原文只写“第一时间”，没有数字。"),
    replace(settings.URGENT_DONE, help="原文只写“第一时间处置并办结”，没有数字。"),
    replace(settings.FILING, name="工作站立案时限"),
    Setting(
        code="explained_days",
        name="答复后的继续办理时限",
        group=settings.CLOCKS,
        default=7,
        unit="工作日",
        least=1,
        most=30,
        help="一般事件到期不能解决、已作出答复的，继续办理多久。",
    ),
    Setting(
        code="consult_after_returns",
        name="退单几次提请会商",
        group=settings.DISPATCH,
        default=2,
        unit="次",
        least=1,
        most=10,
        help="达到次数，通知本级第一责任人召集会商。",
    ),
    Setting(
        code="patrols_daily",
        name="每天巡查几次",
        group=FIELDWORK,
        default=2,
        unit="次",
        least=0,
        most=6,
        help="只是网格员自己看到的计划和提醒，不统计、不考核、不比较。填 0 就不提醒。",
        source="000: 每天至少巡查走访2次",
    ),
    Setting(
        code="patrol_minutes",
        name="每次巡查多久",
        group=FIELDWORK,
        default=120,
        unit="分钟",
        least=0,
        most=480,
        help="同上，只是计划和提醒。",
        source="000: 每次不少于2小时",
    ),
    Setting(
        code="visit_days",
        name="走访记录保存",
        group=FIELDWORK,
        default=365,
        unit="天",
        least=30,
        most=365,
        help="到期删除，只能往短调。已有的记录按写下时的天数。",
    ),
    Setting(
        code="diary_days",
        name="民情日记保存",
        group=FIELDWORK,
        default=365,
        unit="天",
        least=30,
        most=365,
        help="到期删除，只能往短调。",
    ),
    Setting(
        code="assist_days",
        name="代办从预审到送达",
        group=settings.CLOCKS,
        default=10,
        unit="工作日",
        least=1,
        most=60,
        help="网格员代办的承诺时限。各事项的法定时限写在办事指南里。",
    ),
    Setting(
        code="authority_days",
        name="代办委托的有效天数",
        group=_SERVICES,
        default=60,
        unit="天",
        least=1,
        most=365,
        help="登记代办时预填的期限，可以约得更短。到期要重新委托。",
    ),
    Setting(
        code="booking_days_ahead",
        name="最多提前几天预约上门",
        group=_SERVICES,
        default=14,
        unit="天",
        least=1,
        most=60,
    ),
    Setting(
        code="bookings_half_day",
        name="每个网格半天最多约几户",
        group=_SERVICES,
        default=8,
        unit="户",
        least=1,
        most=30,
        help="约满了，网上就不能再约这半天。",
    ),
    Setting(
        code="bookings_per_phone",
        name="一个电话最多同时约几次",
        group=_SERVICES,
        default=3,
        unit="次",
        least=1,
        most=10,
    ),
    *STAFFING,
)
