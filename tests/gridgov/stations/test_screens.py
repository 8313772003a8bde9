"""The screen on the wall: an address that cannot be guessed, no account, and no names."""

import base64
import re

import pytest
from sqlalchemy import select, update

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.audit.models import AuditEntry
from gridgov.kernel.clock import now
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.staff.models import StaffMember
from gridgov.stations.actions.duty import plan_week
from gridgov.stations.actions.numbers import call_next, take_number
from gridgov.stations.actions.screens import open_screen, revoke_screen
from gridgov.stations.queries.halls import screens_of
from gridgov.testkit.signing_in import send
from gridgov.testkit.statements import statements


@pytest.fixture
def crew(app, county):
    """On the day on which the pages are looked at."""
    return Crew(app.state.database, county, now=now())


async def opened(crew, hall, name="一楼等候区"):
    async with crew.acting("dispatcher") as ctx:
        await open_screen(ctx, hall, name=name)
        return (await screens_of(ctx, hall))[-1]


async def called(crew, hall, count=1):
    async with crew.acting("dispatcher") as ctx:
        for _ in range(count):
            await take_number(ctx, hall, "window")
            await call_next(ctx, hall, "window", window="3 号窗口")


async def test_it_runs_without_an_account_and_shows_numbers_who_waits_and_notices(
    app, client, crew, county
):
    hall = county.at("county").id
    screen = await opened(crew, hall)
    wall = f"/{county.tenant.slug}/wall/{screen.token}"
    await client.get(wall)
    await called(crew, hall)
    with statements(app.state.database) as sent:
        page = await client.get(wall)
    piece = await client.get(wall, headers={"hx-request": "true"})

    assert page.status_code == 200 and "3 号窗口" in page.text and "人在等" in page.text
    assert "连不上了" in page.text and 'hx-trigger="every 5s"' in page.text
    assert "<html" not in piece.text and "3 号窗口" in piece.text
    assert len(sent) <= 5, sent


async def test_no_name_of_anybody_is_on_it(app, crew, client, county):
    """Who is on duty stands on the pages of staff; the wall is looked at by everybody."""
    hall, person = county.at("county").id, county.accounts["handler"].staff_id
    async with crew.acting("dispatcher") as ctx:
        await ctx.session.execute(
            update(StaffMember)
            .where(StaffMember.id == person)
            .values(department_id=county.departments["urban"])
        )
        night = {(ctx.today, "night"): person}
        await plan_week(ctx, hall, "urban", day=ctx.today, chosen=night)
    screen = await opened(crew, hall)
    page = await client.get(f"/{county.tenant.slug}/wall/{screen.token}")

    assert "测*" not in page.text and "经办员" not in page.text


async def test_what_does_not_fit_is_said(client, crew, county, hall):
    await called(crew, hall, count=8)
    screen = await opened(crew, hall)
    page = await client.get(f"/{county.tenant.slug}/wall/{screen.token}")

    assert page.text.count("wall-line") == 6 and "另有 2 个号已经叫到" in page.text


async def test_an_address_cannot_be_guessed_and_who_tries_is_stopped(client, crew, county, hall):
    screen = await opened(crew, hall)
    tries = [
        (await client.get(f"/{county.tenant.slug}/wall/{n:022}")).status_code for n in range(32)
    ]

    assert len(base64.urlsafe_b64decode(f"{screen.token}==")) * 8 >= 128
    assert tries[0] == 404 and tries[-1] == 429
    assert (await client.get(f"/{county.tenant.slug}/wall/{screen.token}")).status_code == 200


async def test_a_revoked_address_says_so_and_shows_nothing(client, signed, crew, county):
    hall = county.at("county").id
    screen = await opened(crew, hall)
    await called(crew, hall)
    boss = await signed("dispatcher")
    page = f"/{county.tenant.slug}/stations/{hall}/screens"
    listed = await boss.get(page)
    await send(boss, f"{page}/{screen.id}", page=page)
    after = await boss.get(page)
    wall = await client.get(f"/{county.tenant.slug}/wall/{screen.token}")
    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(NotFound):
            await revoke_screen(ctx, hall, screen.id)
        verbs = set(await ctx.session.scalars(select(AuditEntry.verb)))

    assert screen.token in listed.text and screen.token not in after.text
    assert wall.status_code == 404
    assert "已经作废" in wall.text and "3 号窗口" not in wall.text
    assert {"hall.screen_opened", "hall.screen_revoked"} <= verbs


async def test_a_screen_needs_a_place_and_there_are_not_too_many(signed, crew, at, hall):
    boss, page = await signed("dispatcher"), at(f"/{hall}/screens")
    bare = await send(boss, f"{page}/", page=page, name=" ")
    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(Invalid):
            await open_screen(ctx, hall, name="字" * 21)
        for n in range(10):
            await open_screen(ctx, hall, name=f"{n}楼")
        with pytest.raises(Conflict, match="最多"):
            await open_screen(ctx, hall, name="还要一块")

    assert bare.status_code == 422 and "请写屏在哪里" in bare.text


async def test_who_does_not_serve_there_has_no_say_in_it(signed, crew, county, at):
    hall = county.at("county").id
    screen = await opened(crew, hall)
    town = county.at("town").id
    worker, clerk = await signed("worker"), await signed("subcentre_clerk")
    own = await send(clerk, at(f"/{town}/screens/"), page=at(f"/{town}/screens"), name="一楼")
    tried = await send(clerk, at(f"/{town}/screens/{screen.id}"), page=at(f"/{town}/screens"))

    assert (await worker.get(at(f"/{hall}/screens"))).status_code == 403
    assert (await clerk.get(at(f"/{hall}/screens"))).status_code == 404
    assert own.status_code == 303 and tried.status_code == 404
    assert re.search(r"/wall/[\w-]{22}", (await clerk.get(at(f"/{town}/screens"))).text)


async def test_a_screen_of_one_county_shows_nothing_in_another(app, client, crew, hall):
    screen = await opened(crew, hall)
    other = await a_county(app.state.database, app.state.settings)

    assert (await client.get(f"/{other.tenant.slug}/wall/{screen.token}")).status_code == 404
