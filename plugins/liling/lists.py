"""四单四制 (001): the four lists by which matters are handed over, and the four rules beside them.

001 names them and prints none of their rows. The classes and the departments are those by which
cases are routed; duties in words and what a round looks at are this project's assumption. On paper
the texts are called 经验材料 (000) and 报道 (001): who reads a list knows no numbers of ours.
"""

from typing import Final

from gridgov.contract.declarations import ASSUMPTION
from gridgov.contract.lists import (
    ASSIGNMENT,
    CLASSES,
    REMITS,
    ROUNDS,
    CountyList,
    Practice,
    Remit,
    Round,
)

_FOUR_LISTS: Final = "报道：梳理了部门职责清单、日常巡查清单、事件分类清单、问题交办清单"
_FOUR_RULES: Final = "报道：集体会商制、交办反馈制、挂号销号制、督办通报制"
_LOOK_AT: Final = "经验材料：排查重点区域、公共设施的安全隐患"
_TRADES: Final = "经验材料：中国陶瓷历史文化名城、中国花炮之都"

LISTS: Final = (
    CountyList(
        code=REMITS,
        name="部门职责清单",
        about="每个部门管什么；哪些小类先派给它，由问题交办清单反过来列出。",
        source=_FOUR_LISTS,
    ),
    CountyList(
        code=ROUNDS,
        name="日常巡查清单",
        about="网格员每天巡查走访时看什么、多久看一次。",
        source=_FOUR_LISTS,
    ),
    CountyList(
        code=CLASSES,
        name="事件分类清单",
        about="每一小类多急、多久办结、先派给谁。",
        source=_FOUR_LISTS,
    ),
    CountyList(
        code=ASSIGNMENT,
        name="问题交办清单",
        about="每一小类的责任部门，和协办、备选的部门。派遣时的推荐就是照它来的。",
        source=_FOUR_LISTS,
    ),
)

PRACTICES: Final = (
    Practice(
        code="consultation",
        name="集体会商制",
        about="退单几次定不下来的，由第一责任人召集会商，记录附在事件上。",
        route="meetings",
        source=_FOUR_RULES,
    ),
    Practice(
        code="feedback",
        name="交办反馈制",
        about="交办后按时受理、按时反馈；不归自己管的写明理由退单，都记在退单台账里。",
        route="bounces",
        source=_FOUR_RULES,
    ),
    Practice(
        code="number_and_strike",
        name="挂号销号制",
        about="挂了号的盯到底：谁挂的、为什么、哪天销的号，督办台账里逐件列明。",
        route="supervision",
        source=_FOUR_RULES,
    ),
    Practice(
        code="circular",
        name="督办通报制",
        about="一段时间内的督办事项按镇街、按单位通报，写明进展和要求。",
        route="circulars",
        source=_FOUR_RULES,
    ),
)

_REMITS: Final = {
    "center": ("受理、派遣、督办全市网格事件，核查办理结果", "管理网格划分、网格员队伍和信息系统"),
    "urban": (
        "市容环境、占道经营、违法建设的巡查和处置",
        "路灯、公厕、垃圾收运等设施的养护",
    ),
    "housing": ("房屋安全、物业管理、建筑工地的监管", "城区道路、排水管网和井盖的养护"),
    "water": ("城区供水和供水设施的抢修，24 小时有人接听",),
    "power": ("供电和电力设施的抢修，24 小时有人接听",),
    "gas": ("管道燃气的供应、抢修和入户安检",),
    "emergency": ("烟花爆竹、危险化学品和陶瓷窑炉的安全监管", "防汛抗旱和突发事件的应急处置"),
    "police": ("社会治安、道路交通秩序，接处警", "指导网格联络，提供警务咨询"),
    "justice": ("人民调解、法律援助、法治宣传",),
    "civil": ("社会救助、养老、地名和社区建设",),
    "labour": ("劳资纠纷的调解和监察", "社会保险和就业服务"),
    "land": ("征地、土地和山林权属、地质灾害防治",),
    "environment": ("大气、水、噪声和固体废物污染的监管",),
    "veterans": ("退役军人的接待、优抚和权益维护",),
    "transport": ("农村公路、客运和公交设施的管养",),
    "market": ("食品药品、特种设备和市场秩序的监管",),
    "health": ("医疗卫生、公共卫生和医患纠纷的处理",),
    "education": ("学校管理、招生入学和校园安全",),
    "agriculture": ("农村人居环境、沟渠河堤和农业生产",),
}

REMITS_IN_WORDS: Final = tuple(
    Remit(code=f"{department}_{number}", department=department, text=text, source=ASSUMPTION)
    for department, texts in _REMITS.items()
    for number, text in enumerate(texts, 1)
)

_DAILY: Final = "每天"
_WEEKLY: Final = "每周"

_ROUNDS: Final = (
    ("key_1", "重点区域", "学校、市场、车站周边：秩序、占道、消防通道", _DAILY, _LOOK_AT),
    ("key_2", "重点区域", "河边、水塘、地质灾害点：警示牌和护栏在不在", _DAILY, _LOOK_AT),
    ("key_3", "重点区域", "在建工地：围挡、扬尘、夜间施工", _WEEKLY, _LOOK_AT),
    ("public_1", "公共设施", "井盖、雨水箅子：缺损、移位、堵塞", _DAILY, _LOOK_AT),
    ("public_2", "公共设施", "路灯、交通设施、健身器材：坏了没有", _DAILY, _LOOK_AT),
    ("public_3", "公共设施", "消火栓、楼道灭火器：能不能用、挡没挡住", _WEEKLY, _LOOK_AT),
    ("clean_1", "环境卫生", "垃圾收集点：满没满、有没有乱倒", _DAILY, ASSUMPTION),
    ("clean_2", "环境卫生", "道路、沟渠：破损、积水、污水外溢", _DAILY, ASSUMPTION),
    ("trade_1", "本地行业", "烟花爆竹：有没有私自生产、储存", _DAILY, _TRADES),
    ("trade_2", "本地行业", "陶瓷窑炉、煤气发生炉：通风、用气、值守", _WEEKLY, _TRADES),
    ("home_1", "楼栋院落", "楼道：堆物、电动车进楼充电、私拉电线", _DAILY, ASSUMPTION),
    ("home_2", "楼栋院落", "老旧房屋：墙体开裂、倾斜、坠落物", _WEEKLY, ASSUMPTION),
    ("home_3", "楼栋院落", "用气的人家：软管、灶具、通风", "每季度", ASSUMPTION),
    ("people_1", "走访", "需要帮助的人家：有什么困难、要办什么事", _DAILY, ASSUMPTION),
    ("people_2", "走访", "邻里、物业、劳资：有没有苗头，能不能先劝和", _DAILY, ASSUMPTION),
)

ROUNDS_LOOKED_AT: Final = tuple(
    Round(code=code, group=group, text=text, often=often, source=source)
    for code, group, text, often, source in _ROUNDS
)
