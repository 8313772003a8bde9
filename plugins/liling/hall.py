"""Service halls: six zones at the centre, four at a sub-centre; who is on duty; what is run as one.

000: 服务大厅设置“六大功能区”，五个部门进驻集中办公；“三统一”“五个一体化”。
"""

from typing import Final

from gridgov.contract.declarations import ASSUMPTION
from gridgov.contract.stations import Days, Joint, Seat, Shift, Zone

_SIX_ZONES: Final = (
    "经验材料：服务大厅设置帮办咨询、窗口受理、分流交办、纠纷调处、指挥调度、综合研判“六大功能区”"
)
_AT_BOTH: Final = (
    "经验材料：服务大厅设置“六大功能区”；医保、社保、民政等109项职能进镇（街）办理，"
    "分中心也设这一区是本项目的假定"
)
_SEATED: Final = "经验材料：综治、政务、安监、公安、城管等部门进驻集中办公"
_THREE: Final = "经验材料：“三统一”（统一岗位调配、统一明确职责、统一绩效考核）"
_FIVE: Final = "经验材料：“五个一体化”（人员、管理、平台、服务、机制一体化）"

SHIFTS: Final = (
    Shift(
        code="day", name="白班", begins="08:30", ends="17:30", days=Days.WORKING, source=ASSUMPTION
    ),
    Shift(
        code="rest",
        name="休息日班",
        begins="08:30",
        ends="17:30",
        days=Days.REST,
        source=ASSUMPTION,
    ),
    Shift(code="night", name="夜班", begins="17:30", ends="08:30", source=ASSUMPTION),
)
"""The texts name no hours: the office's, and the night between them; weekends and holidays too."""

_ALWAYS: Final = ("day", "rest", "night")

_CENTRE: Final = ("county",)
_BOTH: Final = ("county", "town")


def _seated(code: str, name: str, department: str, shifts: tuple[str, ...] = _ALWAYS) -> Seat:
    return Seat(
        code=code, name=name, levels=_CENTRE, department=department, shifts=shifts, source=_SEATED
    )


SEATS: Final = (
    _seated("order", "综治", "center"),
    _seated("affairs", "政务", "civil", ("day",)),
    _seated("safety", "安监", "emergency"),
    _seated("police", "公安", "police"),
    _seated("urban", "城管", "urban"),
    Seat(
        code="subcentre",
        name="分中心值班",
        levels=("town",),
        shifts=("day", "rest"),
        source=ASSUMPTION,
    ),
)
"""政务 has no department of its own in the package: civil affairs sends somebody (assumption)."""

ZONES: Final = (
    Zone(
        code="help",
        name="帮办咨询",
        about="问得清、帮着办：代办的事，水电气和生活上的事。",
        levels=_BOTH,
        kinds=("assist",),
        categories=("livelihood",),
        seats=("affairs", "subcentre"),
        tickets=True,
        source=_AT_BOTH,
    ),
    Zone(
        code="window",
        name="窗口受理",
        about="一个窗口接下所有的事，等着立案的在这里。",
        levels=_BOTH,
        states=("reported",),
        seats=("order", "affairs", "subcentre"),
        tickets=True,
        source=_AT_BOTH,
    ),
    Zone(
        code="division",
        name="分流交办",
        about="立了案、等着派给部门的事。",
        levels=_BOTH,
        states=("filed",),
        seats=("order",),
        roles=("dispatcher", "subcentre_clerk"),
        source=_AT_BOTH,
    ),
    Zone(
        code="mediation",
        name="纠纷调处",
        about="送到这里来的矛盾纠纷，在这里调。",
        levels=_BOTH,
        categories=("dispute",),
        seats=("order", "police", "subcentre"),
        tickets=True,
        source=_AT_BOTH,
    ),
    Zone(
        code="command",
        name="指挥调度",
        about="已经派出去、正在办的事。",
        levels=_CENTRE,
        states=("dispatched", "handling"),
        seats=("safety", "police", "urban"),
        roles=("dispatcher",),
        source=_SIX_ZONES,
    ),
    Zone(
        code="study",
        name="综合研判",
        about="部门说办完了、等着核查答复的事。",
        levels=_CENTRE,
        states=("handled",),
        seats=("order",),
        roles=("supervisor",),
        source=_SIX_ZONES,
    ),
)
"""The six stand in the hall of the centre. What residents come for is done in the towns, too (000:
109 matters), so a sub-centre has the four that receive, hand on and mediate: an assumption, as is
which matters lie in which zone (by what is to be done next).
"""

JOINTS: Final = (
    Joint(
        code="posting",
        group="三统一",
        name="统一岗位调配",
        about="四个中心的人在一张岗位表里，任职、卸任、代理都在这里办。",
        pages=(("人员和岗位", "people"), ("中心的岗位", "station")),
        source=_THREE,
    ),
    Joint(
        code="duties",
        group="三统一",
        name="统一明确职责",
        about="谁能办什么由授权定，一个人能看到什么、为什么，随时查得到。",
        pages=(("岗位权限", "bindings"), ("为什么看得到", "why")),
        source=_THREE,
    ),
    Joint(
        code="appraisal",
        group="三统一",
        name="统一绩效考核",
        about="所有部门用同一个按期率、同一份群众评价，算法写在数字旁边。",
        pages=(("运行总览", "overview"), ("督办台账", "supervision")),
        source=_THREE,
    ),
    Joint(
        code="staff",
        group="五个一体化",
        name="人员一体化",
        about="进驻的五个部门排一张值班表，夜里和节假日也有人。",
        pages=(("值班表", "duty"),),
        source=_FIVE,
    ),
    Joint(
        code="management",
        group="五个一体化",
        name="管理一体化",
        about="中心、分中心、工作站用同一份建设标准、同一份资料。",
        pages=(("工作阵地", "stations"), ("建设标准", "standards")),
        source=_FIVE,
    ),
    Joint(
        code="platform",
        group="五个一体化",
        name="平台一体化",
        about="政法综治、行政执法、便民服务、基层党建四个平台用的是同一套事件。",
        pages=(("工作平台", "platforms"), ("事件列表", "cases")),
        source=_FIVE,
    ),
    Joint(
        code="service",
        group="五个一体化",
        name="服务一体化",
        about="居民只到一个窗口，事情在后台分流，由大厅答复。",
        pages=(("功能区", "hall"), ("一窗受理", "hall_window")),
        source=_FIVE,
    ),
    Joint(
        code="mechanism",
        group="五个一体化",
        name="机制一体化",
        about="派遣、退单、延期、督办都按同一个流程、同一个时限。",
        pages=(("派遣台", "dispatch_desk"), ("退单台账", "bounces")),
        source=_FIVE,
    ),
)
