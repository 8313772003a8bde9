"""Broken packages: every fault is found, and named with its place."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest

from factories.packages import tiny_files, tiny_policies
from gridgov.contract.assessment import Figure
from gridgov.contract.compliance import Switch
from gridgov.onboarding.rules.package import check
from gridgov.policy import Policies

Place = tuple[str, int, int]


@dataclass(frozen=True)
class Break:
    """What is replaced in which file, and the faults to be named: file, line, column, word."""

    file: str
    old: str
    new: str
    faults: tuple[tuple[str, int, int, str], ...]


def in_grid(old, new, *faults):
    return Break("grid.csv", old, new, tuple(("grid.csv", *fault) for fault in faults))


GRID2 = "999900101201002,999900101201,grid,甲村第2网格"

BREAKS = {
    "a parent that is not there": in_grid(
        GRID2,
        "999900101201002,999900101999,grid,甲村第2网格",
        (6, 2, "上级“999900101999”不存在"),
    ),
    "a code used twice": Break(
        "grid.csv",
        GRID2,
        GRID2.replace("002,", "001,", 1),
        (
            ("boundaries.csv", 4, 1, "“999900101201002”不存在"),
            ("bindings.csv", 3, 3, "“999900101201002”不存在"),
            ("grid.csv", 6, 1, "与第 5 行重复"),
            ("posts.csv", 3, 3, "“999900101201002”不存在"),
            ("posts.csv", 5, 3, "“999900101201002”不存在"),
        ),
    ),
    "a level that may not stand there": in_grid(
        "999900101201,999900101,village,甲村",
        "999900101201,999900,village,甲村",
        (4, 3, "“村级”不能放在“县级”下面"),
    ),
    "a level that nobody declared": in_grid(
        "999900101,999900,town", "999900101,999900,street", (3, 3, "没有“street”这个层级")
    ),
    "a code of the wrong length": in_grid(
        "999900101,999900,town,甲镇",
        "999900101,999900,town,甲镇,rural,0,0,true,2026-01-01\n9999001020,999900,town,乙镇",
        (4, 1, "应为 9 位，这里是 10 位"),
    ),
    "a code that does not begin like its parent's": in_grid(
        "甲村第2网格,rural,20,60,true,2026-01-01\n",
        "甲村第2网格,rural,20,60,true,2026-01-01\n"
        "999900102201003,999900101201,grid,错网格,rural,1,2,true,2026-01-01\n",
        (7, 1, "代码应以上级的“999900101201”开头"),
    ),
    "a second root": in_grid(
        "999900101,999900,town,甲镇",
        "999901,,county,乙县,,0,0,true,2026-01-01\n999900101,999900,town,甲镇",
        (3, 1, "根节点的代码应为“999900”"),
    ),
    "numbers and days that are none": in_grid(
        "甲村第2网格,rural,20,60,true,2026-01-01",
        "甲村第2网格,rural,二十,60,yes,2026-02-30",
        (6, 6, "“二十”应为不带小数和符号的数字"),
        (6, 8, "“yes”应为 true 或 false"),
        (6, 9, "没有“2026-02-30”这一天"),
    ),
    "a child older than its parent": in_grid(
        "甲村第2网格,rural,20,60,true,2026-01-01",
        "甲村第2网格,rural,20,60,true,2025-12-31",
        (6, 9, "比上级的起始日 2026-01-01 还早"),
    ),
    "more homes than people": in_grid(
        "甲村第2网格,rural,20,60", "甲村第2网格,rural,61,60", (6, 6, "户数比人口还多")
    ),
    "a formula": in_grid("甲村第2网格", "=HYPERLINK(1)", (6, 4, "以公式符号开头")),
    "a control character": in_grid("甲村第2网格", "甲\u202e村", (6, 4, "控制字符")),
    "an over-long name": in_grid("甲村第2网格", "网" * 61, (6, 4, "有 61 个字，最多 60 个")),
    "spaces around a name": in_grid("甲村第2网格", " 甲村", (6, 4, "前后有多余的空格")),
    "a missing column": Break(
        "departments.csv",
        "code,name,node\nurban,城管局,999900\nlabour,人社局,999900\n",
        "code,name\nurban,城管局\nlabour,人社局\n",
        (("departments.csv", 1, 0, "缺少“node”这一列"),),
    ),
    "a column nobody knows, and one twice": Break(
        "departments.csv",
        "code,name,node\nurban,城管局,999900\nlabour,人社局,999900\n",
        "code,name,node,node,boss\nurban,城管局,999900,,甲\nlabour,人社局,999900,,乙\n",
        (
            ("departments.csv", 1, 4, "“node”这一列出现了两次"),
            ("departments.csv", 1, 5, "不认识的列“boss”"),
        ),
    ),
    "too few cells": Break(
        "topics.csv",
        "labour,labour,true",
        "labour,labour",
        (("topics.csv", 2, 0, "这一行有 2 格，表头有 3 列"),),
    ),
    "an open quote": Break(
        "topics.csv", "labour,labour,true", 'labour,"labour,true', (("topics.csv", 2, 0, "引号"),)
    ),
    "a full-time worker in two grids": Break(
        "posts.csv",
        "W2,worker,999900101201002,false",
        "W1,worker,999900101201002,false",
        (("posts.csv", 3, 3, "专职人员“W1”在第 2 行已任职于“999900101201001”"),),
    ),
    "two chiefs where one may be": Break(
        "posts.csv",
        "C1,chief,999900101201002,false",
        "W2,chief,999900101201001,false",
        (("posts.csv", 5, 2, "“网格长”只能有一人，第 4 行已由“C1”担任"),),
    ),
    "the same post twice": Break(
        "posts.csv",
        "C1,chief,999900101201002,false",
        "C1,chief,999900101201001,false",
        (("posts.csv", 5, 1, "与第 4 行是同一人同一岗位"),),
    ),
    "a post on the wrong level, by nobody, ending before it began": Break(
        "posts.csv",
        "C1,chief,999900101201002,false,2026-01-01,2026-06-30",
        "C9,chief,999900101,false,2026-01-01,2025-06-30",
        (
            ("posts.csv", 5, 1, "工号“C9”不存在"),
            ("posts.csv", 5, 2, "岗位“网格长”不能设在“镇级”上"),
            ("posts.csv", 5, 6, "结束日应晚于起始日"),
        ),
    ),
    "a post nobody declared": Break(
        "posts.csv",
        "C1,chief,999900101201002",
        "C1,boss,999900101201002",
        (("posts.csv", 5, 2, "岗位“boss”不存在"),),
    ),
    "an unknown department": Break(
        "staff.csv",
        "official,,urban,h1",
        "official,,harbour,h1",
        (("staff.csv", 5, 6, "部门“harbour”不存在"),),
    ),
    "people of the same number and log-in, oddly employed": Break(
        "staff.csv",
        "W2,网格员002,网格员,part_time,19900000002,,w2",
        "W1,网格员002,网格员,casual,1990000,,w1",
        (
            ("bindings.csv", 3, 1, "工号“W2”不存在"),
            ("posts.csv", 3, 1, "工号“W2”不存在"),
            ("staff.csv", 3, 1, "“W1”与第 2 行重复"),
            ("staff.csv", 3, 4, "“casual”应为 full_time、part_time、official 之一"),
            ("staff.csv", 3, 5, "应为 11 位手机号"),
            ("staff.csv", 3, 7, "“w1”与第 2 行重复"),
        ),
    ),
    "an unknown role and category": Break(
        "bindings.csv",
        "H1,handler,999900,urban,roads",
        "H1,boss,999900,urban;sea,roads;fish",
        (
            ("bindings.csv", 4, 2, "角色“boss”不存在"),
            ("bindings.csv", 4, 4, "部门“sea”不存在"),
            ("bindings.csv", 4, 5, "类别“fish”不存在"),
        ),
    ),
    "roles where they do not belong": Break(
        "bindings.csv",
        "W2,worker,999900101201002,,\nH1,handler,999900,urban,roads\nA1,admin,999900,,",
        "W2,worker,999900101,,\nH1,handler,999900,,\nA1,admin,999900101,,",
        (
            ("bindings.csv", 3, 3, "角色“网格员”不能授予在“镇级”上"),
            ("bindings.csv", 4, 4, "角色“经办员”必须写明部门"),
            ("bindings.csv", 5, 3, "角色“县级管理员”只能授予在根节点上"),
        ),
    ),
    "two administrators in one person, and none of one kind": Break(
        "bindings.csv",
        "S1,auditor,999900,,",
        "A1,auditor,999900,,\nC1,handler,999900,urban,",
        (
            ("bindings.csv", 6, 2, "“审计员”与第 5 行的“县级管理员”不能由同一人担任"),
            ("bindings.csv", 7, 1, "“C1”没有登录名"),
        ),
    ),
    "nobody to audit": Break(
        "bindings.csv",
        "S1,auditor,999900,,\n",
        "",
        (("bindings.csv", 0, 0, "没有人担任“审计员”"),),
    ),
    "a topic without department": Break(
        "topics.csv",
        "labour,labour,true",
        "labour,,true\nsea,urban,true\nlabour,urban,false",
        (
            ("topics.csv", 2, 2, "不能为空"),
            ("topics.csv", 3, 1, "类别“sea”不存在"),
            ("topics.csv", 4, 1, "“labour”与第 2 行重复"),
        ),
    ),
    "offices that nobody could find": Break(
        "stations.csv",
        "999900101,甲镇一路1号,0999-0000001,08:30-12:00 14:30-17:30,,true",
        "999900101,甲镇一路1号,打给老王,早八晚五,,true\n999900101,,,,12:00-08:00,\n"
        "999900101201001,村口,,全天,,\n999900777,村口,,全天,,",
        (
            ("stations.csv", 2, 3, "“打给老王”不像电话号码"),
            ("stations.csv", 2, 4, "时间要写成 08:30-12:00 14:30-17:30 这样"),
            ("stations.csv", 3, 1, "“999900101”与第 2 行重复"),
            ("stations.csv", 3, 5, "时间要写成 08:30-12:00 14:30-17:30 这样"),
            ("stations.csv", 4, 1, "“基层网格”没有工作机构"),
            ("stations.csv", 5, 1, "网格节点“999900777”不存在"),
        ),
    ),
    "a grid outside the county": Break(
        "boundaries.csv",
        "113.2 27,113.4 27,113.4 27.2",
        "113.2 27,113.5 27,113.4 27.2",
        (("boundaries.csv", 4, 3, "超出了上级“999900”的边界"),),
    ),
    "grids that overlap": Break(
        "boundaries.csv",
        "113.2 27,113.4 27,113.4 27.2,113.2 27.2,113.2 27",
        "113.1 27,113.4 27,113.4 27.2,113.1 27.2,113.1 27",
        (("boundaries.csv", 4, 3, "与第 3 行的“999900101201001”重叠"),),
    ),
    "a polygon that crosses itself": Break(
        "boundaries.csv",
        "113.2 27,113.4 27,113.4 27.2,113.2 27.2,113.2 27",
        "113.2 27,113.4 27.2,113.4 27,113.2 27.2,113.2 27",
        (("boundaries.csv", 4, 3, "边线自相交"),),
    ),
    "degrees the wrong way round, a line, and a shape of nothing": Break(
        "boundaries.csv",
        '999900101201001,true,"POLYGON((113 27,113.2 27,113.2 27.2,113 27.2,113 27))"\n'
        '999900101201002,true,"POLYGON((113.2 27,113.4 27,113.4 27.2,113.2 27.2,113.2 27))"\n',
        '999900101201001,true,"POLYGON((27 113,27.2 113,27.2 113.2,27 113.2,27 113))"\n'
        '999900101201002,true,"LINESTRING(113 27,114 27)"\n7,true,circle\n',
        (
            ("boundaries.csv", 3, 3, "东经、北纬是否写反"),
            ("boundaries.csv", 4, 3, "读不出多边形"),
            ("boundaries.csv", 5, 1, "网格节点“7”不存在"),
        ),
    ),
    "keys nobody knows": Break(
        "tenant.toml",
        'mark = "测"',
        'mark = "测"\nsong = "啦"',
        (("tenant.toml", 14, 1, "不认识的键“song”"),),
    ),
    "a plugin that is not installed": Break(
        "tenant.toml",
        '["tiny"]',
        '["tiny", "moon"]',
        (("tenant.toml", 7, 1, "没有安装插件“moon”"),),
    ),
    "no plugin that declares the county": Break(
        "tenant.toml",
        '["tiny"]',
        '["extra"]',
        (("tenant.toml", 7, 1, "Exactly one level is the root"),),
    ),
    "values of the wrong form": Break(
        "tenant.toml",
        'code = "999900"\nslug = "ceshi"\nprovince = "99"',
        'code = 999900\nslug = "Ceshi-1"',
        (
            ("tenant.toml", 0, 0, "缺少“province”"),
            ("tenant.toml", 2, 1, "“code”应为6 位数字的县级行政区划代码"),
            ("tenant.toml", 3, 1, "“slug”应为3 至 20 个小写字母"),
        ),
    ),
    "values that contradict each other": Break(
        "tenant.toml",
        'slug = "ceshi"\nprovince = "99"\nprefecture = "9999"\nzone = "Asia/Shanghai"',
        'slug = "static"\nprovince = "98"\nprefecture = "9998"\nzone = "Asia/Moon"',
        (
            ("tenant.toml", 3, 1, "平台自己的网址"),
            ("tenant.toml", 4, 1, "省级代码应为县级代码的前 2 位“99”"),
            ("tenant.toml", 5, 1, "市级代码应为县级代码的前 4 位“9999”"),
            ("tenant.toml", 6, 1, "没有“Asia/Moon”这个时区"),
            ("tenant.toml", 8, 1, "区域“province:99”不管辖这个县"),
        ),
    ),
    "settings out of bounds": Break(
        "tenant.toml",
        "idle_minutes = 20",
        "idle_minutes = 90\ntempo = 3",
        (
            ("tenant.toml", 16, 1, "“闲置时限”：不能大于 60 分钟"),
            ("tenant.toml", 17, 1, "“tempo”：没有这个参数"),
        ),
    ),
    "a line that is not TOML": Break(
        "tenant.toml", "idle_minutes = 20", "idle_minutes = ", (("tenant.toml", 16, 16, "TOML"),)
    ),
}


def faults_of(files):
    return check(files, tiny_policies()).faults


def test_the_tiny_package_is_without_fault():
    checked = check(tiny_files(), tiny_policies())

    assert checked.faults == ()
    assert [node.path for node in checked.package.nodes][-1] == "999900.101.201.002."


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_broken_package_names_each_fault_with_its_place(broken):
    files = tiny_files()
    text = files[broken.file].decode()
    assert broken.old in text
    files[broken.file] = text.replace(broken.old, broken.new).encode()

    faults = faults_of(files)

    assert [(fault.file, fault.line, fault.column) for fault in faults] == [
        (file, line, column) for file, line, column, _ in sorted(broken.faults)
    ]
    for fault, (*_, word) in zip(faults, sorted(broken.faults), strict=True):
        assert word in fault.message


def test_faults_of_several_files_are_told_at_once():
    files = tiny_files()
    del files["staff.csv"]
    files["topics.csv"] += "道".encode("gbk")
    files["notes.doc"] = b""
    files["grid.csv"] = files["grid.csv"].replace(b"999900101201002,9", b"999900101201002,8")

    told = {str(fault) for fault in faults_of(files)}

    assert "staff.csv  缺少这个文件。" in told
    assert "topics.csv:3:1  文件不是 UTF-8 编码，请另存为 UTF-8 后再试。" in told
    assert "notes.doc  不认识的文件。" in told
    assert "grid.csv:6:2  [parent] 上级“899900101201”不存在。" in told


def test_a_mark_at_the_beginning_of_a_file_is_no_fault():
    files = tiny_files()
    files["grid.csv"] = b"\xef\xbb\xbf" + files["grid.csv"].replace(b"\n", b"\r\n")

    assert faults_of(files) == ()


def test_without_a_manifest_the_form_of_the_other_files_is_still_checked():
    files = tiny_files()
    del files["tenant.toml"]
    files["grid.csv"] = files["grid.csv"].replace("甲镇".encode(), b"=1")

    assert [str(fault) for fault in faults_of(files)] == [
        "grid.csv:3:4  [name] “=1”以公式符号开头，表格软件会把它当公式执行。",
        "tenant.toml  缺少这个文件。",
    ]


def test_a_circle_of_parents_ends():
    files = tiny_files()
    files["grid.csv"] += (
        "999900103,999900104,town,圈一,rural,0,0,true,2026-01-01\n"
        "999900104,999900103,town,圈二,rural,0,0,true,2026-01-01\n"
    ).encode()

    assert [(fault.line, fault.name) for fault in faults_of(files)] == [(7, "level"), (8, "level")]


def test_a_figure_that_the_switchboard_holds_off_is_refused_by_its_name():
    """For a county that is not yet there nothing is on."""
    counting = Figure(
        code="walked", name="巡查次数", definition="走了几次。", measure="cases_closed",
        needs=(Switch.DAILY_OK,),
    )  # fmt: skip
    declared = replace(tiny_policies().resolve(("tiny",)).county, figures=(counting,))
    policies = Policies(
        {"tiny": SimpleNamespace(county=lambda: declared), "extra": SimpleNamespace()}
    )
    (fault,) = check(tiny_files(), policies).faults
    assert fault.file == "tenant.toml"
    assert "巡查次数" in str(fault) and "国办函〔2026〕12号" in str(fault)
    assert check(tiny_files(), policies, on={Switch.DAILY_OK}).faults == ()
