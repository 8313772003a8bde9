"""Tables in tenant.toml: every fault with its line; what they say is compared like all the rest."""

from pathlib import Path

import pytest

from gridgov.kernel.changes import Verb
from gridgov.onboarding.rules.compare import OWN, compare, touches_rules
from gridgov.onboarding.rules.package import check
from gridgov.testkit.counties import installed_policies

EXAMPLE = Path(__file__).parents[3] / "docs" / "example-county"
TOWN = '[[level]]\ncode = "town"\nname = "乡镇"\ndesk = "乡镇服务中心"'
HELPER = '[[post]]\ncode = "helper"\nname = "联户员"\nlevels = ["grid"]'
PROMPT = 'limits = { handle = "24小时" }'

BREAKS = {
    "a key nobody knows": (
        TOWN,
        TOWN + '\nsong = "啦"',
        (24, "不认识的键“song”"),
    ),
    "a row of nobody": (TOWN, TOWN.replace('code = "town"\n', ""), (20, "缺少“code”")),
    "values of the wrong form": (
        HELPER,
        '[[post]]\ncode = "he-lper"\nname = ""\nlevels = "grid"\nsingle = 1',
        (41, "“code”应以字母开头"),
        (42, "“name”不能为空"),
        (43, "“levels”应为文字的列表"),
        (44, "“single”应为true 或 false"),
    ),
    "a control character, and a name too long": (
        TOWN,
        TOWN.replace("乡镇服务中心", "乡\\u202e镇").replace('"乡镇"', f'"{"长" * 41}"'),
        (22, "“name”最多 40 个字"),
        (23, "“desk”含有换行或看不见的控制字符"),
    ),
    "a code twice": (
        TOWN,
        TOWN + '\n\n[[level]]\ncode = "town"\nname = "街道"',
        (26, "“town”在这张表里写了两次"),
    ),
    "a new post that is not whole": (
        HELPER,
        '[[post]]\ncode = "helper"\nanswers = true',
        (40, "“helper”是新的岗位，还缺少“levels”"),
        (40, "“helper”是新的岗位，还缺少“name”"),
    ),
    "a word of a step that there is not": (
        'code = "archive"',
        'code = "dance"',
        (30, "没有“dance”这个步骤，这张表只能改已有的"),
    ),
    "a post on a level that there is not": (
        'levels = ["grid"]',
        'levels = ["grid", "barge"]',
        (43, "没有“barge”这个层级"),
    ),
    "a category under nothing, and one in no hurry": (
        'parent = "heating"\nname = "停热或温度不足"\nurgency = "prompt"',
        'parent = "cold"\nname = "停热或温度不足"\nurgency = "soon"',
        (53, "没有“cold”这个类别"),
        (55, "没有“soon”这个缓急"),
    ),
    "a department that the county does not have": (
        'departments = ["sanitation", "urban"]',
        'departments = ["sanitation", "harbour"]',
        (62, "departments.csv 里没有“harbour”"),
    ),
    "a duration that is none": (
        PROMPT,
        'limits = { handle = "两天" }',
        (87, "“两天”应写成 7个工作日"),
    ),
    "a clock that there is not, and one that is a setting": (
        PROMPT,
        'limits = { sing = "3天", file = "3天" }',
        (87, "“立案”的时限请在 [settings] 里用 file_work_hours 改"),
        (87, "没有“sing”这个时钟，有的是：file、take、accept、handle"),
    ),
    "a warning that comes too late, and one of nothing": (
        PROMPT,
        'limits = { handle = "1天" }\nwarns = { handle = "1天", file = "x" }',
        (87, "请在 warns 里写明“handle”何时转黄灯"),
        (88, "“file”没有写在 limits 里"),
    ),
    "rules without a day, on no day, and of a wrong form": (
        f'effective_from = 2025-01-01\nsource = "示例县网格工作办法第九条"\n{PROMPT}',
        'effective_from = "today"\nlimits = ["24小时"]\n\n[[urgency.rules]]\nsource = "办法"',
        (85, "“effective_from”应为日期，如 2026-07-01"),
        (86, "“limits”应为时钟与时限的对照"),
        (88, "缺少“effective_from”"),
        (88, "缺少“limits”"),
    ),
    "a table that is no table": (
        '[[step]]\ncode = "archive"\nname = "办结归档"',
        '[step]\ncode = "archive"\nname = "办结归档"',
        (29, "“step”应为若干节"),
    ),
    "what the linter finds in what the rows make together": (
        TOWN,
        TOWN.replace('code = "town"', 'code = "town"\nunder = []'),
        (8, "各项规定合不到一起"),
    ),
}


def files():
    return {path.name: path.read_bytes() for path in EXAMPLE.iterdir()}


def checked(manifest):
    return check({**files(), "tenant.toml": manifest.encode()}, installed_policies())


@pytest.fixture(scope="module")
def manifest():
    return files()["tenant.toml"].decode()


def test_the_example_is_without_fault(manifest):
    assert checked(manifest).faults == ()


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_fault_in_a_table_is_named_with_its_line(manifest, broken):
    old, new, *told = broken
    assert manifest.count(old) == 1

    found = checked(manifest.replace(old, new)).faults

    assert [fault.line for fault in found] == [line for line, _ in told]
    for fault, (_, word) in zip(found, told, strict=True):
        assert word in fault.message


def test_a_row_that_changed_came_or_went_is_a_difference_and_changes_the_rules(manifest):
    have = checked(manifest).package
    changed = manifest.replace('name = "乡镇"', 'name = "镇"')
    changed = changed.replace('code = "archive"', 'code = "verify"')

    diff = compare(have, checked(changed).package)

    assert [(each.verb, each.table, each.key, each.fields) for each in diff.changes] == [
        (Verb.CHANGED, OWN, "level town", (("name", "乡镇", "镇"),)),
        (Verb.ADDED, OWN, "step verify", ()),
        (Verb.CLOSED, OWN, "step archive", ()),
    ]
    assert touches_rules(diff)
