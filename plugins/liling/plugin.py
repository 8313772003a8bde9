"""醴陵市: every decision of the county, read like a page of local regulations.

Each number carries its source: 经验材料 and 报道 are the two printed texts of the county,
``assumption`` is a choice of this project that the county must confirm.
"""

from gridgov.contract.declarations import County
from gridgov.contract.facts import CaseFacts, Route
from gridgov.contract.hooks import hookimpl
from gridgov.kernel.sentences import N_
from liling import assist, services
from liling.assessment import FIGURES, HONOURS, REVIEWS, SHEETS
from liling.categories import CATEGORIES
from liling.clocks import URGENCIES
from liling.fieldwork import BUILDING_USES, CAMPAIGNS, LEDGERS
from liling.hall import JOINTS, SEATS, SHIFTS, ZONES
from liling.incident import INCIDENT
from liling.levels import LEVELS
from liling.lists import LISTS, PRACTICES, REMITS_IN_WORDS, ROUNDS_LOOKED_AT
from liling.navigation import NAVIGATION
from liling.organisations import MEETING_KINDS, TEAM_KINDS
from liling.platforms import PLATFORMS
from liling.posts import POSTS
from liling.reactions import REACTIONS
from liling.roles import ROLES
from liling.routing import IN_THE_COUNTRY, PUBLIC_ORDER
from liling.settings import SETTINGS
from liling.staffing import DUTIES, KIT, QUOTAS
from liling.standards import STANDARDS
from liling.years import YEARLY

__all__ = ["API", "REACTIONS", "case_route", "county"]

API = 1


@hookimpl
def county() -> County:
    """Liling, as one value. What it does not say is as the baseline has it."""
    return County(
        name="醴陵市",
        builds_on="baseline",
        levels=LEVELS,
        posts=POSTS,
        roles=ROLES,
        case_kinds=(INCIDENT, assist.KIND),
        categories=(*CATEGORIES, *services.CATEGORIES),
        urgencies=(*URGENCIES, assist.ASSISTED),
        settings=SETTINGS,
        navigation=NAVIGATION,
        standards=STANDARDS,
        ledgers=LEDGERS,
        campaigns=CAMPAIGNS,
        building_uses=BUILDING_USES,
        service_batches=services.BATCHES,
        service_flags=services.FLAGS,
        custody=services.CUSTODY,
        quotas=QUOTAS,
        duties=DUTIES,
        kit=KIT,
        team_kinds=TEAM_KINDS,
        meeting_kinds=MEETING_KINDS,
        figures=FIGURES,
        sheets=SHEETS,
        reviews=REVIEWS,
        honours=HONOURS,
        shifts=SHIFTS,
        seats=SEATS,
        zones=ZONES,
        joints=JOINTS,
        platforms=PLATFORMS,
        lists=LISTS,
        remits=REMITS_IN_WORDS,
        rounds=ROUNDS_LOOKED_AT,
        practices=PRACTICES,
        yearly=YEARLY,
        glossary={
            "小事不出村": "在村（社区）工作站办结的事件",
            "大事不出镇": "在镇（街道）分中心或以下办结的事件",
            "三定": "定格（范围）、定员（人数）、定责（职责）",
            "四件套": "专用手机、工作证、工作包、职业装",
            "集体会商": "部门之间退来退去的事，召集有关部门一起商定",
            "挂号销号": "督办的事件登记在册，办好后注销",
            "五个一批": "一本服务事项目录的五个批次：惠民、审批、监管（巡查）、宣传、平台",
            "全程帮办": "网格员上门收材料、报部门、再把办好的证送上门",
        },
    )


@hookimpl
def case_route(case: CaseFacts) -> Route | None:
    """Where a road or a ditch lies decides who answers for it; public order names its contact."""
    if case.category in PUBLIC_ORDER:
        return Route(
            department="police",
            confidence=0.85,
            reason=N_("治安类：可以先问网格警员；紧急情况请拨打110"),
        )
    department = IN_THE_COUNTRY.get(case.category) if case.area == "rural" else None
    if department is None:
        return None
    return Route(department=department, confidence=0.85, reason=N_("农村地区由该部门管养"))
