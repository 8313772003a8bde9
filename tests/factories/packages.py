"""A tiny county and a tiny valid package of it, for tests that break it on purpose."""

from types import SimpleNamespace

from gridgov.contract.declarations import Binds, Category, County, Level, Post, Role, Setting
from gridgov.contract.hooks import hookimpl
from gridgov.policy import Policies

COUNTY = County(
    name="测试县",
    levels=(
        Level(code="county", name="县级", code_length=6),
        Level(code="town", name="镇级", under=("county",), code_length=9, desk="分中心"),
        Level(code="village", name="村级", under=("town",), code_length=12),
        Level(code="grid", name="基层网格", under=("village",), code_length=15, base=True),
    ),
    posts=(
        Post(code="leader", name="第一责任人", levels=("county", "town", "village"), answers=True),
        Post(code="chief", name="网格长", levels=("grid",), answers=True, single=True),
        Post(code="worker", name="网格员", levels=("grid",)),
    ),
    roles=(
        Role(code="worker", name="网格员", rights=("case.read",), levels=("grid",)),
        Role(code="handler", name="经办员", rights=("case.read",), binds=Binds.DEPARTMENT),
        Role(
            code="admin",
            name="县级管理员",
            rights=("staff.appoint",),
            binds=Binds.TENANT,
            administrator=True,
            apart_from=("auditor",),
        ),
        Role(
            code="auditor",
            name="审计员",
            rights=("audit.read",),
            binds=Binds.TENANT,
            administrator=True,
        ),
    ),
    case_kinds=(),
    categories=(Category(code="roads", name="道路"), Category(code="labour", name="劳资")),
    urgencies=(),
    settings=(
        Setting(code="idle_minutes", name="闲置时限", default=15, unit="分钟", least=5, most=60),
    ),
)

FILES = {
    "tenant.toml": """\
name = "测试县"
code = "999900"
slug = "ceshi"
province = "99"
prefecture = "9999"
zone = "Asia/Shanghai"
plugins = ["tiny"]
regions = ["province:99"]

[brand]
title = "测试县网格"
accent = "qinghua"
mark = "测"

[settings]
idle_minutes = 20
""",
    "grid.csv": """\
code,parent,level,name,area_type,households,population,synthetic,valid_from
999900,,county,测试县,,40,120,true,2026-01-01
999900101,999900,town,甲镇,rural,40,120,true,2026-01-01
999900101201,999900101,village,甲村,rural,40,120,true,2026-01-01
999900101201001,999900101201,grid,甲村第1网格,rural,20,60,true,2026-01-01
999900101201002,999900101201,grid,甲村第2网格,rural,20,60,true,2026-01-01
""",
    "departments.csv": "code,name,node\nurban,城管局,999900\nlabour,人社局,999900\n",
    "staff.csv": """\
number,name,title,employment,phone,department,login,synthetic
W1,网格员001,网格员,full_time,19900000001,,w1,true
W2,网格员002,网格员,part_time,19900000002,,w2,true
C1,网格长001,网格长,official,,,,true
H1,经办员001,经办员,official,,urban,h1,true
A1,管理员001,管理员,official,,,a1,true
S1,审计员001,审计员,official,,,s1,true
""",
    "posts.csv": """\
staff,post,node,acting,valid_from,valid_to
W1,worker,999900101201001,false,2026-01-01,
W2,worker,999900101201002,false,2026-01-01,
C1,chief,999900101201001,false,2026-01-01,
C1,chief,999900101201002,false,2026-01-01,2026-06-30
""",
    "bindings.csv": """\
staff,role,node,departments,categories
W1,worker,999900101201001,,
W2,worker,999900101201002,,
H1,handler,999900,urban,roads
A1,admin,999900,,
S1,auditor,999900,,
""",
    "topics.csv": "category,department,assumed\nlabour,labour,true\n",
    "stations.csv": """\
node,address,phone,hours,rest_hours,synthetic
999900101,甲镇一路1号,0999-0000001,08:30-12:00 14:30-17:30,,true
""",
    "boundaries.csv": """\
code,synthetic,wkt
999900,true,"POLYGON((113 27,113.4 27,113.4 27.2,113 27.2,113 27))"
999900101201001,true,"POLYGON((113 27,113.2 27,113.2 27.2,113 27.2,113 27))"
999900101201002,true,"POLYGON((113.2 27,113.4 27,113.4 27.2,113.2 27.2,113.2 27))"
""",
}


@hookimpl
def county() -> County:
    return COUNTY


def tiny_policies() -> Policies:
    """The plugins ``tiny``, which declares the county, and ``extra``, which declares nothing."""
    return Policies({"tiny": SimpleNamespace(county=county), "extra": SimpleNamespace()})


def tiny_files() -> dict[str, bytes]:
    """The package's files; change a copy as you like."""
    return {name: text.encode() for name, text in FILES.items()}
