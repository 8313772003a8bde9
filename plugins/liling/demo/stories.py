"""What happens in the made-up history, and how often. Numbers are for a plausible demonstration."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of matter: its category, how often it comes, its words, and what is answered.

    ``comes`` is the department that sees to it, written down from what happens, not from the
    lists that suggest one; ``in_the_country`` where another does there.
    """

    category: str
    weight: int
    titles: tuple[str, ...]
    answer: str
    comes: str
    in_the_country: str = ""

    def who_comes(self, *, urban: bool) -> str:
        """The department, in town or in the country."""
        return self.comes if urban else self.in_the_country or self.comes


MATTERS: Final = (
    Matter(
        "P0103",
        14,
        ("雨水井盖破损", "雨水井盖松动有响声", "雨水井盖缺失"),
        "已更换井盖，现场清理完毕。",
        "housing",
    ),
    Matter("P0102", 9, ("污水井盖下沉", "污水井冒溢"), "已疏通并垫平井座。", "housing"),
    Matter(
        "P0118", 12, ("路灯不亮", "路灯白天长亮", "路灯灯杆倾斜"), "已更换灯具并检查线路。", "urban"
    ),
    Matter(
        "P0305",
        6,
        ("垃圾箱破损", "垃圾箱满溢"),
        "已清运并更换箱体。",
        "urban",
        in_the_country="agriculture",
    ),
    Matter(
        "P0402",
        6,
        ("行道树枝条压线", "行道树被风刮倒"),
        "已修剪清理，道路恢复通行。",
        "urban",
        in_the_country="transport",
    ),
    Matter(
        "E0102",
        15,
        ("路边暴露垃圾", "河边暴露垃圾"),
        "已清理，保洁班次已调整。",
        "urban",
        in_the_country="agriculture",
    ),
    Matter("E0104", 7, ("道路不洁，有泥土", "街面油污"), "已冲洗路面。", "urban"),
    Matter(
        "E0110",
        8,
        ("路面坑洼", "人行道地砖破损"),
        "已修补路面。",
        "urban",
        in_the_country="transport",
    ),
    Matter(
        "E0404",
        8,
        ("下水道堵塞", "雨后积水排不走"),
        "已疏通管道。",
        "housing",
        in_the_country="agriculture",
    ),
    Matter("E0505", 8, ("机动车堵住消防通道", "门口乱停车"), "已劝离并施划禁停标线。", "police"),
    Matter("E0504", 5, ("店外经营占道",), "已规范摊位，经营者已整改。", "urban"),
    Matter("water", 10, ("停水一整天", "自来水发黄", "水管爆裂"), "已抢修恢复供水。", "water"),
    Matter("power", 8, ("频繁停电", "电线垂落"), "已检修线路，恢复供电。", "power"),
    Matter("gas", 5, ("楼道闻到燃气味", "燃气表漏气"), "已更换阀门并检测合格。", "gas"),
    Matter(
        "fireworks",
        3,
        ("无证零售烟花爆竹", "烟花厂周边堆放可燃物"),
        "已查处并清理隐患。",
        "emergency",
    ),
    Matter("kiln", 3, ("窑炉烟道开裂", "瓷厂废料堆放过高"), "已责令整改并复查。", "emergency"),
    Matter("labour", 4, ("工地拖欠工资",), "已组织双方协商，工资已结清。", "labour"),
    Matter(
        "property", 4, ("物业费纠纷", "电梯长期停用"), "已召开协调会，达成书面约定。", "housing"
    ),
    Matter("resources", 2, ("宅基地边界争议",), "已现场测量并调解，双方签字确认。", "land"),
)

IN_TOWN: Final = (
    "农贸市场东门",
    "小学后门",
    "公交站旁",
    "老瓷厂围墙外",
    "社区卫生站门口",
    "文化广场西侧",
    "三单元楼道口",
    "河堤步道入口",
    "六栋楼下",
    "小区南门对面",
    "加油站路口",
    "物业办公室旁",
)

IN_VILLAGE: Final = (
    "村道岔路口",
    "小学后门",
    "桥头公交站旁",
    "老瓷厂围墙外",
    "卫生室门口",
    "文化礼堂西侧",
    "三组晒谷坪",
    "水渠拐弯处",
    "山塘坝上",
    "村部对面",
    "加油站路口",
    "老槐树旁",
)

REASONS: Final = {
    "reject": "现场查看后属重复反映，前一件已在办理。",
    "pass_up": "需要部门的设备和人员，本级解决不了。",
    "return": "该处产权不属于本单位，附管线图说明。",
    "object": "该路段已移交，不在本单位责任清单内。",
    "ask_extension": "备件在途，预计后天到货。",
    "ask_pause": "连日降雨，路面无法施工。",
    "redo": "现场复查，问题仍在。",
    "supervise": "群众多次反映，列入督办。",
    "reopen": "过了两天又坏了。",
}

COMMENTS: Final = ("来得快，谢谢。", "修好了。", "", "", "就是等得久了点。", "师傅态度好。")
