"""The catalogue of services: 664 items, of which the texts name four; the rest is invented.

Departments, batches and counts are printed (109 at the town, 97 at the village, 129 by a worker as
agent, 664 with a guide, 50 wholly assisted); which item bears which flag is nowhere said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

TOWN, VILLAGE, AGENCY, WHOLE, ASSISTED = 109, 97, 129, 664, 50

HEADER: Final = (
    "code", "name", "batch", "department", "town", "village", "agency", "online", "assisted",
    "term", "what", "who", "steps", "materials", "fee", "place", "source", "synthetic",
)  # fmt: skip

_ID: Final = "身份证（原件，当场核对）"
_BOOK: Final = "户口簿（原件，当场核对）"
_PHOTO: Final = "一寸照片2张"
_CARD: Final = "本人银行卡（复印件）"
_HAND_IN: Final = "向社区（村）工作站或网格员交材料"
_CHECK: Final = "工作站预审，缺什么一次说清"


@dataclass(frozen=True, slots=True)
class Office:
    """A department with what it is asked for, and papers that it usually wants to see."""

    code: str
    digits: str
    subjects: str
    papers: tuple[str, ...]
    benefit: bool = True


_OFFICES: Final = (
    Office("civil", "01", "老年证 高龄津贴 临时救助 最低生活保障 特困供养 孤儿基本生活费 困难残疾人"
           "生活补贴 重度残疾人护理补贴 居家养老服务 殡葬减免 婚姻登记证明 收养登记 社区养老助餐 "
           "流浪救助 地名门牌 志愿服务证", (_ID, _BOOK, _PHOTO)),
    Office("disabled", "02", "残疾人证 残疾人辅具适配 残疾人机动车燃油补贴 残疾学生助学 "
           "残疾人家庭无障碍改造 残疾人就业培训 残疾人自主创业扶持 残疾儿童康复 残疾人意外保险 "
           "残疾人托养服务", (_ID, _BOOK, _PHOTO)),
    Office("health", "03", "生育服务证 独生子女父母奖励 计划生育家庭特别扶助 农村奖励扶助 孕前优生"
           "检查 叶酸发放 儿童预防接种证 家庭医生签约 老年人健康体检 两癌筛查 母子健康手册 健康证",
           (_ID, _BOOK)),
    Office("social", "04", "企业退休人员养老保险 城乡居民养老保险 养老金领取 社会保障卡 "
           "灵活就业养老保险 养老保险关系转移 丧葬补助金 工伤保险待遇 退休证 养老待遇资格认证",
           (_ID, _CARD)),
    Office("labour", "05", "失业金 失业登记 就业困难人员认定 创业担保贷款 一次性创业补贴 "
           "职业技能培训补贴 见习补贴 社会保险补贴 求职登记 农民工返乡创业 劳动合同备案 职称申报",
           (_ID, _CARD)),
    Office("medicare", "06", "城乡居民医保 职工医保 异地就医备案 门诊慢特病 医疗救助 生育津贴 "
           "医保个人账户 医保关系转移 医保报销 新生儿参保 定点医院", (_ID, "医保凭证")),
    Office("land", "07", "宅基地使用权 不动产权证 土地承包经营权 林权 农村建房用地 临时用地 "
           "设施农用地 地质灾害搬迁 不动产抵押 更名更址", (_ID, _BOOK, "四至证明"), benefit=False),
    Office("veterans", "08", "退役军人优待证 优抚对象抚恤 退役军人就业扶持 军属光荣牌 "
           "立功受奖奖励 退役士兵接收", (_ID, "退役证（原件，当场核对）")),
    Office("education", "09", "义务教育入学 转学 学籍证明 学前教育资助 贫困生资助 生源地助学贷款 "
           "教师资格 民办幼儿园", (_ID, _BOOK)),
    Office("agriculture", "10", "耕地地力补贴 农机购置补贴 农业保险 种粮大户补贴 家庭农场 "
           "农民合作社 动物防疫 农村改厕", (_ID, _CARD)),
    Office("housing", "11", "公租房 住房租赁补贴 农村危房改造 物业维修资金 房屋安全鉴定 "
           "商品房预售合同 老旧小区加装电梯", (_ID, _BOOK), benefit=False),
    Office("police", "12", "居住证 户口迁移 户口登记 身份证 无犯罪记录证明 驾驶证 机动车 "
           "流动人口登记", (_ID, _BOOK), benefit=False),
    Office("market", "13", "个体工商户 食品经营许可 小作坊 食品摊贩 特种设备 农产品快检 "
           "消费投诉", (_ID, "经营场所证明"), benefit=False),
    Office("transport", "14", "道路运输证 从业资格证 校车许可 农村客运 网约车 公交优待卡",
           (_ID, _PHOTO), benefit=False),
    Office("justice", "15", "法律援助 公证 人民调解 司法救助 法律顾问 遗嘱见证", (_ID,)),
    Office("environment", "16", "排污登记 建设项目备案 噪声投诉 辐射许可 秸秆禁烧", (_ID,),
           benefit=False),
    Office("emergency", "17", "烟花爆竹零售 危险化学品 应急救灾物资 自然灾害救助 消防安全",
           (_ID, "经营场所证明"), benefit=False),
    Office("urban", "18", "户外广告 占道挖掘 建筑垃圾运输 临时摆摊 店招", (_ID,), benefit=False),
)  # fmt: skip

_BENEFITS: Final = (
    ("申请", "benefit", "15个工作日"),
    ("变更", "benefit", "5个工作日"),
    ("停发注销", "approval", "5个工作日"),
    ("进度查询", "platform", "1个工作日"),
)
_APPROVALS: Final = (
    ("办理", "approval", "10个工作日"),
    ("变更", "approval", "5个工作日"),
    ("补发换发", "approval", "5个工作日"),
    ("注销", "approval", "3个工作日"),
    ("信息查询", "platform", "1个工作日"),
)
_PUBLICITY: Final = ("政策上门讲解", "宣传资料送户")
_PATROL: Final = {
    "emergency": ("出租房消防安全检查", "烟花爆竹储存检查", "窑炉安全检查", "用电安全检查"),
    "market": ("小餐饮卫生检查", "老年保健品销售检查", "校园周边食品检查", "电梯维保检查"),
    "environment": ("河道排污巡查", "露天焚烧巡查", "扬尘噪声巡查"),
    "housing": ("危旧房屋巡查", "工地围挡巡查", "物业消防设施巡查"),
    "health": ("公共场所卫生检查", "病媒生物防制检查"),
    "agriculture": ("农资市场检查", "畜禽养殖污染巡查", "农村厕所管护检查"),
    "urban": ("占道经营巡查", "户外广告安全检查", "井盖路灯巡查"),
    "transport": ("农村客运站点检查", "校车安全检查"),
    "education": ("校外培训检查", "校园安全检查"),
    "civil": ("养老机构安全检查", "低保动态核查"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """An item before its flags."""

    code: str
    name: str
    batch: str
    office: Office
    term: str
    named: str = ""


_BY_AGENTS: Final = (
    "经验材料《以基层为中心，以线条为抓手，加强城乡社会治理》：网格员代理的129项里点名的一项"
)
_AT_THE_DOOR: Final = (
    "报道《湖南醴陵创新网格化服务管理模式》：一栋楼里的5户老人约好，由网格员上门代办"
)
"""The texts by their titles: residents read it as the basis of an item."""
_NAMED: Final = (
    ("health", "生育服务证登记", _BY_AGENTS, "3个工作日"),
    ("disabled", "残疾人证申请", _BY_AGENTS, "20个工作日"),
    ("social", "企业退休人员养老保险年审", _BY_AGENTS, "5个工作日"),
    ("civil", "老年证年审", _AT_THE_DOOR, "5个工作日"),
)


def rows() -> Iterator[tuple[str, ...]]:
    """Every item as a line of the file, in the order of codes."""
    made = sorted(_named() + _invented(), key=lambda one: one.code)
    handed = [one for one in made if one.office.digits <= "07" and one.batch in _ON_BEHALF]
    agency = {one.code for one in _first(handed, AGENCY)}
    assisted = {one.code for one in _first([o for o in handed if o.code in agency], ASSISTED)}
    daily = [one for one in made if one.batch in {*_ON_BEHALF, "publicity"}]
    village = {one.code for one in _first([o for o in daily if o.office.benefit], VILLAGE)}
    town = {one.code for one in _first([o for o in daily if o.batch != "publicity"], TOWN)}
    for one in made:
        flags = (one.code in town, one.code in village, one.code in agency, True,
                 one.code in assisted)  # fmt: skip
        yield _row(one, flags)


_ON_BEHALF: Final = frozenset({"benefit", "approval", "platform"})


def _first(made: Sequence[Made], count: int) -> list[Made]:
    """So many, the named ones first, then spread over the offices in turn."""
    turn: dict[str, int] = {}
    ranked: list[tuple[bool, int, str, Made]] = []
    for one in made:
        turn[one.office.code] = turn.get(one.office.code, 0) + 1
        ranked.append((not one.named, turn[one.office.code], one.code, one))
    return [one for *_, one in sorted(ranked, key=lambda each: each[:3])[:count]]


def _named() -> list[Made]:
    offices = {office.code: office for office in _OFFICES}
    return [
        Made(f"LL{offices[code].digits}001", name, "benefit", offices[code], term, source)
        for code, name, source, term in _NAMED
    ]


def _invented() -> list[Made]:
    """As many as are wanting, from each office in its turn, so that none is cut off."""
    taken = {name for _, name, _, _ in _NAMED}
    queues = [[one for one in _of_office(office) if one[0] not in taken] for office in _OFFICES]
    numbers = {office.code: 1 for office in _OFFICES}
    made: list[Made] = []
    while len(made) < WHOLE - len(_NAMED):
        for office, queue in zip(_OFFICES, queues, strict=True):
            if queue and len(made) < WHOLE - len(_NAMED):
                name, batch, term = queue.pop(0)
                numbers[office.code] += 1
                code = f"LL{office.digits}{numbers[office.code]:03}"
                made.append(Made(code, name, batch, office, term))
    return made


def _of_office(office: Office) -> list[tuple[str, str, str]]:
    subjects = office.subjects.split()
    watched = [(name, "patrol", "5个工作日") for name in _PATROL.get(office.code, ())]
    told = [
        (f"{subject}{word}", "publicity", "3个工作日")
        for word in _PUBLICITY
        for subject in subjects[:5]
    ]
    kinds = _BENEFITS if office.benefit else _APPROVALS
    asked = [
        (f"{subject}{word}", batch, term) for word, batch, term in kinds for subject in subjects
    ]
    return asked[:12] + watched + told[:4] + asked[12:] + told[4:]


def _row(one: Made, flags: tuple[bool, ...]) -> tuple[str, ...]:
    town, village, agency, _, assisted = flags
    where = (
        "社区（村）工作站" if village else "镇（街）便民服务中心" if town else "政务服务大厅窗口"
    )
    return (
        one.code,
        one.name,
        one.batch,
        one.office.code,
        *("true" if flag else "false" for flag in flags),
        one.term,
        _what(one),
        _who(one),
        "；".join(_steps(one, agency=agency, assisted=assisted)),
        "；".join(_materials(one, assisted=assisted)),
        "不收费" if one.office.benefit or one.batch != "approval" else "按规定收取工本费",
        where,
        f"{one.named}；材料和步骤由本项目编写，须由部门核对" if one.named else "assumption",
        "false" if one.named else "true",
    )


def _what(one: Made) -> str:
    return {
        "patrol": f"约工作人员上门做{one.name}，发现隐患当场说明并登记整改。",
        "publicity": f"约工作人员把{one.name}做到家门口，可以几户一起约。",
        "platform": f"查{one.name.removesuffix('进度查询').removesuffix('信息查询')}办到哪一步。",
    }.get(one.batch, f"办理{one.name}。")


def _who(one: Made) -> str:
    return {
        "patrol": "本市居民、商户和单位",
        "publicity": "本市居民",
        "platform": "已经申请过的本人或受委托人",
    }.get(one.batch, "本市户籍或持居住证、符合条件的居民；行动不便的可以委托网格员")


def _steps(one: Made, *, agency: bool, assisted: bool) -> tuple[str, ...]:
    if one.batch in {"patrol", "publicity"}:
        return ("电话或网上约时间", "工作人员上门", "当场反馈，记入台账")
    if one.batch == "platform":
        return ("报出编号和身份证后四位", "当场或次日答复")
    first = "网格员上门收材料，当面签委托" if assisted else _HAND_IN
    last = (
        "网格员送证上门"
        if assisted
        else "到原地点领取，或委托网格员代取"
        if agency
        else "到窗口领取"
    )
    return (first, _CHECK, "部门审核办理", last)


def _materials(one: Made, *, assisted: bool) -> tuple[str, ...]:
    if one.batch in {"patrol", "publicity"}:
        return ()
    if one.batch == "platform":
        return (_ID,)
    more = ("委托书（上门当面签）",) if assisted else ()
    return (*one.office.papers, *more)
