"""A department appeals against a figure of its review on a phone; somebody else decides."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from browser.eyes import serious, wide
from browser.people import signed_in
from factories.assessed import a_review, an_evaluation
from factories.cases import Crew
from factories.tenants import a_county
from gridgov.cases.models import Case
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database

WIDTHS = {"handler": 390, "leader": 1440}


async def begun(settings):
    """A review whose figures count one case of a department as closed."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    crew = Crew(database, county, now=now())
    case_id = await crew.brought_to("closed", title="井盖破损")
    async with crew.acting("dispatcher") as ctx:
        review = await a_review(ctx, "2025Q4")
        await an_evaluation(ctx, review, county.at("village"))
        code = await ctx.session.scalar(select(Case.code).where(Case.id == case_id))
    secrets = await signed_in(database, county, WIDTHS)
    await database.close()
    return f"/{county.tenant.slug}/reviews/{review}/appeals", code, secrets


@pytest.fixture
def reviewing(chromium, address, settings):
    with ThreadPoolExecutor(1) as thread:  # the browser's own loop runs in this one
        path, code, secrets = thread.submit(asyncio.run, begun(settings)).result()
    contexts = {}
    for role, secret in secrets.items():
        size = {"width": WIDTHS[role], "height": 844}
        contexts[role] = chromium.new_context(locale="zh-CN", viewport=size)
        contexts[role].add_cookies([{"name": "gridgov_session", "value": secret, "url": address}])
    yield {role: each.new_page() for role, each in contexts.items()}, address + path, code
    for each in contexts.values():
        each.close()


def test_a_figure_is_appealed_against_and_decided(reviewing):
    pages, appeals, code = reviewing
    department, decides = pages["handler"], pages["leader"]
    department.goto(appeals)
    department.select_option("#f-figure", label="已办结")
    department.fill("#f-case", "不是编号")
    department.fill("#f-reason", "产权不在我们单位")
    department.get_by_role("button", name="提出申诉").click()
    department.get_by_text("没有这个编号的事件").first.wait_for()
    assert department.input_value("#f-reason") == "产权不在我们单位"
    department.fill("#f-case", code)
    department.get_by_role("button", name="提出申诉").click()
    department.locator("article", has_text="等人来定").wait_for()
    assert wide(department) == [] and serious(department) == []

    decides.goto(appeals)
    assert "产权不在我们单位" in decides.text_content("main")
    decides.locator("article textarea").fill("移交单在案，不算这个单位办结")
    decides.get_by_role("button", name="成立，重新计算").click()
    decides.locator("article", has_text="移交单在案").locator(".notice").wait_for()
    assert wide(decides) == [] and serious(decides) == []

    department.reload()
    assert "成立" in department.locator("article .tag").first.text_content()
    assert "移交单在案" in department.text_content("main")
