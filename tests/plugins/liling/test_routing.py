"""Suggested departments: right for nine of ten cases that were put aside, and silent when unsure.

The cases were written from what such matters usually are about, before the lists were looked at
again: what somebody would say, the category a worker would choose, town or country, and who would
come.
"""

import pytest
from sqlalchemy import insert, select, update

from factories.tenants import a_county
from gridgov.cases.queries.suggesting import router
from gridgov.context import Context
from gridgov.contract.actor import system_actor
from gridgov.contract.facts import CaseFacts
from gridgov.grid.models import GridNode
from gridgov.kernel.clock import now
from gridgov.kernel.crypto import Vault
from gridgov.kernel.ids import new_id
from gridgov.kernel.together import Together
from gridgov.staff.models import Department, Responsibility
from gridgov.testkit.counties import installed_policies
from liling.plugin import case_route
from liling.routing import PUBLIC_ORDER

HELD_OUT = (
    ("路口的雨水井盖不见了", "P0103", "urban", "housing"),
    ("自来水井盖碎了", "P0101", "urban", "water"),
    ("电力井盖翘起来", "P0105", "urban", "power"),
    ("燃气井盖松动", "P0111", "urban", "gas"),
    ("巷子里三盏路灯不亮", "P0118", "urban", "urban"),
    ("消火栓没有水", "P0113", "urban", "emergency"),
    ("变压器嗡嗡响", "P0116", "rural", "power"),
    ("摄像头歪了", "P0129", "urban", "police"),
    ("公交站棚玻璃破了", "P0203", "urban", "transport"),
    ("红绿灯一直是红的", "P0210", "urban", "police"),
    ("路名牌写错了", "P0213", "urban", "civil"),
    ("公厕没人打扫", "P0301", "urban", "urban"),
    ("村口垃圾桶满了几天", "P0305", "rural", "agriculture"),
    ("小区垃圾桶不够", "P0305", "urban", "urban"),
    ("大树被风刮倒堵路", "P0402", "urban", "urban"),
    ("古樟树枯枝要掉", "P0401", "rural", "land"),
    ("化工品仓库旁有火", "P0501", "rural", "emergency"),
    ("水渠护栏断了", "P0503", "rural", "agriculture"),
    ("楼顶搭了一间房", "E0101", "urban", "urban"),
    ("路边垃圾堆成山", "E0102", "urban", "urban"),
    ("村道边倒垃圾", "E0102", "rural", "agriculture"),
    ("建筑渣土倒在空地", "E0103", "urban", "urban"),
    ("河面漂着塑料袋", "E0105", "urban", "environment"),
    ("一辆破车停了一年", "E0107", "urban", "urban"),
    ("主街路面坑洼", "E0110", "urban", "urban"),
    ("通村公路塌了一块", "E0110", "rural", "transport"),
    ("河堤缺口", "E0111", "rural", "agriculture"),
    ("有人烧树叶", "E0115", "urban", "environment"),
    ("招牌摇摇欲坠", "E0204", "urban", "urban"),
    ("电线杆上贴小广告", "E0205", "urban", "urban"),
    ("工地半夜还在打桩", "E0301", "urban", "housing"),
    ("工地灰尘很大", "E0302", "urban", "housing"),
    ("路面突然塌陷", "E0401", "urban", "urban"),
    ("乡道塌方", "E0401", "rural", "transport"),
    ("水管爆了", "E0402", "urban", "water"),
    ("闻到煤气味", "E0403", "urban", "gas"),
    ("下水道堵了冒水", "E0404", "urban", "housing"),
    ("下雨天路面积水过膝", "E0406", "urban", "housing"),
    ("电线垂到地上", "E0408", "urban", "power"),
    ("小贩占了人行道", "E0501", "urban", "urban"),
    ("车停在消防通道", "E0505", "urban", "police"),
    ("烧烤油烟呛人", "E0508", "urban", "urban"),
    ("家里停水两天", "water", "urban", "water"),
    ("整栋楼停电", "power", "urban", "power"),
    ("天然气打不着", "gas", "urban", "gas"),
    ("民房里存了引线", "fireworks", "rural", "emergency"),
    ("瓷厂窑炉漏煤气", "kiln", "rural", "emergency"),
    ("液化气瓶放在楼道", "gas_use", "urban", "gas"),
    ("楼道堵死了", "fire_exit", "urban", "emergency"),
    ("老房子墙裂了", "house", "rural", "housing"),
    ("屋后山体有裂缝", "slope", "rural", "land"),
    ("超市卖过期牛奶", "food", "urban", "market"),
    ("老板拖欠三个月工资", "labour", "urban", "labour"),
    ("征地款没有到位", "acquisition", "rural", "land"),
    ("开发商不交房", "property", "urban", "housing"),
    ("两家争山林", "resources", "rural", "land"),
    ("化工厂半夜排臭气", "environment", "rural", "environment"),
    ("退役安置没有落实", "veterans", "urban", "veterans"),
    ("楼上楼下为漏水吵架", "family", "urban", "justice"),
    ("医院收费说不清", "medical", "urban", "health"),
    ("被电动车撞了不赔", "traffic", "urban", "police"),
    ("判决执行不了", "litigation", "urban", "justice"),
    ("借给别人的钱要不回", "lending", "urban", "police"),
    ("企业改制养老保险断缴", "insurance", "urban", "labour"),
    ("学校门口太挤", "campus", "urban", "education"),
    ("学校旁边卖三无零食", "food", "urban", "market"),
    ("养猪场臭味", "environment", "rural", "environment"),
    ("高压线下盖房", "E0101", "rural", "urban"),
    ("路灯杆漏电", "P0118", "urban", "power"),  # the list says otherwise: a miss we own up to
    ("井盖不知是谁的", "P0114", "urban", "urban"),
)
DEPARTMENTS = sorted({department for *_, department in HELD_OUT})


