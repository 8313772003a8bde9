"""Accounts for people: opened with a slip, closed, opened again; no rights come with them."""

import re

import pytest
from sqlalchemy import select

from factories.newcomers import a_newcomer
from factories.tenants import a_county
from gridgov.access.actions.admitting import close_account, create_account, reopen_account
from gridgov.access.queries.people import person_of_staff
from gridgov.access.types import AccountState
from gridgov.accounts.models import Account
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.testkit.signing_in import a_browser, log_in, send, sign_in


async def test_a_new_account_opens_with_its_slip_and_has_no_rights(client, county, as_person, app):
    newcomer = await a_newcomer(app.state.database, county)
    async with as_person("county_admin") as ctx:
        slip = await create_account(ctx, newcomer, login=" New.Comer ")

    answer = await log_in(client, county, slip.login, slip.token)

    assert slip.login == "new.comer"
    assert answer.status_code == 303
    async with app.state.database.shared() as session:
        kept = (
            await session.execute(
                select(Account.password, Account.token).where(Account.login == "new.comer")
            )
        ).one()
    assert kept.password is None
    assert slip.token.encode() not in kept.token


@pytest.mark.parametrize("login", ["x", "two words", "a\nb"])
async def test_a_login_that_cannot_be_typed_is_refused(county, as_person, app, login):
    newcomer = await a_newcomer(app.state.database, county)
    async with as_person("county_admin") as ctx:
        with pytest.raises(Invalid):
            await create_account(ctx, newcomer, login=login)


async def test_a_login_is_given_once_in_a_county(county, as_person, app):
    newcomer = await a_newcomer(app.state.database, county)
    async with as_person("county_admin") as ctx:
        with pytest.raises(Invalid):
            await create_account(ctx, newcomer, login="Worker")


async def test_who_has_left_or_has_an_account_gets_none(county, as_person, app):
    async with as_person("county_admin") as ctx:
        gone = await a_newcomer(app.state.database, county, left_on=ctx.now.date())
        with pytest.raises(Conflict):
            await create_account(ctx, gone, login="gone")
        with pytest.raises(Conflict):
            await create_account(ctx, county.accounts["worker"].staff_id, login="twice")


async def test_a_closed_account_is_out_at_once_and_in_again_when_reopened(
    client, county, as_person
):
    worker = await sign_in(client, county, "worker")
    home = f"/{county.tenant.slug}/account"
    async with as_person("county_admin") as ctx:
        await close_account(ctx, worker.staff_id)
    closed = (await client.get(home)).status_code
    async with as_person("county_admin") as ctx:
        assert (await person_of_staff(ctx, worker.staff_id)).state is AccountState.CLOSED
        await reopen_account(ctx, worker.staff_id)
    revived = (await client.get(home)).status_code
    await sign_in(client, county, "worker")

    assert (closed, revived) == (401, 401)
    assert (await client.get(home)).status_code == 200


async def test_one_cannot_close_ones_own(county, as_person):
    async with as_person("county_admin") as ctx:
        with pytest.raises(NotAllowed):
            await close_account(ctx, county.accounts["county_admin"].staff_id)


async def test_another_countys_person_is_not_found(county, as_person, app):
    other = await a_county(app.state.database, app.state.settings)
    async with as_person("county_admin") as ctx:
        for act in (close_account, reopen_account):
            with pytest.raises(NotFound):
                await act(ctx, other.accounts["worker"].staff_id)


async def test_through_the_pages(client, county, app):
    newcomer = await a_newcomer(app.state.database, county)
    await sign_in(client, county, "county_admin")
    person = f"/{county.tenant.slug}/accounts/{newcomer}"

    listed = await client.get(f"/{county.tenant.slug}/accounts", params={"state": "none"})
    refused = await send(client, person, login="worker")
    slip = await send(client, person, login="fresh-one")
    closed = await send(client, f"{person}/close", page=person)
    reopened = await send(client, f"{person}/reopen", page=person)

    assert "测试·新人" in listed.text
    assert refused.status_code == 422
    assert "已经有人用了" in refused.text
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-", slip.text)
    assert (closed.status_code, reopened.status_code) == (303, 303)


async def test_the_three_administrators_see_three_different_desks(county, app):
    pages = {
        "accounts": "county_admin",
        "access/bindings": "security_admin",
    }
    for page, owner in pages.items():
        for who in ("county_admin", "security_admin", "auditor", "worker"):
            async with a_browser(app) as browser:
                await sign_in(browser, county, who)
                answer = await browser.get(f"/{county.tenant.slug}/{page}")
                assert (answer.status_code == 200) == (who == owner), (page, who)
