"""The second factor: enrolled, shown, used once, lost."""

import asyncio
import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from gridgov.accounts.models import Account, RecoveryCode
from gridgov.accounts.second_factor import matching_step, seal_secret
from gridgov.kernel.clock import now
from gridgov.testkit.signing_in import (
    PASSWORD,
    a_browser,
    csrf_of,
    log_in,
    secret_of,
    send,
    sign_in,
)


async def enrolled(app, person, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"):
    """The account has this secret."""
    sealed = seal_secret(app.state.settings, person.account_id, secret)
    async with app.state.database.shared() as session:
        mine = update(Account).where(Account.id == person.account_id)
        await session.execute(mine.values(totp_secret=sealed, totp_last_step=None))
    return pyotp.TOTP(secret)


async def password_shown(browser, county, app, role="county_admin"):
    """In by password, before the wall that asks for the code."""
    person = await sign_in(browser, county, role)
    totp = await enrolled(app, person)
    browser.cookies.clear()
    assert (await log_in(browser, county, person.login, PASSWORD)).status_code == 303
    return totp


@pytest.mark.parametrize("role", ["county_admin", "security_admin", "auditor"])
async def test_outside_the_demo_an_administrator_reaches_only_the_enrolment(
    strict_app, county, role
):
    async with a_browser(strict_app) as browser:
        await sign_in(browser, county, role)

        page = await browser.get(f"/{county.tenant.slug}/account/devices")
        enrolment = await browser.get(f"/{county.tenant.slug}/account/second-factor")

    assert page.status_code == 303
    assert page.headers["location"].startswith(f"/{county.tenant.slug}/account/second-factor")
    assert enrolment.status_code == 200
    assert "data:image/svg+xml" in enrolment.text


async def test_in_the_demo_and_for_others_it_is_not_asked_for(client, strict_app, county):
    await sign_in(client, county, "county_admin")
    async with a_browser(strict_app) as browser:
        await sign_in(browser, county, "worker")
        strict = await browser.get(f"/{county.tenant.slug}/account/devices")

    assert (await client.get(f"/{county.tenant.slug}/account/devices")).status_code == 200
    assert strict.status_code == 200


async def enrol_by_form(browser, county):
    address = f"/{county.tenant.slug}/account/second-factor"
    form = (await browser.get(address)).text
    offer = re.search(r'name="offer" value="([^"]+)"', form).group(1)
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", form).group(1).replace(" ", "")
    code = pyotp.TOTP(secret).at(now())
    token = re.search(r'name="_csrf" value="([0-9a-f]+)"', form).group(1)
    answer = await browser.post(address, data={"_csrf": token, "offer": offer, "code": code})
    codes = re.findall(r"<code>([0-9A-Z-]{16,})</code>", answer.text)
    return answer, pyotp.TOTP(secret), codes


async def test_enrolling_renews_the_session_and_shows_spare_keys_once(strict_app, county):
    async with a_browser(strict_app) as browser:
        await sign_in(browser, county, "security_admin")
        before = secret_of(browser)

        answer, _, codes = await enrol_by_form(browser, county)
        inside = await browser.get(f"/{county.tenant.slug}/account/devices")
        async with strict_app.state.database.shared() as session:
            account_id = county.accounts["security_admin"].account_id
            kept = await session.scalars(
                select(RecoveryCode.digest).where(RecoveryCode.account_id == account_id)
            )
            digests = kept.all()

    assert answer.status_code == 200
    assert secret_of(browser) != before
    assert inside.status_code == 200
    assert len(codes) == len(set(codes)) == len(digests) == 8
    assert not any(code.encode() in digest for code in codes for digest in digests)


async def test_the_secret_is_sealed_to_its_account(client, county, app):
    person = await sign_in(client, county, "county_admin")
    _, totp, _ = await enrol_by_form(client, county)

    async with app.state.database.shared() as session:
        sealed = await session.scalar(
            select(Account.totp_secret).where(Account.id == person.account_id)
        )

    assert totp.secret.encode() not in sealed


async def test_an_offer_of_another_session_cannot_be_enrolled(client, county, app):
    async with a_browser(app) as attacker:
        await sign_in(attacker, county, "worker")
        form = (await attacker.get(f"/{county.tenant.slug}/account/second-factor")).text
        offer = re.search(r'name="offer" value="([^"]+)"', form).group(1)
    await sign_in(client, county, "chief")

    answer = await send(
        client, f"/{county.tenant.slug}/account/second-factor", offer=offer, code="123456"
    )

    assert answer.status_code == 409


async def test_after_the_password_only_the_code_is_asked_for(client, county, app):
    totp = await password_shown(client, county, app)
    before = secret_of(client)
    walled = await client.get(f"/{county.tenant.slug}/account/devices")

    shown = await send(client, f"/{county.tenant.slug}/account/verify", code=totp.at(now()))

    assert walled.headers["location"].startswith(f"/{county.tenant.slug}/account/verify")
    assert shown.status_code == 303
    assert secret_of(client) != before
    assert (await client.get(f"/{county.tenant.slug}/account/devices")).status_code == 200


async def test_before_the_code_neither_password_nor_second_factor_can_be_changed(
    client, county, app
):
    await password_shown(client, county, app)
    verify = f"/{county.tenant.slug}/account/verify"

    answers = [
        await send(client, f"/{county.tenant.slug}/account/{page}", page=verify, **fields)
        for page, fields in (
            ("password", {"old": PASSWORD, "password": "lantern-otter", "again": "lantern-otter"}),
            ("second-factor", {"offer": "x", "code": "123456"}),
            ("second-factor/remove", {"code": "123456"}),
            ("second-factor/codes", {"code": "123456"}),
        )
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 303, 303]


async def test_a_code_sent_twenty_times_at_once_comes_through_once(county, app):
    async with a_browser(app) as browser:
        person = await sign_in(browser, county, "county_admin")
        totp = await enrolled(app, person)
    code = totp.at(now())
    verify = f"/{county.tenant.slug}/account/verify"

    async def one():
        async with a_browser(app) as browser:
            await sign_in(browser, county, "county_admin")
            return await send(browser, verify, code=code)

    answers = await asyncio.gather(*(one() for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [303, *[422] * 7]


async def test_a_used_code_and_an_earlier_one_are_refused_later(client, county, app):
    totp = await password_shown(client, county, app)
    at = now()
    await send(client, f"/{county.tenant.slug}/account/verify", code=totp.at(at))
    client.cookies.clear()
    await log_in(client, county, "county-admin", PASSWORD)

    again = await send(client, f"/{county.tenant.slug}/account/verify", code=totp.at(at))
    before = await send(
        client,
        f"/{county.tenant.slug}/account/verify",
        code=totp.at(at - timedelta(seconds=30)),
    )

    assert (again.status_code, before.status_code) == (422, 422)


async def test_guesses_are_counted_whatever_becomes_of_them(client, county, app):
    totp = await password_shown(client, county, app)
    verify = f"/{county.tenant.slug}/account/verify"

    guesses = [(await send(client, verify, code="000000")).status_code for _ in range(10)]
    right = await send(client, verify, code=totp.at(now()))

    assert guesses == [422] * 10
    assert right.status_code == 429


async def test_a_spare_key_opens_once(client, county, app):
    await sign_in(client, county, "county_admin")
    _, _, codes = await enrol_by_form(client, county)
    verify = f"/{county.tenant.slug}/account/verify"
    client.cookies.clear()
    await log_in(client, county, "county-admin", PASSWORD)

    first = await send(client, verify, code=codes[0].lower())
    client.cookies.clear()
    await log_in(client, county, "county-admin", PASSWORD)
    second = await send(client, verify, code=codes[0])

    assert (first.status_code, second.status_code) == (303, 422)


async def test_a_new_phone_is_bound_after_one_last_code_of_the_old(client, county, app):
    await sign_in(client, county, "worker")
    _, _, codes = await enrol_by_form(client, county)
    page = f"/{county.tenant.slug}/account/second-factor"

    await send(client, f"{page}/remove", page=page, code=codes[1])

    assert "data:image/svg+xml" in (await client.get(page)).text


async def test_new_spare_keys_end_the_old_ones(client, county, app):
    person = await sign_in(client, county, "worker")
    _, _, codes = await enrol_by_form(client, county)
    page = f"/{county.tenant.slug}/account/second-factor"

    answer = await send(client, f"{page}/codes", page=page, code=codes[0])

    assert answer.status_code == 200
    assert codes[1] not in answer.text
    async with app.state.database.shared() as session:
        left = await session.scalars(
            select(RecoveryCode.used_at).where(RecoveryCode.account_id == person.account_id)
        )
        assert left.all() == [None] * 8


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (-30, True), (30, True), (-90, False)])
def test_a_phones_clock_may_be_off_by_one_step(seconds, good):
    secret, at = pyotp.random_base32(), now()
    code = pyotp.TOTP(secret).at(at + timedelta(seconds=seconds))

    assert (matching_step(secret, f" {code[:3]} {code[3:]}", at) is not None) == good


async def test_the_csrf_token_changes_with_the_session(client, county, app):
    totp = await password_shown(client, county, app)
    verify = f"/{county.tenant.slug}/account/verify"
    before = await csrf_of(client, verify)

    await send(client, verify, code=totp.at(now()))
    late = await client.post(
        f"/{county.tenant.slug}/account/devices/end-others", data={"_csrf": before}
    )

    assert late.status_code == 403
