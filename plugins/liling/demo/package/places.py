"""The towns and streets of Liling, and words to invent villages from."""

from dataclasses import dataclass
from typing import Final

COUNTY: Final = "430281"
COUNTY_NAME: Final = "醴陵市"
CENTRE: Final = (113.50, 27.65)  # degrees; a made-up outline is drawn around it
AREA_KM2: Final = 2157.0
POPULATION: Final = 1_060_000
URBAN_GRIDS: Final = 220
RURAL_GRIDS: Final = 600
STATIONS: Final = 270
URBAN_STATIONS: Final = 52

DISTRICTS: Final = {
    "1": "城区一级网格",
    "2": "东部一级网格",
    "3": "南部一级网格",
    "4": "西部一级网格",
    "5": "北部一级网格",
}
"""Which towns make up the five first-level grids is nowhere printed: this division is invented."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town or street: real name and code, an invented place in kilometres from the centre."""

    digits: str
    name: str
    district: str
    east: float
    north: float

    @property
    def code(self) -> str:
        return COUNTY + self.digits

    @property
    def urban(self) -> bool:
        return self.digits < "100"


TOWNS: Final = (
    Town("002", "阳三石街道", "1", -1.4, -1.0),
    Town("003", "仙岳山街道", "1", 1.3, -1.2),
    Town("004", "国瓷街道", "1", 2.0, 1.3),
    Town("006", "来龙门街道", "1", -0.3, 0.5),
    Town("007", "长庆街道", "1", -1.9, 1.6),
    Town("102", "白兔潭镇", "2", 17.0, 12.0),
    Town("103", "浦口镇", "2", 10.0, 11.5),
    Town("105", "王仙镇", "2", 18.0, 3.0),
    Town("107", "泗汾镇", "3", 1.0, -15.0),
    Town("108", "沈潭镇", "3", 9.0, -19.0),
    Town("109", "船湾镇", "3", -1.0, -25.0),
    Town("120", "均楚镇", "4", -18.0, -6.0),
    Town("121", "东富镇", "2", 7.0, 2.0),
    Town("122", "石亭镇", "4", -16.0, 3.0),
    Town("125", "孙家湾镇", "3", 5.6, -5.2),
    Town("126", "官庄镇", "5", 1.0, 25.0),
    Town("127", "嘉树镇", "4", -6.6, -1.8),
    Town("128", "板杉镇", "5", -6.0, 9.0),
    Town("129", "沩山镇", "5", 3.8, 7.8),
    Town("130", "枫林镇", "5", -2.0, 18.0),
    Town("131", "李畋镇", "2", 13.0, 20.0),
    Town("132", "明月镇", "3", 11.0, -11.0),
    Town("133", "左权镇", "4", -6.0, -8.0),
    Town("134", "茶山镇", "4", -12.0, -18.5),
)

PRINTED_COMMUNITY: Final = ("006", "胜利社区")
"""The one community that a source prints; its street and code are invented."""

COMMUNITY_WORDS: Final = ("青釉瓷陶彩玉星虹霞晨云", "园苑里坊门")
VILLAGE_WORDS: Final = ("青松竹石兰枫樟桂柏柳荷梅云泉龙凤鹤鹭瓷窑金玉清", "溪塘桥冲坪湾岭洲田坡")


@dataclass(frozen=True, slots=True)
class Office:
    """A department that handles cases."""

    code: str
    name: str
    short: str
    duty: str


OFFICES: Final = (
    Office("center", "网格化服务管理中心", "网格中心", "受理、派遣、核查与综合评价"),
    Office("urban", "城市管理和综合执法局", "城管", "市容环境、违建、占道、户外广告、市政设施"),
    Office("housing", "住房和城乡建设局", "住建", "房屋安全、物业、建筑工地、排水"),
    Office("water", "水务公司", "水务", "城区供水、爆管抢修、停水答复"),
    Office("power", "供电公司", "供电", "停电抢修、电力设施、用电安全"),
    Office("gas", "燃气公司", "燃气", "燃气泄漏、管网抢修、入户安检"),
    Office("emergency", "应急管理局", "应急", "烟花爆竹、窑炉、危险化学品与自然灾害"),
    Office("police", "公安局", "公安", "治安、交通秩序与事故"),
    Office("justice", "司法局", "司法", "人民调解、法律援助、法治宣传"),
    Office("civil", "民政局", "民政", "救助、养老、儿童关爱、地名"),
    Office("labour", "人力资源和社会保障局", "人社", "劳动报酬、社保、就业"),
    Office("land", "自然资源局", "自然资源", "土地、林权、征地、地质灾害"),
    Office("environment", "生态环境局", "生态环境", "水、气、声、固废污染"),
    Office("veterans", "退役军人事务局", "退役军人", "退役军人权益与优抚"),
    Office("transport", "交通运输局", "交通", "农村公路、客运、桥涵"),
    Office("market", "市场监督管理局", "市场监管", "食品安全、消费维权、特种设备"),
    Office("health", "卫生健康局", "卫健", "医疗纠纷、公共卫生"),
    Office("education", "教育局", "教育", "校园及周边、入学"),
    Office("agriculture", "农业农村局", "农业农村", "农业生产、人居环境、宅基地"),
    Office("medicare", "医疗保障局", "医保", "医保参保、报销、异地就医"),
    Office("social", "社会保险服务中心", "社保", "养老保险、待遇资格认证、社会保障卡"),
    Office("disabled", "残疾人联合会", "残联", "残疾人证、辅具、康复"),
)

TOPICS: Final = (
    ("labour", "劳资纠纷", "labour", False),
    ("acquisition", "征地拆迁", "land", False),
    ("property", "房地产开发及物业", "housing", False),
    ("resources", "资源权属争议", "land", False),
    ("environment", "环境保护", "environment", False),
    ("veterans", "退役军人权益", "veterans", False),
    ("family", "婚姻家庭邻里", "justice", True),
    ("medical", "医疗纠纷", "health", True),
    ("traffic", "交通事故", "police", True),
    ("litigation", "涉法涉诉", "justice", True),
    ("lending", "民间借贷", "police", True),
    ("insurance", "社保与企业改制", "labour", True),
    ("campus", "教育校园", "education", True),
)
"""The thirteen dispute topics: six are printed, seven are this project's assumption (True)."""
