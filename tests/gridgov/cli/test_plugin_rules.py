"""``gridgov plugin``: what runs where, previews, and a change that is made or refused."""

import asyncio
from dataclasses import replace

import pytest

from factories.rules import LILING, installed
from factories.tenants import a_county
from gridgov.cli import plugin_rules
from gridgov.cli.main import main
from gridgov.contract.declarations import Category, County

WATER = Category(
    code="E0199", name="测试·水务", parent="E01", urgency="normal", departments=("water",)
)
EXTRA = County(name="测试·附加", categories=(WATER,), builds_on="one")


@pytest.fixture
def there(monkeypatch):
    """What is installed when the command runs."""

    def put(**counties):
        policies = installed(**counties)
        monkeypatch.setattr(plugin_rules, "Policies", lambda: policies)
        return policies

    return put


@pytest.fixture
async def county(database, settings, there):
    policies = there(one=replace(LILING, reusable=True))
    return await a_county(database, settings, policies=policies, plugins=("one",))


@pytest.fixture
def run(settings, county, monkeypatch, capsys):
    """The command in a thread: it has an event loop of its own."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    async def started(verb: str, *arguments: str) -> tuple[int, str]:
        tenant = [] if verb == "list" else ["--tenant", county.tenant.slug]
        status = await asyncio.to_thread(main, ["plugin", verb, *arguments, *tenant])
        said = capsys.readouterr()
        return status, said.out + said.err

    return started


async def test_a_plugin_is_previewed_enabled_listed_and_disabled(run, county, there):
    there(one=replace(LILING, reusable=True), extra=EXTRA)

    previewed = await run("preview", "extra")
    unsure = await run("enable", "extra")
    enabled = await run("enable", "extra", "--yes")
    listed = await run("list")
    disabled = await run("disable", "extra", "--yes")
    again = await run("disable", "extra", "--yes")

    assert previewed[0] == 0
    assert "新增 插件 extra" in previewed[1]
    assert "新增 事件分类 测试·水务 E0199" in previewed[1]
    assert unsure[0] == 2
    assert enabled[0] == 0
    assert f"extra{'':17}  —\n  {county.tenant.slug}" in listed[1]
    assert disabled[0] == 0
    assert "去掉 事件分类 测试·水务 E0199" in disabled[1]
    assert again == (1, "gridgov: “extra”没有启用。\n")


async def test_a_plugin_can_rule_one_part_of_the_county(run, county, there):
    there(one=replace(LILING, reusable=True), extra=EXTRA)
    town = county.at("town")

    enabled = await run("enable", "extra", "--at", town.code, "--yes")
    nowhere = await run("enable", "extra", "--at", "nowhere", "--yes")

    assert enabled[0] == 0
    assert "新增 片区规则 extra" in enabled[1]
    assert nowhere[0] == 1


async def test_an_upgrade_waits_is_shown_and_taken_up_once(run, county, there):
    there(one=replace(LILING, reusable=True, categories=(*LILING.categories, WATER)))

    listed = await run("list")
    upgraded = await run("upgrade", "one", "--yes")
    again = await run("upgrade", "one", "--yes")

    assert "有新版本可以换上" in listed[1]
    assert upgraded[0] == 0
    assert "没有要改的" in again[1]


async def test_what_stands_against_a_change_is_said_and_nothing_changes(run, county, there):
    fewer = tuple(role for role in LILING.roles if role.code != "leader")
    there(one=replace(LILING, reusable=True, roles=fewer))

    refused = await run("upgrade", "one", "--yes")
    listed = await run("list")

    assert refused[0] == 1
    assert "角色“第一责任人”要去掉，但还有 1 项授权给着它。" in refused[1]
    assert "有新版本可以换上" in listed[1]


async def test_the_demo_takes_up_what_changed(settings, county, there):
    there(one=replace(LILING, reusable=True, categories=(*LILING.categories, WATER)))

    first, second = [
        await asyncio.to_thread(plugin_rules.upgrade, settings, county.tenant.slug)
        for _ in range(2)
    ]

    assert [one.name for one in first.differences] == ["测试·水务"]
    assert second.differences == ()
