"""The page of rules and plugins: what runs, what would change, what ran, what could not answer."""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, select

from factories.cases import Crew
from factories.rules import LILING
from factories.tenants import a_county
from gridgov.app import create_app
from gridgov.contract.declarations import Category
from gridgov.contract.facts import CaseFacts, Route
from gridgov.contract.hooks import hookimpl
from gridgov.contract.reactions import Reaction
from gridgov.kernel.clock import now
from gridgov.kernel.errors import OverBudget
from gridgov.kernel.ids import new_id
from gridgov.kernel.relay import Relay
from gridgov.plugins import Plugin
from gridgov.policy import Policies
from gridgov.rooms import handlers
from gridgov.rulebook.actions.faults import FaultBook
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces
from gridgov.testkit.serving import started
from gridgov.testkit.signing_in import a_browser, send, sign_in
from gridgov.testkit.statements import statements
from gridgov.web.models import Operation

WATER = Category(
    code="E0199", name="测试·水务", parent="E01", urgency="normal", departments=("water",)
)


def plugin(county, **hooks):
    """A module as if it were installed."""
    return SimpleNamespace(county=lambda: county, __file__=__file__, API=1, **hooks)


@hookimpl
def raising(case: CaseFacts) -> Route | None:
    raise LookupError(case.category)


@hookimpl
def vague(case: CaseFacts) -> Route | None:
    return Route(department="water", confidence="high", reason="")


@pytest.fixture
async def one(settings):
    """An application of its own, in which the plugins ``one`` and ``faulty`` are installed."""
    app = create_app(settings)
    loaded = app.state.policies.plugins.loaded
    loaded["one"] = Plugin("one", plugin(LILING), "1.0")
    faulty = plugin(replace(LILING, name="测试·坏县"), case_route=raising)
    loaded["faulty"] = Plugin("faulty", faulty, "1")
    loaded["vague"] = Plugin(
        "vague", plugin(replace(LILING, name="测试·虚县"), case_route=vague), "1"
    )
    async with started(app) as made:
        yield made


@pytest.fixture
def installed(one):
    """Put another county under the name of ``one``."""

    def put(county, version="2.0"):
        one.state.policies.plugins.loaded["one"] = Plugin("one", plugin(county), version)

    return put


def digest_in(page):
    return re.search(r'name="seen" value="(\w+)"', page.text)[1]


async def tenant(app, *plugins):
    return await a_county(
        app.state.database, app.state.settings, policies=app.state.policies, plugins=plugins
    )


@pytest.fixture
async def county(one):
    return await tenant(one, "one")


@pytest.fixture
async def admin(one, county):
    async with a_browser(one) as browser:
        await sign_in(browser, county, "county_admin", second_factor=True)
        yield browser


@pytest.fixture
def at(county):
    return lambda tail="": f"/{county.tenant.slug}/rules{tail}"


async def test_the_page_tells_what_runs_and_costs_few_statements(one, admin, at):
    await admin.get(at("/"))  # the first one reads the editions and who the actor is

    with statements(one.state.database) as sent:
        answer = await admin.get(at("/"))

    assert answer.status_code == 200
    assert "运行的规则来自版本 1.0" in answer.text
    assert "有新版本可以换上" not in answer.text
    assert len(sent) <= 8


async def test_an_upgrade_waits_until_somebody_looked_and_agreed(admin, at, installed):
    installed(replace(LILING, categories=(*LILING.categories, WATER)))

    shown = await admin.get(at("/"))
    preview = await admin.get(at("/change"))
    sent = await send(admin, at("/change"), plugins="one", seen=digest_in(preview))
    after = await admin.get(at("/"))

    assert "有新版本可以换上" in shown.text
    assert "测试·水务" in preview.text
    assert sent.status_code == 303
    assert "运行的规则来自版本 2.0" in after.text
    assert "有新版本可以换上" not in after.text


async def test_what_stands_against_a_change_is_said_and_there_is_no_button(admin, at, installed):
    installed(replace(LILING, roles=tuple(r for r in LILING.roles if r.code != "leader")))

    preview = await admin.get(at("/change"))

    assert "角色“第一责任人”要去掉" in preview.text
    assert "从现在起按这套规则办" not in preview.text


async def test_a_change_that_became_another_one_is_not_made(admin, at, installed):
    installed(replace(LILING, categories=(*LILING.categories, WATER)))
    preview = await admin.get(at("/change"))
    installed(replace(LILING, glossary={"网格": "格子"}), "3.0")

    sent = await send(admin, at("/change"), plugins="one", seen=digest_in(preview))

    assert sent.status_code == 409
    assert "安装的插件又变了" in sent.text


