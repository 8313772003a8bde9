"""What comes round every year. No text of the county has the days: this project's assumption."""

from typing import Final

from gridgov.contract.declarations import ASSUMPTION
from gridgov.contract.years import YearlyDuty

_REVIEW: Final = "经验材料：每季一讲评、半年一小结、年终总考核"
_LISTS: Final = "报道：四单四制"

YEARLY: Final = (
    YearlyDuty(
        code="holidays",
        name="载入下一年的放假通知",
        month=12,
        day=10,
        about="国务院办公厅的通知一般在十一月发布。没有载入以前，下一年的期限都是暂定的。",
        reckoned="calendar",
        route="calendar",
        source=ASSUMPTION,
    ),
    YearlyDuty(
        code="review_year",
        name="开新一年的讲评期",
        month=1,
        day=10,
        about="定下四次讲评、一次小结和年终考核的日子和点评的人。",
        reckoned="reviews",
        route="reviews",
        by=("dispatcher",),
        source=_REVIEW,
    ),
    YearlyDuty(
        code="lists",
        name="重新印发四单",
        month=1,
        day=31,
        about="各部门核对职责和责任分工，改过的清单重新印发。",
        reckoned="lists",
        route="lists",
        source=_LISTS,
    ),
    YearlyDuty(
        code="access",
        name="清一遍岗位权限",
        month=3,
        day=31,
        about="快到期的续上或收回，人走了的停用。",
        reckoned="access",
        route="bindings",
        by=("security_admin",),
        source=ASSUMPTION,
    ),
    YearlyDuty(
        code="consents",
        name="核对到期的同意和授权",
        month=6,
        day=30,
        about="代办委托快到期的、队员和先进故事的同意满一年的，去问一声还要不要。",
        reckoned="consents",
        route="assists",
        by=("station_clerk",),
        source=ASSUMPTION,
    ),
    YearlyDuty(
        code="switches",
        name="核对合规开关的依据",
        month=6,
        day=30,
        about="没有依据的关着；依据快到期的，续上或者关掉。",
        reckoned="switches",
        route="compliance",
        source=ASSUMPTION,
    ),
    YearlyDuty(
        code="archive",
        name="归档上一年的台账",
        month=3,
        day=31,
        about="印出上一年的督办通报、讲评结果和清单版本，交档案室。",
        reckoned="archive",
        route="circulars",
        by=("dispatcher", "supervisor"),
        source=ASSUMPTION,
    ),
)
