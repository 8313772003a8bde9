"""A county's administrator lets a plugin come, become newer and go, each time after a look."""

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Controller, MediaType, get, post

from factories.rules import LILING
from factories.tenants import a_county
from gridgov.app import create_app
from gridgov.contract.declarations import Category, County
from gridgov.contract.reactions import Reaction
from gridgov.contract.rulebook import Brings, Brought, Made, Rulebook, kept, read
from gridgov.kernel.sentences import N_
from gridgov.plugins import Plugin, Plugins
from gridgov.rulebook.rules.differences import differences
from gridgov.testkit.serving import started
from gridgov.testkit.signing_in import send
from gridgov.web.guard import SIGNED_IN
from gridgov.web.slots import Slot

WATER = Category(
    code="E0199", name="测试·水务", parent="E01", urgency="normal", departments=("water",)
)
PAGE = Brought(kind=Brings.PAGE, what="/x/extra/kiln")
EXTRA = County(name="测试·附加", categories=(WATER,), builds_on="one")


class Kiln(Controller):
    """A page of the plugin's own, and what is sent from it."""

    path = "/kiln"

    @get("/", name="extra_kiln", permission=SIGNED_IN, media_type=MediaType.TEXT)
    async def show(self) -> str:
        return "窑炉"

    @post("/fire", permission=SIGNED_IN)
    async def fire(self) -> None: ...


class Chimney(Controller):
    """A page that a newer version has instead."""

    path = "/chimney"

    @get("/", permission=SIGNED_IN, media_type=MediaType.TEXT)
    async def show(self) -> str:
        return "烟囱"


async def closed(*_: Any) -> None: ...


@pytest.fixture
def extra(tmp_path):
    """A plugin with everything that code can add, in its first version or a newer one."""

    def made(version, *, tables=(), **brings):
        folder = tmp_path / version
        (folder / "migrations" / "versions").mkdir(parents=True)
        for name in tables:
            (folder / "migrations" / "versions" / f"{name}.py").touch()
        front = str(folder / "plugin.py")
        module = SimpleNamespace(county=lambda: EXTRA, __file__=front, API=1, **brings)
        return Plugin("extra", module, version)

    return made


@pytest.fixture
def first(extra):
    return extra(
        "1.0",
        CONTROLLERS=(Kiln,),
        SLOTS=(Slot(page="node", route="extra_kiln", title=N_("窑炉")),),
        REACTIONS=(Reaction(event="case.closed", run=closed),),
        tables=("0001_kilns",),
    )


@pytest.fixture
async def app(settings, first, monkeypatch):
    """An application that starts with the plugin installed, and enabled nowhere."""
    county = SimpleNamespace(county=lambda: replace(LILING, reusable=True), __file__=__file__)
    there = {"one": Plugin("one", county, "1"), "extra": first}
    monkeypatch.setattr(Plugins, "installed", classmethod(lambda cls: cls(there, {})))
    async with started(create_app(settings)) as made:
        yield made


@pytest.fixture
async def county(app):
    state = app.state
    return await a_county(state.database, state.settings, policies=state.policies, plugins=["one"])


@pytest.fixture
def at(county):
    return lambda tail: f"/{county.tenant.slug}{tail}"


async def agreed(admin, preview):
    """Send the preview's own form."""
    page = str(preview.url)
    fields = re.findall(
        r'<input type="hidden" name="(plugins|seen)" value="([\w.]+)"', preview.text
    )
    plugins = [value for name, value in fields if name == "plugins"]
    (seen,) = [value for name, value in fields if name == "seen"]
    return await send(admin, page.partition("?")[0], page=page, plugins=plugins, seen=seen)


async def kiln(admin, at):
    return (await admin.get(at("/x/extra/kiln"))).status_code


def told(page):
    """Each difference in one line, with what differs inside."""
    words = re.sub(r"<ins>", "+", re.sub(r"<del>", "-", page.text))
    return [
        " ".join(re.sub(r"<[^>]+>", " ", one).split())
        for one in re.findall(r"<li>\s*<p>.*?</li>\s*(?=<li>\s*<p>|</ul>)", words, flags=re.DOTALL)
    ]


async def test_a_plugin_comes_and_goes_by_the_console_with_all_that_its_code_brings(admin, at):
    before = await kiln(admin, at)
    coming = await admin.get(at("/rules/change?enable=extra"))
    enabled = await agreed(admin, coming)
    runs = await admin.get(at("/rules/"))
    during = await kiln(admin, at)
    going = await admin.get(at("/rules/change?disable=extra"))
    disabled = await agreed(admin, going)
    after = await kiln(admin, at)

    coming_brings, coming_category = told(coming)
    assert coming_category == "新增 事件分类 测试·水务 E0199"
    assert coming_brings == (
        "新增 插件 extra 版本 +1.0 页面 +/x/extra/kiln 页面 +/x/extra/kiln/fire "
        "别的页面里的一块 +窑炉（网格页） 发生时跟着做 +case.closed 自己的数据表 +0001_kilns"
    )
    assert told(going)[0] == (
        "去掉 插件 extra 版本 -1.0 页面 -/x/extra/kiln 页面 -/x/extra/kiln/fire "
        "别的页面里的一块 -窑炉（网格页） 发生时跟着做 -case.closed 自己的数据表 -0001_kilns"
    )
    assert [enabled.status_code, disabled.status_code] == [303, 303]
    assert "运行的规则来自版本 1.0" in runs.text
    assert (before, during, after) == (404, 200, 404)


async def test_an_upgrade_tells_which_pages_and_tables_a_newer_version_has(app, admin, at, extra):
    await agreed(admin, await admin.get(at("/rules/change?enable=extra")))
    app.state.policies.plugins.loaded["extra"] = extra(
        "2.0", CONTROLLERS=(Kiln, Chimney), tables=("0001_kilns", "0002_smoke")
    )

    newer = await admin.get(at("/rules/change"))
    sent = await agreed(admin, newer)
    again = await admin.get(at("/rules/change"))

    (only,) = told(newer)
    assert only == (
        "有变 插件 extra 版本 -1.0 → +2.0 别的页面里的一块 -窑炉（网格页） "
        "发生时跟着做 -case.closed 页面 +/x/extra/chimney 自己的数据表 +0002_smoke"
    )
    assert sent.status_code == 303
    assert "没有要改的" in again.text


def test_a_rulebook_that_was_kept_before_this_was_known_differs_in_nothing():
    book = Rulebook(plugins=(Made(name="extra", version="1.0", brought=(PAGE,)),), county=EXTRA)
    data = kept(book)
    del data["plugins"][0]["brought"]

    assert differences(read(data), book) == ()
