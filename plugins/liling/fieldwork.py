"""What is written down in the field: ledgers, campaigns, and what buildings are used for.

000: 建立管理台账、建立一本走访台账、宣讲一批时事政策、收集一批社情民意、发放一张便民卡;
001: 民情日记本上总是记得满满当当. What the texts say of watching people is not built.
"""

from typing import Final

from gridgov.contract.declarations import ASSUMPTION
from gridgov.contract.fieldwork import (
    CASE,
    BuildingUse,
    CampaignKind,
    LedgerField,
    LedgerKind,
)

_EIGHT: Final = "经验材料：“八个一”工作要求"
_PATROL: Final = "经验材料：每天至少巡查走访2次，每次不少于2小时，登记备案，建立管理台账"
_CAMPAIGN: Final = (
    "经验材料：网格内常态化走访与集中式排查相结合，进企业、进商铺、进社区、进村居、进家庭"
)
_NO_NAMES: Final = "只写事情和地方，不写人的姓名、电话。"
_TRADES: Final = "经验材料：中国陶瓷历史文化名城、中国花炮之都"

PATROL: Final = LedgerKind(
    code="patrol",
    name="巡查",
    about="在网格里走一圈，看重点区域和公共设施有没有安全隐患。",
    icon="route",
    spans=True,
    fields=(
        LedgerField(
            code="found",
            label="看下来怎么样？",
            kind="choice",
            required=True,
            choices=(("fine", "没有发现问题"), ("problem", "发现了问题")),
        ),
        LedgerField(code="where", label="走了哪些地方", limit=100),
        LedgerField(
            code="seen",
            label="看到了什么",
            kind="long_text",
            needed_when=("found", "problem"),
            limit=500,
            help=_NO_NAMES,
        ),
    ),
    becomes=(CASE,),
    kept="record_days",
    daily="patrols_daily",
    minutes="patrol_minutes",
    planned_for=("worker",),
    source=_PATROL,
)
VISIT: Final = LedgerKind(
    code="visit",
    name="走访",
    about="听群众需要什么，答应帮什么，约好什么时候再联系。",
    icon="handshake",
    building=True,
    fields=(
        LedgerField(
            code="mode",
            label="怎么联系的？",
            kind="choice",
            required=True,
            choices=(("door", "上门"), ("phone", "电话"), ("met", "路上遇到")),
        ),
        LedgerField(
            code="need",
            label="听到的需要",
            kind="long_text",
            limit=500,
            sealed=True,
            help="写需要什么，不写对人的评价。加密保存，一年后删除。",
        ),
        LedgerField(
            code="promise",
            label="答应帮什么",
            kind="long_text",
            limit=300,
            sealed=True,
            help="写了就可以一键变成事件，办好为止。",
        ),
        LedgerField(code="next", label="约好下次联系", kind="date", ahead=True),
    ),
    least=("need", "promise", "next"),
    becomes=(CASE, "opinion"),
    kept="visit_days",
    source=_EIGHT,
)
DIARY: Final = LedgerKind(
    code="diary",
    name="民情日记",
    about="写给自己的本子，只有自己看得到；其中一句可以变成事件，或者报成社情民意。",
    icon="notebook-pen",
    private=True,
    fields=(
        LedgerField(
            code="words",
            label="今天记一笔",
            kind="long_text",
            required=True,
            limit=1000,
            sealed=True,
        ),
    ),
    becomes=(CASE, "opinion"),
    kept="diary_days",
    source="报道：民情日记本",
)
OPINION: Final = LedgerKind(
    code="opinion",
    name="社情民意",
    about="把群众的想法和建议报给工作站，由工作站答复，再带回去告诉群众。",
    icon="megaphone",
    answered=True,
    fields=(
        LedgerField(
            code="topic",
            label="关于什么",
            kind="choice",
            required=True,
            choices=(
                ("living", "生活环境"),
                ("service", "办事服务"),
                ("policy", "政策建议"),
                ("safety", "平安治安"),
                ("other", "其他"),
            ),
        ),
        LedgerField(
            code="words",
            label="群众怎么说",
            kind="long_text",
            required=True,
            limit=500,
            help=_NO_NAMES,
        ),
    ),
    becomes=(CASE,),
    kept="record_days",
    source="经验材料：“八个一”：收集一批社情民意",
)
HAND_OUT: Final = LedgerKind(
    code="hand_out",
    name="宣传资料发放",
    about="发了什么、发了多少；便民卡按户发。",
    icon="file-text",
    items=(
        ("card", "便民卡"),
        ("leaflet", "惠民便民政策宣传单"),
        ("booklet", "办事指南手册"),
        ("letter", "一封信、倡议书"),
    ),
    fields=(LedgerField(code="topic", label="关于什么（可以不写）", limit=40),),
    kept="record_days",
    source="经验材料：“八个一”：发放一张便民卡；发放惠民便民政策宣传资料12万余份",
)
TALK: Final = LedgerKind(
    code="talk",
    name="政策宣讲",
    about="讲了什么政策，在哪里讲的，多少人听。",
    icon="message-circle",
    fields=(
        LedgerField(code="topic", label="讲了什么", required=True, limit=60),
        LedgerField(code="place", label="在哪里讲的", limit=60),
        LedgerField(code="people", label="多少人听", kind="number"),
    ),
    kept="record_days",
    source="经验材料：“八个一”：宣讲一批时事政策",
)

