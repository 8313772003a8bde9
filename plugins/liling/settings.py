"""Numbers that the county may change: the usual ones, and what its texts leave open."""

from dataclasses import replace
from typing import Final

from gridgov.baseline import settings
from gridgov.contract.declarations import Setting

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
)
