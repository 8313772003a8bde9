"""The bell: told once, read when said so, nobody else's."""

import re

import pytest
from sqlalchemy import select

from factories.contexts import Grounds, a_tenant
from factories.tenants import a_county
from factories.working import a_place, place_in
from gridgov.kernel.errors import NotFound
from gridgov.kernel.ids import new_id
from gridgov.notices import actions, queries
from gridgov.notices.actions import KEPT_AFTER_READING, forget_old_notices, notify
from gridgov.notices.models import Notice
from gridgov.tenants.workplace import Workplace
from gridgov.testkit.clock import NOON
from gridgov.testkit.counties import ACounty
from gridgov.testkit.signing_in import send, sign_in

ALICE, BOB = new_id(), new_id()


@pytest.fixture
async def grounds(database, settings) -> Grounds:
    return await a_tenant(database, settings)


async def unread(grounds: Grounds, account) -> int:
    async with grounds.opened() as ctx:
        return await ctx.session.scalar(queries.unread_of(account)) or 0


async def ring(grounds: Grounds, *accounts, about: str = "case.yellow:1") -> int:
    async with grounds.opened() as ctx:
        return await notify(ctx, accounts, about=about, text="有一件事快到期", link="/x/cases/1")


async def test_each_is_told_once_however_often_the_event_comes(grounds):
    first = await ring(grounds, ALICE, BOB, ALICE, None)
    again = await ring(grounds, ALICE, BOB)
    other = await ring(grounds, ALICE, about="case.yellow:2")

    assert (first, again, other) == (2, 0, 1)
    assert (await unread(grounds, ALICE), await unread(grounds, BOB)) == (2, 1)


async def test_nobody_to_tell_is_no_fault(grounds):
    assert await ring(grounds) == 0
    assert await ring(grounds, None) == 0


async def test_reading_one_leaves_the_others_unread(grounds):
    await ring(grounds, ALICE)
    await ring(grounds, ALICE, about="case.yellow:2")
    async with grounds.opened(account=ALICE) as ctx:
        one = await ctx.session.scalar(select(Notice.id).where(Notice.about == "case.yellow:1"))
        link = await actions.open_notice(ctx, one)

    assert link == "/x/cases/1"
    assert await unread(grounds, ALICE) == 1


async def test_nobody_reads_for_somebody_else(grounds):
    await ring(grounds, ALICE)
    async with grounds.opened(account=BOB) as ctx:
        one = await ctx.session.scalar(select(Notice.id))
        assert await actions.mark_read(ctx) == 0
        assert await actions.mark_read(ctx, one) == 0
        with pytest.raises(NotFound):
            await actions.open_notice(ctx, one)

    assert await unread(grounds, ALICE) == 1


async def test_what_was_read_long_ago_is_forgotten(grounds):
    await ring(grounds, ALICE)
    await ring(grounds, ALICE, about="case.yellow:2")
    async with grounds.opened(account=ALICE) as ctx:
        one = await ctx.session.scalar(select(Notice.id).where(Notice.about == "case.yellow:1"))
        await actions.mark_read(ctx, one)
    place = await a_place(grounds)

    async with place.transaction("test", now=NOON + KEPT_AFTER_READING * 1.1) as ctx:
        await forget_old_notices(ctx)

    async with grounds.opened() as ctx:
        assert (await ctx.session.scalars(select(Notice.about))).all() == ["case.yellow:2"]


@pytest.fixture
async def county(database, settings) -> ACounty:
    return await a_county(database, settings)


@pytest.fixture
async def place(county, database, settings) -> Workplace:
    return await place_in(county, database, settings)


async def rung(place: Workplace, county: ACounty, who: str, count: int) -> None:
    async with place.transaction("test") as ctx:
        for number in range(count):
            await notify(
                ctx,
                [county.accounts[who].account_id],
                about=f"test:{number}",
                text=f"测试通知第{number:03}条",
                link=f"/{county.tenant.slug}/notices",
                urgent=number == 0,
            )


async def test_the_page_shows_a_page_at_a_time_and_reads(client, county, place):
    await rung(place, county, "worker", 35)
    await sign_in(client, county, "worker")
    address = f"/{county.tenant.slug}/notices"

    first = await client.get(address)
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert older
    second = await client.get(older.group(1).replace("&amp;", "&"))

    shown = [re.findall(r"测试通知第(\d+)条", page.text) for page in (first, second)]
    assert [len(numbers) for numbers in shown] == [30, 5]
    assert len({*shown[0], *shown[1]}) == 35
    assert (await client.get(f"{address}/unread")).json() == {"unread": 35}

    await send(client, f"{address}/read", page=address)

    assert (await client.get(f"{address}/unread")).json() == {"unread": 0}
    assert "没有未读的通知" in (await client.get(f"{address}?show=unread")).text
