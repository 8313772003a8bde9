"""What a case is about: the parts and events of urban management, to start from.

Codes follow the order that city handbooks print for GB/T 30428; they are not checked against the
standard itself and say so. Departments are codes that a county gives its own; which one answers is
the county's to change. What belongs to district heating is left to counties that have it.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias

from gridgov.contract.declarations import Category

_HANDBOOKS: Final = "城市管理手册通行的部件、事件分类，代码未与标准原文核对"

Row: TypeAlias = tuple[str, str, str, str, str]
"""Code, name, urgency, departments (the likeliest first), other words for it."""


def leaves(
    rows: Iterable[Row], *, parent: str = "", unverified: bool = False, source: str
) -> tuple[Category, ...]:
    """A list of categories under one parent, or each under the one that its code begins with."""
    return tuple(
        Category(
            code=code,
            name=name,
            parent=parent or code[:3],
            urgency=urgency,
            departments=tuple(departments.split()),
            words=tuple(words.split()),
            unverified=unverified,
            source=source,
        )
        for code, name, urgency, departments, words in rows
    )


MAJORS: Final = (
    ("P01", "公用设施"),
    ("P02", "道路交通设施"),
    ("P03", "市容环境设施"),
    ("P04", "园林绿化"),
    ("P05", "其他设施"),
    ("E01", "市容环境"),
    ("E02", "宣传广告"),
    ("E03", "施工管理"),
    ("E04", "突发事件"),
    ("E05", "街面秩序"),
)

PARTS: Final[tuple[Row, ...]] = (
    ("P0101", "上水井盖", "normal", "water urban", "井盖 自来水井"),
    ("P0102", "污水井盖", "normal", "housing urban", "井盖 下水道"),
    ("P0103", "雨水井盖", "normal", "housing urban", "井盖 下水道"),
    ("P0104", "雨水箅子", "normal", "housing urban", "雨篦 排水口"),
    ("P0105", "电力井盖", "normal", "power", "井盖"),
    ("P0106", "路灯井盖", "normal", "urban", "井盖"),
    ("P0107", "通讯井盖", "normal", "urban", "井盖 电信 移动 联通"),
    ("P0111", "燃气井盖", "normal", "gas", "井盖"),
    ("P0113", "消防设施", "normal", "emergency", "消火栓 灭火器"),
    ("P0114", "无主井盖", "normal", "urban", "井盖"),
    ("P0116", "电力设施", "normal", "power", "电线杆 变压器 配电箱"),
    ("P0117", "立杆", "normal", "urban", "杆子 倾斜"),
    ("P0118", "路灯", "normal", "urban", "灯不亮"),
    ("P0120", "景观灯", "normal", "urban", "灯不亮"),
    ("P0126", "健身设施", "normal", "urban", "健身器材"),
    ("P0129", "监控电子眼", "normal", "police", "摄像头"),
    ("P0201", "停车场", "normal", "urban", "停车位"),
    ("P0203", "公交站亭", "normal", "transport", "候车亭 站牌"),
    ("P0205", "过街天桥", "normal", "transport urban", "天桥 栏杆"),
    ("P0206", "地下通道", "normal", "urban", "地道"),
    ("P0209", "交通标志牌", "normal", "police", "路标 指示牌"),
    ("P0210", "交通信号灯", "normal", "police", "红绿灯"),
    ("P0211", "交通护栏", "normal", "police urban", "隔离栏"),
    ("P0212", "存车支架", "normal", "urban", "自行车架"),
    ("P0213", "路名牌", "normal", "civil", "路牌"),
    ("P0301", "公共厕所", "normal", "urban", "公厕"),
    ("P0302", "化粪池", "normal", "urban housing", "粪水外溢"),
    ("P0304", "垃圾间", "normal", "urban", "垃圾站 垃圾楼"),
    ("P0305", "垃圾箱", "normal", "urban", "垃圾桶"),
    ("P0307", "广告牌匾", "normal", "urban", "招牌"),
    ("P0401", "古树名木", "normal", "land", "古树"),
    ("P0402", "行道树", "normal", "urban", "树木倒伏 大树"),
    ("P0403", "护树设施", "normal", "urban", "树池"),
    ("P0405", "绿地", "normal", "urban", "草坪 绿化带"),
    ("P0406", "雕塑", "normal", "urban", ""),
    ("P0407", "街头座椅", "normal", "urban", "长椅"),
    ("P0408", "绿地护栏", "normal", "urban", "栏杆"),
    ("P0501", "重大危险源", "urgent", "emergency", "危化品"),
    ("P0502", "工地设施", "normal", "housing", "围挡"),
    ("P0503", "水域附属设施", "normal", "agriculture", "水渠 河堤护栏"),
)

EVENTS: Final[tuple[Row, ...]] = (
    ("E0101", "私搭乱建", "normal", "urban", "违建 违章建筑"),
    ("E0102", "暴露垃圾", "normal", "urban", "垃圾没人清"),
    ("E0103", "积存垃圾渣土", "normal", "urban", "建筑垃圾 渣土堆"),
    ("E0104", "道路不洁", "normal", "urban", "路面脏"),
    ("E0105", "水域不洁", "normal", "environment", "河道垃圾 水面漂浮物"),
    ("E0106", "绿地脏乱", "normal", "urban", "绿化带垃圾"),
    ("E0107", "废弃车辆", "normal", "urban", "僵尸车"),
    ("E0108", "废弃家具设施", "normal", "urban", "大件垃圾 旧沙发"),
    ("E0109", "非装饰性树挂", "normal", "urban", "树上挂物"),
    ("E0110", "道路破损", "normal", "urban transport", "路面坑洼 路坏了"),
    ("E0111", "河堤破损", "normal", "agriculture", "堤坝"),
    ("E0112", "道路遗撒", "normal", "urban", "渣土车撒漏"),
    ("E0113", "建筑物外立面不洁", "normal", "urban", "外墙"),
    ("E0115", "焚烧垃圾树叶", "normal", "environment", "露天焚烧 烧秸秆"),
    ("E0201", "违章广告牌匾", "normal", "urban", "违规招牌"),
    ("E0202", "占道广告牌", "normal", "urban", "灯箱占道"),
    ("E0203", "散发小广告", "normal", "urban", "传单"),
    ("E0204", "广告招牌破损", "normal", "urban", "招牌要掉"),
    ("E0205", "非法小广告", "normal", "urban", "牛皮癣"),
    ("E0301", "施工扰民", "normal", "housing urban", "工地噪音 夜间施工"),
    ("E0302", "工地扬尘", "normal", "housing environment", "灰尘"),
    ("E0303", "施工废弃料", "normal", "housing", "建筑废料"),
    ("E0304", "施工占道", "normal", "urban", "围挡占路"),
    ("E0305", "无证掘路", "normal", "urban", "挖路"),
    ("E0401", "路面塌陷", "urgent", "urban transport", "地陷 大坑"),
    ("E0402", "自来水管破裂", "prompt", "water", "爆管 漏水 喷水"),
    ("E0403", "燃气管道破裂", "urgent", "gas", "煤气泄漏 燃气味"),
    ("E0404", "下水道堵塞或破损", "normal", "housing", "污水外溢 下水道堵了"),
    ("E0406", "道路积水", "normal", "housing urban", "内涝 水淹"),
    ("E0407", "积雪结冰", "normal", "urban", "路面结冰"),
    ("E0408", "架空线缆损坏", "prompt", "power urban", "电线掉落 断线 线垂下来"),
    ("E0501", "无照经营游商", "normal", "urban", "流动摊贩"),
    ("E0503", "占道废品收购", "normal", "urban", "收废品"),
    ("E0504", "店外经营", "normal", "urban", "出店经营"),
    ("E0505", "机动车乱停放", "normal", "police", "违停 堵路"),
    ("E0506", "非机动车乱停放", "normal", "urban", "电动车 共享单车"),
    ("E0507", "乱堆物料", "normal", "urban", "堆放杂物 楼道堆物"),
    ("E0508", "露天烧烤", "normal", "urban", "烧烤油烟"),
    ("E0509", "沿街晾挂", "normal", "urban", "晾衣服"),
)

CATEGORIES: Final = (
    *(Category(code=code, name=name, unverified=True, source=_HANDBOOKS) for code, name in MAJORS),
    *leaves(PARTS, unverified=True, source=_HANDBOOKS),
    *leaves(EVENTS, unverified=True, source=_HANDBOOKS),
)
