"""八个一: eight things done by the real actions, eight numbers, and each opens what it counts."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.cases import Crew
from factories.services import ITEMS
from factories.tenants import a_county
from gridgov.cases.actions.performing import perform
from gridgov.cases.actions.reporting import Contact
from gridgov.fieldwork.actions.writing import Writing, write_line
from gridgov.grid.actions.redividing import redivide
from gridgov.grid.queries.nodes import node_seen
from gridgov.grid.types import Part, Split
from gridgov.kernel.clock import now
from gridgov.kernel.together import Together
from gridgov.organisations.actions.teams import keep_activity
from gridgov.registry.actions import Count, add_building, confirm_building
from gridgov.rooms import TOGETHER
from gridgov.services.actions.assisting import Authority, begin_assist
from gridgov.services.actions.importing import bring_to
from gridgov.services.models import ServiceItem
from gridgov.services.types import Way
from gridgov.testkit.signing_in import a_browser, sign_in

EXPECTED = {
    "maps": 1, "cards": 12, "base": 2, "ledger": 1, "talks": 1, "voices": 1, "activities": 1,
    "errands": 1,
}  # fmt: skip
"""What one grid is found to have done below."""


class Own(Crew):
    """A crew that seals with the county's own key, as the pages do."""

    def context(self, session, actor, *, now=None):
        return replace(super().context(session, actor, now=now), vault=self.county.vault)


@pytest.fixture
async def county(app):
    made = await a_county(app.state.database, app.state.settings)
    async with Crew(app.state.database, made, now=now()).system() as ctx:
        await bring_to(ctx, ITEMS)
    return made


@pytest.fixture
def crew(app, county):
    return Own(app.state.database, county, now=now(), together=Together(TOGETHER))


async def drawn(crew):
    """The station cuts its grid in two on the map: each half is drawn."""
    leaf = crew.county.at("grid")
    line = ((leaf.lon - 0.001, leaf.lat), (leaf.lon + 0.001, leaf.lat))
    halves = (Part(name="甲格", households=20, population=60), Part(name="乙格"))
    async with crew.acting("county_admin") as ctx:
        split = await redivide(
            ctx,
            Split(node_id=leaf.id, parts=halves, line=line, keeps=0),
            effective_on=ctx.today,
            document="1号",
        )
        return await node_seen(ctx, split.nodes[0])


async def everything_done(crew, node):
    async with crew.acting("worker", at=node.path) as ctx:
        for ledger, words in (
            ("visit", {"mode": "door", "need": "想装扶手"}),
            ("talk", {"topic": "医保缴费"}),
            ("opinion", {"topic": "living", "words": "路口早上堵"}),
        ):
            await write_line(ctx, ledger, Writing(node_id=node.id, words=words))
        await write_line(ctx, "hand_out", Writing(node_id=node.id, item="card", count=12))
        building = await add_building(
            ctx, node.id, name="1栋", count=Count(use="home", dwellings=24, households=20)
        )
        await confirm_building(ctx, building)
        await keep_activity(ctx, node.id, on=ctx.today, what="清扫楼道", took_part=9)
        await delivered(crew, ctx, node)


async def delivered(crew, ctx, node):
    item = await ctx.session.scalar(select(ServiceItem.id).where(ServiceItem.code == ITEMS[0].code))
    word = Authority(
        way=Way.ORAL,
        purpose="代办老年证年审",
        valid_until=ctx.today + timedelta(days=9),
        witness="见证人",
    )
    who = Contact(name="测试·李奶奶", phone="19900001234", address="3栋502")
    begun = await begin_assist(ctx, item, node_id=node.id, resident=who, authority=word)
    steps = (
        ("station_clerk", "file", {}),
        ("station_clerk", "dispatch", {"departments": [crew.county.departments["urban"]]}),
        ("handler", "accept", {}),
        ("handler", "finish", {"answer": "已年审。"}),
        ("worker", "close", {"answer": "送到家里。"}),
    )
    for role, action, fields in steps:
        acting = replace(ctx, actor=crew.actor(role))
        await perform(acting, begun.case_id, action, fields)


async def test_eight_things_done_are_eight_numbers_and_each_opens_its_records(app, crew, county):
    node = await drawn(crew)
    await everything_done(crew, node)
    sheet = f"/{county.tenant.slug}/assessment/sheets/eight_ones?place={node.path}"
    async with a_browser(app) as browser:
        await sign_in(browser, county, "supervisor")
        page = (await browser.get(sheet)).text
        found, titled = {}, {}
        for address in re.findall(r'href="([^"]+/assessment/figures/[^"]+)"', page):
            code = re.search(r"figures/(\w+)\?", address)[1]
            rows = (await browser.get(address.replace("&amp;", "&"))).text
            _, _, listed = rows.partition('<ul class="rows">')
            links = re.findall(r'href="([^"]+)"', listed.partition("</ul>")[0])
            copies = re.findall(r"(\d+) 份", listed)
            titled |= dict.fromkeys(
                re.findall(r"<b>([^<]+)</b>", listed.partition("</ul>")[0]), code
            )
            found[code] = int(copies[0]) if copies else len(links)
            for link in links:
                record = await browser.get(link)
                assert record.status_code == 200, (code, link)

    assert found == EXPECTED
    assert titled.keys() >= {"上门", "医保缴费", "生活环境", "便民卡"}  # the topic, not the worker
