"""What a case is about besides parts and events: livelihood, the local trades, disputes."""

from typing import Final

from gridgov.baseline.categories import Row, leaves
from gridgov.contract.declarations import ASSUMPTION, Category

_LIVELIHOOD: Final = "报道：涉及到市民水电气等民生事件"
_TRADES: Final = "经验材料：中国陶瓷历史文化名城、中国花炮之都"
_SEVEN_HAVES: Final = "经验材料：按照“七有”标准完成所有分中心、工作站的标准化建设"
_TOPICS: Final = "经验材料、报道：13类矛盾问题归口处理"
_SIX_NAMED: Final = "经验材料：劳资纠纷、征地拆迁、房地产开发及物业、资源权属争议、环境保护、涉军"

LIVELIHOOD: Final[tuple[Row, ...]] = (
    ("water", "停水或水压不足", "prompt", "water", "没水 水小 水浑 自来水"),
    ("power", "停电或电压不稳", "prompt", "power", "没电 跳闸 断电"),
    ("gas", "停气或气压不足", "prompt", "gas", "没气 打不着火 天然气"),
)

SAFETY: Final[tuple[Row, ...]] = (
    ("fireworks", "烟花爆竹隐患", "urgent", "emergency", "鞭炮 引线 花炮 私存"),
    ("kiln", "窑炉安全隐患", "urgent", "emergency", "瓷厂 窑 煤气发生炉"),
    ("gas_use", "燃气使用隐患", "prompt", "gas emergency", "液化气瓶 煤气罐 软管老化"),
    ("fire_exit", "消防通道堵塞", "normal", "emergency", "安全出口 楼道充电"),
    ("house", "房屋安全隐患", "prompt", "housing", "危房 墙倒 开裂"),
    ("slope", "地质灾害隐患", "urgent", "land emergency", "滑坡 裂缝 塌方"),
    ("food", "食品安全问题", "normal", "market", "过期食品 卫生"),
)

STATIONS: Final[tuple[Row, ...]] = (
    ("station_lack", "工作站设施不全", "normal", "center", "分中心 大屏 视联网 牌子 制度上墙"),
)

TOPICS: Final[tuple[Row, ...]] = (
    ("labour", "劳资纠纷", "normal", "labour", "欠薪 讨薪 工资"),
    ("acquisition", "征地拆迁", "normal", "land", "拆迁补偿 征收"),
    ("property", "房地产开发及物业", "normal", "housing", "物业费 交房 业委会"),
    ("resources", "资源权属争议", "normal", "land", "山林 土地权属 宅基地界"),
    ("environment", "环境保护", "normal", "environment", "污染 噪声 异味 废水"),
    ("veterans", "退役军人权益", "normal", "veterans", "优抚 退役"),
    ("family", "婚姻家庭邻里", "normal", "justice", "邻里吵架 家庭矛盾"),
    ("medical", "医疗纠纷", "normal", "health", "医院 看病"),
    ("traffic", "交通事故", "normal", "police", "撞车 事故赔偿"),
    ("litigation", "涉法涉诉", "normal", "justice", "法院 判决"),
    ("lending", "民间借贷", "normal", "police", "集资 借钱不还"),
    ("insurance", "社保与企业改制", "normal", "labour", "养老保险 下岗"),
    ("campus", "教育校园", "normal", "education", "学校 入学"),
)
"""Thirteen topics: six are printed, the other seven are usual ones. 涉军 is shown as the
entitlements of veterans, a matter and not a group of people."""

_PRINTED: Final = {"labour", "acquisition", "property", "resources", "environment", "veterans"}


def _topics() -> tuple[Category, ...]:
    named = tuple(row for row in TOPICS if row[0] in _PRINTED)
    usual = tuple(row for row in TOPICS if row[0] not in _PRINTED)
    return (
        *leaves(named, parent="dispute", source=_SIX_NAMED),
        *leaves(usual, parent="dispute", unverified=True, source=ASSUMPTION),
    )


CATEGORIES: Final = (
    Category(code="livelihood", name="水电气民生", source=_LIVELIHOOD),
    Category(code="safety", name="安全隐患", source=_TRADES),
    Category(code="station", name="阵地建设", source=_SEVEN_HAVES),
    Category(code="dispute", name="矛盾纠纷", source=_TOPICS),
    *leaves(LIVELIHOOD, parent="livelihood", source=_LIVELIHOOD),
    *leaves(SAFETY, parent="safety", source=_TRADES),
    *leaves(STATIONS, parent="station", source=_SEVEN_HAVES),
    *_topics(),
)
