"""``gridgov tenant``: what the operator types, sees, and finds afterwards."""

import asyncio
import csv
import re
import stat
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from factories.packages import tiny_files, tiny_policies
from gridgov.access.models import Binding
from gridgov.cli import tenant
from gridgov.cli.main import main
from gridgov.contract.declarations import Category, County
from gridgov.grid.models import GridNode
from gridgov.kernel.db import Database
from gridgov.kernel.ids import tenant_id_of
from gridgov.plugins import Plugin, Plugins
from gridgov.staff.models import PostHolding, StaffMember

LILING = Path(__file__).parents[3] / "tenants" / "liling"


@pytest.fixture
def environment(settings, monkeypatch):
    """The command finds this run's database."""
    for name, value in settings.environment().items():
        if name.startswith("GRIDGOV_"):
            monkeypatch.setenv(name, value)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The tiny package on disk, and the plugin that goes with it."""
    monkeypatch.setattr(tenant, "Policies", tiny_policies)
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "package"
    made.mkdir()
    for name, data in tiny_files().items():
        (made / name).write_bytes(data)
    return made


def recode(folder, code, slug):
    """A county of its own for one test."""
    for path in folder.iterdir():
        data = path.read_bytes().replace(b"999900", code.encode())
        path.write_bytes(data.replace(b"ceshi", slug.encode()))


async def counted(settings, code, *tables):
    database = Database(settings, pooled=False)
    async with database.session(tenant_id_of(code)) as session:
        counts = [await session.scalar(select(func.count()).select_from(t)) for t in tables]
    await database.close()
    return counts


def test_validate_says_what_a_sound_package_holds(folder, capsys):
    assert main(["tenant", "validate", str(folder)]) == 0

    assert "没有发现问题：5 个节点、2 个部门、6 人、4 个岗位、5 项授权" in capsys.readouterr().out


def test_validate_prints_every_fault_with_its_place(folder, capsys):
    (folder / "staff.csv").unlink()
    (folder / "topics.csv").write_text("category,department,assumed\nlabour,=labour,true\n")

    assert main(["tenant", "validate", str(folder)]) == 1

    told = capsys.readouterr()
    assert "staff.csv  缺少这个文件。\n" in told.out
    assert "topics.csv:2:2  [department] “=labour”以公式符号开头" in told.out
    assert re.search(r"共 \d+ 处问题", told.err)


def test_validate_of_a_folder_that_is_not_there_says_so(folder, capsys):
    assert main(["tenant", "validate", str(folder / "moon")]) == 1

    assert "moon”这个文件夹" in capsys.readouterr().err


@pytest.mark.usefixtures("environment")
def test_a_dry_run_shows_everything_and_keeps_nothing(settings, folder, tmp_path, capsys):
    recode(folder, "999901", "shiyun")

    assert main(["tenant", "onboard", str(folder), "--dry-run"]) == 0

    told = capsys.readouterr().out
    assert "网格：新增 5\n" in told
    assert "没有改动任何数据" in told
    assert asyncio.run(counted(settings, "999901", GridNode)) == [0]
    assert list(tmp_path.glob("tokens-*")) == []


@pytest.mark.usefixtures("environment")
def test_the_tokens_go_to_a_file_for_the_owner_alone(folder, tmp_path, capsys):
    recode(folder, "999902", "kouling")

    assert main(["tenant", "onboard", str(folder)]) == 0

    (file,) = tmp_path.glob("tokens-kouling-*.csv")
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [row["login"] for row in rows] == ["w1", "w2", "h1", "a1", "s1"]
    assert not any(row["token"] in capsys.readouterr().out for row in rows)


@pytest.mark.usefixtures("environment")
def test_a_file_of_tokens_is_never_overwritten(settings, folder, tmp_path, capsys):
    recode(folder, "999903", "bufugai")
    (tmp_path / "tokens.csv").write_text("mine")

    assert main(["tenant", "onboard", str(folder), "--tokens", "tokens.csv"]) == 1

    assert "已经存在" in capsys.readouterr().err
    assert (tmp_path / "tokens.csv").read_text() == "mine"
    assert asyncio.run(counted(settings, "999903", GridNode)) == [0]


@pytest.mark.usefixtures("environment")
def test_changes_to_an_open_county_wait_for_a_yes(folder, capsys):
    recode(folder, "999904", "wenqingchu")
    main(["tenant", "onboard", str(folder)])
    grid = folder / "grid.csv"
    grid.write_text(grid.read_text().replace("甲镇", "乙镇"))
    staff = folder / "staff.csv"
    staff.write_text(staff.read_text().replace("19900000001", "19900000009"))
    capsys.readouterr()

    asked = main(["tenant", "onboard", str(folder)])
    shown = capsys.readouterr()
    applied = main(["tenant", "onboard", str(folder), "--yes"])
    again = main(["tenant", "onboard", str(folder)])

    assert (asked, applied, again) == (2, 0, 0)
    assert "变更 网格 999904101：name 甲镇 → 乙镇" in shown.out
    assert "变更 人员 W1：phone\n" in shown.out
    assert "199000" not in shown.out
    assert "加上 --yes 再运行" in shown.err
    assert capsys.readouterr().out.endswith("与已开通的内容一致，没有变更。\n")


@pytest.fixture
def with_neighbours(folder, monkeypatch):
    """The package, and beside its plugin one that says otherwise and one of another contract."""

    def policies():
        found = tiny_policies()
        roads = Category(code="roads", name="路")
        module = SimpleNamespace(county=lambda: County(name="另一个县", categories=(roads,)))
        loaded = {**found.plugins.loaded, "rival": Plugin("rival", module)}
        left_out = "old: It is written for API 0 of the contract; this platform has 1."
        found.plugins = Plugins(loaded, {"old": left_out})
        return found

    monkeypatch.setattr(tenant, "Policies", policies)
    recode(folder, "999906", "bujianrong")
    return folder


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    "case",
    [
        ('["moon"]', "没有安装插件“moon”。"),
        ('["old"]', "插件“old”不能用：old: It is written for API 0 of the contract"),
        ('["tiny", "rival"]', "各项规定合不到一起：tiny and rival both declare 'roads'"),
    ],
    ids=["unknown", "of another contract", "a clash"],
)
def test_a_manifest_whose_plugins_cannot_be_used_is_refused_before_anything_is_written(
    settings, with_neighbours, capsys, case
):
    plugins, said = case
    manifest = with_neighbours / "tenant.toml"
    manifest.write_text(manifest.read_text().replace('["tiny"]', plugins))

    assert main(["tenant", "onboard", str(with_neighbours)]) == 1

    told = capsys.readouterr().out
    assert f"tenant.toml:{line_of(manifest, 'plugins')}:1  [plugins] {said}" in told
    assert asyncio.run(counted(settings, "999906", GridNode, StaffMember)) == [0, 0]
    assert list(with_neighbours.parent.glob("tokens-*")) == []


def line_of(file, word):
    return next(n for n, line in enumerate(file.read_text().splitlines(), 1) if word in line)


@pytest.mark.usefixtures("environment")
def test_list_suspend_and_resume(folder, capsys):
    recode(folder, "999905", "zhanting")
    main(["tenant", "onboard", str(folder)])

    assert main(["tenant", "suspend", "zhanting", "--reason", "欠费"]) == 0
    main(["tenant", "list"])
    suspended = capsys.readouterr().out
    assert main(["tenant", "suspend", "zhanting", "--reason", "再来"]) == 1
    assert main(["tenant", "resume", "zhanting", "--reason", "已缴"]) == 0
    main(["tenant", "list"])

    assert re.search(r"999905  zhanting +已暂停  测试县  tiny\n", suspended)
    assert re.search(r"999905  zhanting +运行  测试县  tiny\n", capsys.readouterr().out)
    assert main(["tenant", "suspend", "moon", "--reason", "无"]) == 1


@pytest.mark.usefixtures("environment")
def test_a_county_of_eight_hundred_grids_is_on_the_air_in_seconds(
    settings, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    began = time.perf_counter()

    assert main(["tenant", "onboard", str(LILING)]) == 0
    took = time.perf_counter() - began
    again = main(["tenant", "onboard", str(LILING)])

    assert took < 30
    assert again == 0
    assert "没有变更" in capsys.readouterr().out
    counts = asyncio.run(counted(settings, "430281", GridNode, StaffMember, PostHolding, Binding))
    assert counts == [1120, 1737, 2213, 1737]


def test_validate_names_a_right_that_no_room_knows(folder, capsys):
    manifest = folder / "tenant.toml"
    text = manifest.read_text("utf-8")
    role = '\n[[role]]\ncode = "watcher"\nname = "看的人"\nrights = ["case.read", "case.fly"]\n'
    manifest.write_text(text + role, "utf-8")

    assert main(["tenant", "validate", str(folder)]) == 1

    told = capsys.readouterr().out
    assert "case.fly" in told
    assert "role.1.rights" in told
    assert "case.read" not in told
