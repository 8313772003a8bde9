"""一专(兼)三长多员、三定、四件套: who each grid must have, for what, and what they are handed.

The texts name different 多员: the first has 城管员 and 安监员, the later 网格信息员 instead.
Both readings stand here from the day of their text; the county changes the numbers by settings.
"""

from datetime import date
from typing import Final

from gridgov.contract.declarations import ASSUMPTION, Setting
from gridgov.contract.staffing import FULL_TIME, PART_TIME, Duty, KitItem, Quota

_BEGUN: Final = date(2017, 4, 1)
_LATER: Final = date(2019, 5, 28)
_CHIEFS: Final = "经验材料：每个网格设立网格长、党小组长、联组长“三长”"
_MANY: Final = "经验材料：每个网格配备督导员、调解员、城管员、安监员、网格警员、巡防员等“多员”"
_MANY_LATER: Final = "报道：每个网格还配备了督导员、调解员、网格警员、巡防员、网格信息员等"
_DUTIES: Final = "经验材料：网格管理实行“三定”，定责即明确每个网格员的岗位职责"

WORKER: Final = "一专（兼）"
CHIEFS: Final = "三长"
MANY: Final = "多员"

QUOTAS: Final = (
    Quota(
        code="worker_urban",
        post="worker",
        level="grid",
        area="urban",
        employment=FULL_TIME,
        group=WORKER,
        source="经验材料：城区公开招聘220名专职网格员",
    ),
    Quota(
        code="worker_rural",
        post="worker",
        level="grid",
        area="rural",
        employment=PART_TIME,
        group=WORKER,
        source="经验材料：农村从当地村干部、党员、群众中选聘600名兼职网格员",
    ),
    *(
        Quota(code=post, post=post, level="grid", group=CHIEFS, since=_BEGUN, source=_CHIEFS)
        for post in ("chief", "party_leader", "group_leader")
    ),
    *(
        Quota(code=post, post=post, level="grid", group=MANY, since=_BEGUN, source=_MANY)
        for post in ("inspector", "mediator", "police", "patroller")
    ),
    *(
        Quota(
            code=f"{post}_first",
            post=post,
            level="grid",
            group=MANY,
            since=_BEGUN,
            until=_LATER,
            source=_MANY,
        )
        for post in ("city_officer", "safety_officer")
    ),
    *(
        Quota(
            code=post,
            post=post,
            level="grid",
            group=MANY,
            setting=f"quota_{post}",
            since=_LATER,
            source=_MANY_LATER,
        )
        for post in ("city_officer", "safety_officer", "information_officer")
    ),
)
"""Urban and rural grids differ in the worker alone."""

_GROUP: Final = "人员配备"
_BOTH: Final = "两份文件的“多员”不同：经验材料有城管员、安监员，报道改列网格信息员。0 就是不要求。"


def _asked(post: str, name: str, default: int) -> Setting:
    return Setting(
        code=f"quota_{post}",
        name=name,
        group=_GROUP,
        default=default,
        unit="人",
        least=0,
        most=5,
        help=_BOTH,
        source=_MANY_LATER,
    )


SETTINGS: Final = (
    _asked("city_officer", "每个网格城管员人数", 0),
    _asked("safety_officer", "每个网格安监员人数", 0),
    _asked("information_officer", "每个网格网格信息员人数", 1),
    Setting(
        code="supervision_phone",
        name="监督电话",
        group=_GROUP,
        default="0731-00000000",
        help="印在网格公示牌上。现在是演示号码，请改成本县的。",
        source=ASSUMPTION,
    ),
)

_WORDS: Final = {
    "worker": (
        "巡查重点区域和公共设施，发现隐患及时上报",
        "走访住户，听取意见，采集更新楼栋、住房和户数",
        "帮办代办服务事项，宣讲政策",
        "登记台账，跟进上报事件的结果并告诉群众",
    ),
    "chief": ("统筹网格工作，召集会议", "协调网格内解决不了的事，及时上报工作站"),
    "party_leader": ("组织网格内党员开展活动，联系服务群众",),
    "group_leader": ("联系本片住户，传达通知，带头参与公益活动",),
    "inspector": ("督促网格事项办理，点评存在的问题",),
    "mediator": ("调解邻里、家庭等民间纠纷",),
    "city_officer": ("查看市容环境，劝导占道、乱堆等行为",),
    "safety_officer": ("查看生产、消防、燃气等安全隐患并上报",),
    "police": ("接受警务咨询，宣传法律知识", "遇有治安情况，联系派出所或者拨打110"),
    "patroller": ("在网格内巡查，提醒防盗防火，看到险情先报警",),
    "information_officer": ("收集社情民意，转告网格员",),
}

DUTIES: Final = tuple(
    Duty(code=f"{post}_{place}", post=post, words=words, source=_DUTIES)
    for post, lines in _WORDS.items()
    for place, words in enumerate(lines, start=1)
)
"""000 names the duty to fix duties, and what workers do; the wording of each line is ours."""

_KIT: Final = "经验材料：网格员统一配备专用手机、工作证、工作包、职业装“四件套”"

KIT: Final = (
    KitItem(code="phone", name="专用手机", posts=("worker",), phone=True, source=_KIT),
    *(
        KitItem(code=code, name=name, posts=("worker",), source=_KIT)
        for code, name in (
            ("card", "工作证"),
            ("bag", "工作包"),
            ("uniform", "职业装"),
        )
    ),
    KitItem(
        code="key",
        name="钥匙",
        posts=("worker", "chief", "clerk"),
        key=True,
        source=ASSUMPTION,
    ),
    KitItem(
        code="car",
        name="网格巡查专用车",
        level="grid",
        area="urban",
        source="经验材料：城区配备网格巡查专用车",
    ),
)
