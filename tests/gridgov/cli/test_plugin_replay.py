"""``gridgov plugin replay``: what would differ is told on the command line."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from types import ModuleType

import pytest

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.cases.actions.replaying import LIGHT, ROUTE, Differs, Replayed
from gridgov.cases.types import LIGHTS, Light
from gridgov.cli import plugin_replay
from gridgov.cli.main import main
from gridgov.cli.plugin_replay import told
from gridgov.contract.facts import Route
from gridgov.contract.hooks import hookimpl
from gridgov.plugins import Plugin, Plugins
from liling import plugin as liling

Run = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
async def crew(database, settings) -> Crew:
    made = Crew(database, await a_county(database, settings))
    await made.brought_to("filed")
    return made


@pytest.fixture
def run(settings, monkeypatch, capsys) -> Run:
    """The command in a thread: it has an event loop of its own."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    async def started(*arguments: str) -> tuple[int, str]:
        status = await asyncio.to_thread(main, ["plugin", "replay", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return started


async def test_what_is_installed_decides_as_the_county_runs(crew, run):
    slug = crew.county.tenant.slug

    status, said = await run("liling", "--tenant", slug, "--since", "2026-11-01")

    assert status == 0
    assert said.strip() == (
        "2026-11-01 以来 1 件：派遣不同 0 件，期限不同 0 件，灯色不同 0 件。没有改动任何数据。"
    )


async def test_a_plugin_that_was_changed_since_tells_what_it_would_decide_otherwise(
    crew, run, monkeypatch
):
    await crew.brought_to("dispatched")

    @hookimpl
    def case_route(case):
        return Route(department="water", confidence=1.0, reason="统一由水利局办")

    changed = ModuleType("liling")
    vars(changed).update({**vars(liling), "case_route": case_route})
    installed = Plugins.installed()
    installed.loaded["liling"] = Plugin("liling", changed, "2")
    monkeypatch.setattr(Plugins, "installed", lambda: installed)

    _, said = await run("liling", "--tenant", crew.county.tenant.slug, "--since", "2026-11-01")

    assert re.search(
        r"^99\S+  派遣  测试·\w+ → 测试·water（liling 统一由水利局办）$", said, re.MULTILINE
    )
    assert "2 件：派遣不同 1 件，期限不同 0 件，灯色不同 0 件" in said


async def test_each_difference_is_a_line_and_the_first_forty_are_shown(crew, run, monkeypatch):
    many = tuple(
        Differs(f"99{n:04}", "E0102", ROUTE, "城管局", "水利局", "other 统一办") for n in range(41)
    )

    async def replay(*_, **__):
        return Replayed(41, many)

    monkeypatch.setattr(plugin_replay, "replay", replay)

    _, said = await run("liling", "--tenant", crew.county.tenant.slug, "--since", "2026-11-01")

    assert "990000  派遣  城管局 → 水利局（other 统一办）" in said
    assert len(re.findall(r"^99\d{4} ", said, re.MULTILINE)) == 40
    assert "另有 1 处" in said


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("moon --tenant {}", "moon is not installed."),
        ("liling --tenant moon", "没有“moon”这个县。"),
    ],
)
async def test_an_unknown_plugin_or_county_is_refused_in_words(crew, run, asked, expected):
    words = asked.format(crew.county.tenant.slug).split()

    status, said = await run(*words, "--since", "2026-11-01")

    assert status == 1
    assert expected in said


def test_a_light_is_said_as_pages_say_it():
    paused = Differs("1", "E0102", LIGHT, Light.PAUSED, Light.NONE)

    assert told(paused) == f"{LIGHTS[Light.PAUSED]} → —"
