"""五个一批: one catalogue of services, its batches, and what the two texts count in it."""

from typing import Final

from gridgov.contract.declarations import ASSUMPTION, Category
from gridgov.contract.services import ASSIST, CustodyPlace, ServiceBatch, ServiceFlag

_BATCHES: Final = (
    "经验材料：“五个一批”：一批惠民事项、一批审批事项、一批监管（巡查）事项、一批宣传事项、"
    "一批平台事项"
)
_MOVED_DOWN: Final = "经验材料：109项职能进镇（街）办理，下放97项职能进村（社区）办理"
_AGENCY: Final = "经验材料：通过手机自动定位即可联系网格员代办129项公共服务事项"
_ONLINE: Final = "报道：664项民生事项一键查询办事指南、网上提交资料预审"
_ASSISTED: Final = "报道：由网格员全程帮办卫计、民政、残联、人社等部门的50项民生事项"

BATCHES: Final = (
    ServiceBatch(code="benefit", name="惠民事项", category="assist_benefit", source=_BATCHES),
    ServiceBatch(code="approval", name="审批事项", category="assist_approval", source=_BATCHES),
    ServiceBatch(code="patrol", name="监管（巡查）事项", source=_BATCHES),
    ServiceBatch(code="publicity", name="宣传事项", source=_BATCHES),
    ServiceBatch(code="platform", name="平台事项", category="assist_platform", source=_BATCHES),
)
"""What is watched over and what is made known is not done on anybody's behalf: no category."""

FLAGS: Final = (
    ServiceFlag(
        code="town", name="镇（街）能办", heading="镇街办理", printed=109, source=_MOVED_DOWN
    ),
    ServiceFlag(
        code="village", name="村（社区）能办", heading="村社办理", printed=97, source=_MOVED_DOWN
    ),
    ServiceFlag(
        code="agency",
        name="网格员代办",
        heading="可代办",
        printed=129,
        on_behalf=True,
        needs=("steps",),
        source=_AGENCY,
    ),
    ServiceFlag(code="online", name="网上有指南", heading="网上指南", printed=664, source=_ONLINE),
    ServiceFlag(
        code="assisted",
        name="全程帮办",
        printed=50,
        under="agency",
        needs=("materials",),
        source=_ASSISTED,
    ),
)
"""What is wholly assisted is done by the worker: no steps, no papers, nobody could begin."""

CUSTODY: Final = (
    CustodyPlace(code="worker", name="网格员手上", at_hand=True, source=ASSUMPTION),
    CustodyPlace(code="station", name="村（社区）工作站", at_hand=True, source=ASSUMPTION),
    CustodyPlace(code="town", name="镇（街）", source=ASSUMPTION),
    CustodyPlace(code="department", name="办理部门", source=ASSUMPTION),
)
"""The hands a document passes through on the way up: those of the four levels of the platform."""

_DEPARTMENTS: Final = ("civil", "labour", "health", "disabled", "medicare", "social", "land")

CATEGORIES: Final = (
    Category(code="assist", name="代办服务", source=_AGENCY),
    *(
        Category(
            code=f"assist_{code}",
            name=name,
            parent="assist",
            kind=ASSIST,
            urgency="assist",
            departments=_DEPARTMENTS,
            source=_AGENCY,
        )
        for code, name in (
            ("benefit", "惠民事项代办"),
            ("approval", "审批事项代办"),
            ("platform", "平台事项代办"),
        )
    ),
)