@pytest.fixture(scope="module")
async def county(database, settings):
    made = await a_county(database, settings)
    missing = set(DEPARTMENTS) - set(made.departments)
    async with database.session(made.tenant.id) as session:
        await session.execute(
            insert(Department),
            [
                {
                    "tenant_id": made.tenant.id,
                    "id": new_id(),
                    "code": code,
                    "name": f"测试·{code}",
                    "node_id": made.at("county").id,
                }
                for code in sorted(missing)
            ],
        )
    return made


@pytest.fixture
async def ctx(county, database):
    async with database.open(county.tenant.id) as session:
        yield Context(
            tenant=county.tenant,
            actor=system_actor("测试"),
            session=session,
            policy=installed_policies().of(county.tenant.plugins),
            now=now(),
            vault=Vault(county.tenant.id, bytes(32)),
            together=Together({}),
        )
        await session.rollback()


async def test_nine_of_ten_held_out_cases_are_suggested_rightly(ctx, county):
    asked = await router(ctx, [category for _, category, *_ in HELD_OUT])
    path = county.at("grid").path
    wrong = []
    for said, category, area, expected in HELD_OUT:
        (best, *_) = asked.suggest(category, "normal", path, area)
        if not best.sure or best.code != expected:
            wrong.append(said)

    assert len(wrong) <= len(HELD_OUT) // 10, wrong


async def test_a_suggestion_says_why_and_how_sure(ctx, county):
    asked = await router(ctx, ["P0103"])

    first, second = asked.suggest("P0103", "normal", county.at("grid").path)

    assert (first.code, first.confidence, first.sure) == ("housing", 0.75, True)
    assert (second.code, second.sure, second.threshold) == ("urban", False, 0.6)
    assert "这一类的首选部门" in first.reason


async def test_a_matter_of_public_order_goes_to_the_police_and_names_the_contact(ctx, county):
    """000: 一村一辅警，一格一助警, as docs/decisions/0024 reads it: a contact to ask, and 110."""
    asked = await router(ctx, [*PUBLIC_ORDER, "E0102"])
    path = county.at("grid").path

    for category in PUBLIC_ORDER:
        (best, *_) = asked.suggest(category, "normal", path)
        assert (best.code, best.sure) == ("police", True)
        assert "网格警员" in best.reason and "110" in best.reason
    assert all("网格警员" not in one.reason for one in asked.suggest("E0102", "normal", path))


async def test_the_countys_own_data_comes_before_the_list(ctx, county):
    await ctx.session.execute(
        insert(Responsibility).values(
            tenant_id=ctx.tenant.id,
            id=new_id(),
            category="family",
            department_id=county.departments["urban"],
            assumed=False,
            valid_from=ctx.now.date().replace(day=1),
        )
    )
    asked = await router(ctx, ["family"])

    (best, *_) = asked.suggest("family", "normal", county.at("grid").path)

    assert (best.code, best.confidence) == ("urban", 0.95)
    assert "归口责任单位" in best.reason


async def test_what_is_only_assumed_is_less_sure(ctx, county):
    await ctx.session.execute(
        insert(Responsibility).values(
            tenant_id=ctx.tenant.id,
            id=new_id(),
            category="P0103",
            department_id=county.departments["urban"],
            assumed=True,
            valid_from=ctx.now.date().replace(day=1),
        )
    )
    asked = await router(ctx, ["P0103"])

    codes = [one.code for one in asked.suggest("P0103", "normal", county.at("grid").path)]

    assert codes == ["housing", "urban"]


async def test_a_department_whose_place_it_is_not_is_left_out(ctx, county):
    village = await ctx.session.scalar(
        select(GridNode.id).where(GridNode.path == county.at("village", 3).path)
    )
    await ctx.session.execute(
        update(Department).where(Department.code == "housing").values(node_id=village)
    )
    asked = await router(ctx, ["P0103"])

    here = [one.code for one in asked.suggest("P0103", "normal", county.at("grid").path)]
    there = asked.suggest("P0103", "normal", county.at("village", 3).path)

    assert here == ["urban"]
    assert (there[0].code, there[0].confidence) == ("housing", 0.8)  # of the very place


async def test_where_nobody_is_named_nothing_is_suggested(ctx, county):
    asked = await router(ctx, ["nothing"])

    assert asked.suggest("nothing", "normal", county.at("grid").path) == []


def test_the_hook_speaks_for_the_country_only():
    def asked(area):
        facts = CaseFacts(
            category="E0110", urgency="normal", path="430281.", area=area, departments=()
        )
        return case_route(facts)

    assert asked("urban") is None
    assert asked("rural").department == "transport"
