"""Above the counties: an own door, the same walls, a region and never all."""

import re
import secrets
from dataclasses import replace
from types import SimpleNamespace

import pyotp
import pytest
from sqlalchemy import insert, select

from gridgov.access.types import REGION_ADMIN
from gridgov.accounts.models import Account, RegionRole
from gridgov.accounts.tokens import new_token, token_digest
from gridgov.app import create_app
from gridgov.kernel.clock import now
from gridgov.kernel.errors import NotAllowed, Unauthenticated
from gridgov.kernel.ids import new_id
from gridgov.tenants.models import TenantRecord
from gridgov.testkit.signing_in import HASHED, PASSWORD, a_browser, send, sign_in


@pytest.fixture(scope="module")
async def strict_app(settings):
    made = create_app(replace(settings, demo=False))
    yield made
    await made.state.database.close()


async def an_official(app, *, region="province:43", role=REGION_ADMIN, token=None):
    """An account above the counties; its log-in."""
    login, account_id = f"official-{secrets.token_hex(4)}", new_id()
    async with app.state.database.shared() as session:
        await session.execute(
            insert(Account).values(
                id=account_id,
                realm="province",
                login=login,
                password=None if token else HASHED,
                token=token_digest(token) if token else None,
                token_until=now().replace(year=now().year + 1) if token else None,
                created_at=now(),
            )
        )
        await session.execute(
            insert(RegionRole).values(account_id=account_id, region=region, role=role)
        )
    return login


async def log_in(browser, login, password=PASSWORD):
    return await send(browser, "/province/log-in", login=login, password=password)


async def opened(app, browser):
    """The context that the guard would open for this browser."""
    cookies = dict(browser.cookies.items())
    connection = SimpleNamespace(app=app, cookies=cookies, scope={"state": {}})
    return await app.state.opener.region(connection), connection


async def test_an_official_comes_in_and_gets_the_region(client, app):
    login = await an_official(app)

    answer = await log_in(client, login)
    ctx, _ = await opened(app, client)

    assert answer.status_code == 303
    assert (ctx.name, ctx.region, ctx.role) == (login, "province:43", REGION_ADMIN)


async def test_the_regions_transaction_sees_its_counties_only(client, app, county):
    login = await an_official(app, region=f"province:{county.tenant.province}")
    await log_in(client, login)
    ctx, _ = await opened(app, client)

    async with ctx.sessions() as session:
        seen = await session.scalars(select(TenantRecord.province))
        assert county.tenant.province in set(seen)


async def test_a_wrong_password_is_refused_and_throttled(client, app):
    login = await an_official(app)

    statuses = [(await log_in(client, login, f"wrong-{n}-wrong")).status_code for n in range(11)]

    assert statuses == [422] * 10 + [429]


async def test_a_countys_session_is_nobody_above_the_counties(client, app, county):
    await sign_in(client, county, "county_admin")

    with pytest.raises(Unauthenticated):
        await opened(app, client)


async def test_an_official_is_nobody_in_a_county(client, app, county):
    await log_in(client, await an_official(app))

    assert (await client.get(f"/{county.tenant.slug}/account")).status_code == 401


async def test_a_county_account_has_no_door_here(client, county):
    await sign_in(client, county, "county_admin")
    client.cookies.clear()

    assert (await log_in(client, "county-admin")).status_code == 422


async def test_a_role_without_rights_above_the_counties_is_refused(client, app):
    await log_in(client, await an_official(app, role="county_admin"))

    with pytest.raises(NotAllowed):
        await opened(app, client)


async def test_log_out_is_final(client, app):
    await log_in(client, await an_official(app))
    cookies = dict(client.cookies.items())

    answer = await send(client, "/province/log-out", page="/province")

    assert answer.status_code == 303
    connection = SimpleNamespace(app=app, cookies=cookies, scope={"state": {}})
    with pytest.raises(Unauthenticated):
        await app.state.opener.region(connection)


async def test_a_token_opens_only_the_page_where_a_password_is_chosen(client, app):
    token = new_token()
    login = await an_official(app, token=token)
    await log_in(client, login, token)
    with pytest.raises(Unauthenticated):
        await opened(app, client)

    chosen = await send(
        client, "/province/password", password="lantern-otter-canal", again="lantern-otter-canal"
    )

    assert chosen.status_code == 303
    assert (await opened(app, client))[0].name == login


async def test_outside_the_demo_the_second_factor_comes_first(strict_app):
    login = await an_official(strict_app)
    async with a_browser(strict_app) as browser:
        await log_in(browser, login)
        with pytest.raises(Unauthenticated):
            await opened(strict_app, browser)
        form = (await browser.get("/province/second-factor")).text
        offer = re.search(r'name="offer" value="([^"]+)"', form).group(1)
        secret = re.search(r"<code>([A-Z2-7 ]+)</code>", form).group(1).replace(" ", "")
        shown = await send(
            browser, "/province/second-factor", offer=offer, code=pyotp.TOTP(secret).at(now())
        )
        inside, _ = await opened(strict_app, browser)
        spare = re.findall(r"<code>([0-9A-Z-]{16,})</code>", shown.text)[0]

        browser.cookies.clear()
        await log_in(browser, login)
        wrong = await send(browser, "/province/verify", code="000000")
        right = await send(browser, "/province/verify", code=spare)
        again, _ = await opened(strict_app, browser)

    assert shown.status_code == 200
    assert inside.name == again.name == login
    assert (wrong.status_code, right.status_code) == (422, 303)


async def test_the_console_is_for_officials_alone(client, app, county):
    stranger = await client.get("/province")
    await sign_in(client, county, "county_admin")
    admin = await client.get("/province")
    client.cookies.clear()
    await log_in(client, await an_official(app))
    official = await client.get("/province")

    assert (stranger.status_code, admin.status_code, official.status_code) == (401, 401, 200)
    assert 'action="/province/log-in"' in stranger.text