LEDGERS: Final = (PATROL, VISIT, DIARY, OPINION, HAND_OUT, TALK)

BUILDING_USES: Final = (
    BuildingUse(code="home", name="住宅楼", dwells=True, source=ASSUMPTION),
    BuildingUse(code="house", name="自建房", dwells=True, source=ASSUMPTION),
    BuildingUse(code="mixed", name="商住两用", dwells=True, source=ASSUMPTION),
    BuildingUse(code="shop", name="商铺", source=_CAMPAIGN),
    BuildingUse(code="firm", name="企业厂房", source=_CAMPAIGN),
    BuildingUse(code="ceramics", name="陶瓷企业", source=_TRADES),
    BuildingUse(code="fireworks", name="花炮企业", source=_TRADES),
    BuildingUse(code="public", name="学校、医院等公共建筑", source=ASSUMPTION),
    BuildingUse(code="other", name="其他", source=ASSUMPTION),
)


def _lines(*words: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(place), line) for place, line in enumerate(words))


CAMPAIGNS: Final = (
    CampaignKind(
        code="firms",
        name="进企业",
        uses=("firm", "ceramics", "fireworks"),
        lines=_lines(
            "安全出口和消防通道畅通",
            "灭火器在位、没有过期",
            "窑炉、煤气和用电设备有人检查并有记录",
            "危险品分开存放，没有超量",
            "员工知道出事找谁、往哪里走",
        ),
        category="kiln",
        source=_CAMPAIGN,
    ),
    CampaignKind(
        code="shops",
        name="进商铺",
        uses=("shop", "mixed"),
        lines=_lines(
            "没有住人，或者住人的地方有第二个出口",
            "电线没有乱拉，没有电动车入户充电",
            "液化气瓶单独放，软管没有老化",
            "灭火器在位、没有过期",
            "食品没有过期，证照齐全",
        ),
        category="fire_exit",
        source=_CAMPAIGN,
    ),
    CampaignKind(
        code="communities",
        name="进社区",
        levels=("village",),
        area="urban",
        lines=_lines(
            "楼道没有堆物，没有电动车充电",
            "井盖、路灯、护栏完好",
            "健身和儿童设施完好",
            "消防车道没有占用",
        ),
        category="fire_exit",
        source=_CAMPAIGN,
    ),
    CampaignKind(
        code="villages",
        name="进村居",
        levels=("village",),
        area="rural",
        lines=_lines(
            "山塘、水库、河边有警示和护栏",
            "屋后山坡没有裂缝、落石",
            "危房没有住人",
            "桥、路没有塌陷",
        ),
        category="slope",
        source=_CAMPAIGN,
    ),
    CampaignKind(
        code="homes",
        name="进家庭",
        uses=("home", "house", "mixed"),
        lines=_lines(
            "燃气软管没有老化，灶具会自动熄火",
            "取暖不用明火，通风好",
            "电线没有乱拉，插座没有发烫",
            "楼道和门口没有堆物",
        ),
        category="gas_use",
        source=_CAMPAIGN,
    ),
)
"""Homes are buildings: what is looked at is gas, wires and ways out, never who lives there."""