async def test_a_plugin_that_is_no_longer_installed_leaves_its_cases_readable(
    one, settings, county, at
):
    crew = Crew(one.state.database, county)
    case_id = await crew.brought_to("handling")
    async with started(create_app(settings)) as without, a_browser(without) as browser:
        await sign_in(browser, county, "dispatcher")
        record = await browser.get(f"/{county.tenant.slug}/cases/{case_id}/")
        listed = await browser.get(f"/{county.tenant.slug}/cases/")
        desk = await browser.get(f"/{county.tenant.slug}/dispatch/")
    async with a_browser(without) as browser:
        await sign_in(browser, county, "county_admin", second_factor=True)
        rules = await browser.get(at("/"))

    assert [answer.status_code for answer in (record, listed, desk, rules)] == [200] * 4
    assert "处置中" in record.text
    assert "代码没有安装" in rules.text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("faulty", "LookupError, test_rules_page.py:"),
        ("vague", "answered Route: Expected `float`, got `str` - at `$.confidence`"),
    ],
)
async def test_a_hook_that_cannot_answer_is_named_with_a_number_and_harms_nobody(
    one, county, name, said
):
    faulty = await tenant(one, name)
    pages = {}
    for made in (faulty, county):
        crew = Crew(one.state.database, made)
        case_id = await crew.brought_to("filed")
        async with a_browser(one) as browser:
            await sign_in(browser, made, "dispatcher")
            at = f"/{made.tenant.slug}"
            pages[made.tenant.slug] = [
                await browser.get(f"{at}/dispatch/?below=1"),
                await browser.get(f"{at}/dispatch/preview/{case_id}"),
                await browser.get(f"{at}/cases/{case_id}/do/dispatch/"),
            ]
    await one.state.faults.written()
    told = {}
    for made in (faulty, county):
        async with a_browser(one) as browser:
            await sign_in(browser, made, "county_admin", second_factor=True)
            answer = await browser.get(f"/{made.tenant.slug}/rules/")
            told[made.tenant.slug] = html.unescape(answer.text)

    assert [p.status_code for found in pages.values() for p in found] == [200] * 6
    assert all(f"插件 {name} 没能回答" in p.text for p in pages[faulty.tenant.slug])
    assert not any("没能回答该派给谁" in p.text for p in pages[county.tenant.slug])
    number = pages[faulty.tenant.slug][0].text.split("故障编号 ")[1][:8]
    assert number in told[faulty.tenant.slug]
    assert said in told[faulty.tenant.slug]
    assert "3 次" in told[faulty.tenant.slug]
    assert said not in told[county.tenant.slug]


async def test_a_plugin_whose_declarations_raise_is_named_on_the_page_and_cannot_be_enabled(
    one, admin, at
):
    broken = plugin(LILING)
    broken.county = lambda: {}["levels"]
    one.state.policies.plugins.loaded["broken"] = Plugin("broken", broken, "1")

    shown = await admin.get(at("/"))
    preview = await admin.get(at("/change?enable=broken"))

    assert "broken: county, raised: KeyError" in html.unescape(shown.text)
    assert "不能这样改" in preview.text
    assert all("请把下面的原文转给作者" in page.text for page in (shown, preview))
    assert "从现在起按这套规则办" not in preview.text


@dataclass
class Overdoing:
    """What a county does when a case is filed: it writes something, and then does too much."""

    then: Callable[[Any], Awaitable[object]]
    runs: int = 0

    async def react(self, ctx, _):
        self.runs += 1
        mine = {"tenant_id": ctx.tenant.id, "id": new_id(), "account_id": None, "digest": b""}
        await ctx.session.execute(insert(Operation).values(**mine, location="written", at=ctx.now))
        await self.then(ctx)


async def raises(ctx):
    raise LookupError("电话 19900000000")


async def speaks(ctx, times=9):
    for _ in range(times):
        await ctx.session.execute(select(Operation.id))


async def speaks_on(ctx):
    """Code that takes being stopped for something that it can live with."""
    with suppress(OverBudget):
        await speaks(ctx)


async def holds_up(ctx):
    """Nothing else runs meanwhile, so nobody can stop it."""
    sleep(0.3)  # noqa: ASYNC251


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (raises, "LookupError, test_rules_page.py:"),
        (speaks, "查数据库的次数太多"),
        (speaks_on, "查数据库的次数太多"),
        (lambda _: asyncio.sleep(9), "太慢"),
        (holds_up, "太慢"),
    ],
)
async def test_a_reaction_that_fails_or_overruns_its_budget_is_undone_named_and_tried_again(
    one, county, admin, *, then, said
):
    overdoing = Overdoing(then)
    reaction = Reaction(event="case.filed", run=overdoing.react, seconds=0.2, statements=5)
    book = FaultBook(one.state.database)
    policies = Policies({"one": plugin(LILING, REACTIONS=[reaction])}, tell=book)
    await Crew(one.state.database, county).brought_to("filed")
    places = Workplaces(one.state.database, Rulebooks(policies), one.state.settings.secret)
    (record,) = await places.records(slug=county.tenant.slug)
    heard = {"case.filed": handlers(policies.plugins)["case.filed"][-1:]}
    later = now() + timedelta(hours=1)

    for clock in (now, lambda: later):
        await Relay(heard, clock=clock).relay(places.of(record))
    await book.written()

    async with one.state.database.session(county.tenant.id) as session:
        written = select(Operation.id).where(Operation.location == "written")
        assert (await session.scalars(written)).all() == []
    assert overdoing.runs == 2
    shown = (await admin.get(f"/{county.tenant.slug}/rules/")).text
    assert "case.filed" in shown
    assert said in shown
    assert "2 次" in shown
    assert "19900000000" not in shown


async def test_a_case_tells_how_its_rules_and_its_department_were_found(one, county):
    crew = Crew(one.state.database, county)
    case_id = await crew.brought_to("dispatched")

    async with a_browser(one) as browser:
        await sign_in(browser, county, "dispatcher")
        page = (await browser.get(f"/{county.tenant.slug}/cases/{case_id}/")).text

    assert "规则怎么定的" in page
    assert "“事件”第 1 版" in page
    assert "one 1.0" in page
    assert "按县里的数据推荐 测试·urban" in page
    assert "这一类的首选部门" in page
