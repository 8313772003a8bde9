"""Coming in and going out, through the real application."""

import asyncio
import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from factories.tenants import a_county
from gridgov.accounts.actions.entering import Try, enter
from gridgov.accounts.limits import Limit, first_refused
from gridgov.accounts.models import Account, Attempt, SignIn
from gridgov.accounts.rules import safe_next
from gridgov.accounts.tokens import session_digest
from gridgov.accounts.types import Entered, Visit
from gridgov.audit.models import AuditEntry
from gridgov.kernel.clock import now
from gridgov.kernel.errors import Invalid, TooMany
from gridgov.kernel.ids import new_id
from gridgov.testkit.signing_in import (
    PASSWORD,
    a_browser,
    carry,
    csrf_of,
    log_in,
    secret_of,
    send,
    sign_in,
)


def wide(text):
    """As a Chinese keyboard writes letters in its full-width mode."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


async def with_password(client, county, role="worker"):
    """Somebody who has chosen PASSWORD, and a browser without a session."""
    person = await sign_in(client, county, role)
    client.cookies.clear()
    return person


async def test_a_stranger_sees_the_form(client, county):
    answer = await client.get(f"/{county.tenant.slug}/log-in")

    assert answer.status_code == 200
    assert county.tenant.name in answer.text


async def test_the_right_password_opens_the_door(client, county):
    await with_password(client, county)

    answer = await log_in(client, county, "worker", PASSWORD)
    inside = await client.get(f"/{county.tenant.slug}/account")

    assert (answer.status_code, inside.status_code) == (303, 200)


@pytest.mark.parametrize("login", ["WORKER", " worker ", wide("worker")])
async def test_a_login_is_typed_as_people_type(client, county, login):
    await with_password(client, county)

    assert (await log_in(client, county, login, PASSWORD)).status_code == 303


async def test_wrong_name_password_or_a_disabled_account_get_the_same_answer(client, county, app):
    person = await with_password(client, county)
    wrong = await log_in(client, county, "worker", "nonsense-nonsense")
    unknown = await log_in(client, county, "nobody", "nonsense-nonsense")
    async with app.state.database.shared() as session:
        closed = update(Account).where(Account.id == person.account_id)
        await session.execute(closed.values(disabled_at=now()))
    disabled = await log_in(client, county, "worker", PASSWORD)

    answers = {
        (answer.status_code, answer.text.count("账号或密码不对"))
        for answer in (wrong, unknown, disabled)
    }

    assert answers == {(422, 1)}


async def test_what_was_typed_but_the_password_comes_back(client, county):
    answer = await log_in(client, county, "somebody-77", "do-not-show-this")

    assert 'value="somebody-77"' in answer.text
    assert "do-not-show-this" not in answer.text


async def test_nothing_typed_gets_a_sentence_at_each_field(client, county):
    answer = await log_in(client, county, "", "")

    assert answer.status_code == 422
    assert answer.text.count("请填写这一项。") >= 2


async def test_a_planted_session_id_never_authenticates(client, county, app):
    await with_password(client, county)
    planted = "attacker-chosen-secret"
    carry(client, Entered(new_id(), new_id(), planted))

    await log_in(client, county, "worker", PASSWORD)

    assert secret_of(client) not in ("", planted)
    async with a_browser(app) as attacker:
        carry(attacker, Entered(new_id(), new_id(), planted))
        assert (await attacker.get(f"/{county.tenant.slug}/account")).status_code == 401


async def test_each_log_in_has_a_new_secret_and_ends_the_one_before(client, county, app):
    await with_password(client, county)
    await log_in(client, county, "worker", PASSWORD)
    first = secret_of(client)
    token = await csrf_of(client, f"/{county.tenant.slug}/account")

    again = await client.post(
        f"/{county.tenant.slug}/log-in",
        data={"_csrf": token, "login": "worker", "password": PASSWORD},
    )

    assert again.status_code == 303
    assert secret_of(client) != first
    async with a_browser(app) as old:
        carry(old, Entered(new_id(), new_id(), first))
        assert (await old.get(f"/{county.tenant.slug}/account")).status_code == 401


async def test_only_the_hash_of_a_session_is_kept(client, county, app):
    await with_password(client, county)
    await log_in(client, county, "worker", PASSWORD)

    async with app.state.database.shared() as session:
        digest = session_digest(secret_of(client))
        row = (await session.execute(select(SignIn).where(SignIn.digest == digest))).scalar_one()

    assert secret_of(client).encode() not in row.digest


async def test_log_out_is_final_even_with_twenty_requests_in_flight(client, county, app):
    person = await sign_in(client, county, "worker")
    secret, home = secret_of(client), f"/{county.tenant.slug}/account"
    async with app.state.database.shared() as session:
        seen = update(SignIn).where(SignIn.account_id == person.account_id)
        await session.execute(seen.values(seen_at=now() - timedelta(minutes=5)))

    async def visit():
        async with a_browser(app) as browser:  # each its own jar: a shared one hides the fault
            carry(browser, Entered(new_id(), new_id(), secret))
            return (await browser.get(home)).status_code

    flying = [asyncio.create_task(visit()) for _ in range(10)]
    left = await send(client, f"/{county.tenant.slug}/log-out", page=home)
    flying += [asyncio.create_task(visit()) for _ in range(10)]
    statuses = await asyncio.gather(*flying)

    assert left.status_code == 303
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    assert set(statuses[10:]) == {401}
    assert await visit() == 401


async def test_next_leads_back_into_this_county_only(client, county):
    slug = county.tenant.slug
    await with_password(client, county)

    answer = await log_in(client, county, "worker", PASSWORD, next=f"/{slug}/account/devices")

    assert answer.headers["location"] == f"/{slug}/account/devices"


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/other/account",
        "/abc@evil.example",
        "/abc/../..//evil.example",
        "/abc/%0d%0aset-cookie:x",
        "/abc//evil.example",
        "/abcx",
        "javascript:alert(1)",
        "/abc/\nx",
        "/abc?next=//evil.example",
        "/abc/cases?q=\r\nx",
        "",
    ],
)
def test_next_goes_nowhere_else(evil):
    assert safe_next(evil, "abc") in ("", "/abc")


@pytest.mark.parametrize(
    "address",
    ["/abc/cases/0192-aa/note", "/abc/report?grid=430281007006003", "/abc?said=%E5%A5%BD&by=a-b"],
)
def test_next_may_be_any_page_of_this_county_with_what_it_asks_for(address):
    assert safe_next(address, "abc") == address


async def test_ten_wrong_passwords_lock_with_a_sentence_the_right_one_too(client, county):
    await with_password(client, county)
    wrong = [await log_in(client, county, "worker", f"wrong-{n}-wrong") for n in range(10)]

    locked = await log_in(client, county, "worker", PASSWORD)

    assert {answer.status_code for answer in wrong} == {422}
    assert locked.status_code == 429
    assert "分钟后再试" in locked.text


async def test_a_name_that_nobody_has_locks_alike(client, county):
    for n in range(10):
        await log_in(client, county, "no-such-person", f"wrong-{n}-wrong")

    assert (await log_in(client, county, "no-such-person", "anything-goes")).status_code == 429


async def test_a_lock_holds_for_one_account_and_does_not_throw_its_holder_out(client, county, app):
    await sign_in(client, county, "worker")
    await sign_in(client, county, "chief")
    await sign_in(client, county, "worker")
    async with a_browser(app) as attacker:
        for n in range(11):
            await log_in(attacker, county, "worker", f"wrong-{n}-wrong")
        other = await log_in(attacker, county, "chief", PASSWORD)

    assert other.status_code == 303
    assert (await client.get(f"/{county.tenant.slug}/account")).status_code == 200


async def test_strangers_cannot_lock_a_browser_out_that_has_been_in_before(client, county, app):
    await with_password(client, county)
    await log_in(client, county, "worker", PASSWORD)
    await send(client, f"/{county.tenant.slug}/log-out", page=f"/{county.tenant.slug}/account")
    async with a_browser(app) as attacker:
        for n in range(11):
            locked = await log_in(attacker, county, "worker", f"wrong-{n}-wrong")

    known = await log_in(client, county, "worker", PASSWORD)

    assert (locked.status_code, known.status_code) == (429, 303)


async def test_a_known_browser_is_throttled_too_and_known_to_one_log_in_only(client, county, app):
    await with_password(client, county, "chief")
    await with_password(client, county)
    await log_in(client, county, "worker", PASSWORD)
    await send(client, f"/{county.tenant.slug}/log-out", page=f"/{county.tenant.slug}/account")

    own = [(await log_in(client, county, "worker", f"x-{n}-wrong")).status_code for n in range(11)]
    other = [(await log_in(client, county, "chief", f"x-{n}-wrong")).status_code for n in range(11)]
    async with a_browser(app) as fresh:
        chief = await log_in(fresh, county, "chief", PASSWORD)

    assert own == other == [422] * 10 + [429]
    assert chief.status_code == 429


async def test_a_success_wipes_the_count(client, county):
    await with_password(client, county)
    for n in range(9):
        await log_in(client, county, "worker", f"wrong-{n}-wrong")
    await log_in(client, county, "worker", PASSWORD)
    client.cookies.clear()

    statuses = [
        (await log_in(client, county, "worker", f"wrong-{n}-wrong")).status_code for n in range(9)
    ]

    assert set(statuses) == {422}


async def test_an_address_is_throttled_over_many_names(app, county):
    database, at = app.state.database, now()
    visit = Visit(f"far-{county.tenant.slug}", "")
    address = Limit(f"log-in-from|{visit.address}", 100, timedelta(minutes=15))
    for _ in range(100):
        await first_refused(database, [address], now=at)

    with pytest.raises(TooMany):
        await enter(database, Try(county.tenant.slug, "worker", "x" * 12, visit, at))


async def test_a_forged_forwarding_header_changes_nothing(client, county, app):
    for n in range(10):
        token = await csrf_of(client, f"/{county.tenant.slug}/log-in")
        await client.post(
            f"/{county.tenant.slug}/log-in",
            data={"_csrf": token, "login": "worker", "password": "wrong-wrong"},
            headers={"x-forwarded-for": f"198.51.100.{n}"},
        )

    assert (await log_in(client, county, "worker", "wrong-wrong")).status_code == 429


async def test_refused_log_ins_are_on_record_without_the_password(client, county, app):
    person = await with_password(client, county)
    await log_in(client, county, "worker", "a-secret-that-is-wrong")
    await log_in(client, county, "nobody-here", "a-secret-that-is-wrong")
    await log_in(client, county, "worker", PASSWORD)

    async with app.state.database.session(county.tenant.id) as session:
        entries = (
            await session.execute(
                select(AuditEntry.verb, AuditEntry.subject_id, AuditEntry.details)
                .where(AuditEntry.verb.startswith("account.log"))
                .order_by(AuditEntry.seq)
            )
        ).all()

    assert [(entry.verb, entry.subject_id) for entry in entries] == [
        ("account.log_in_refused", person.account_id),
        ("account.log_in_refused", None),
        ("account.logged_in", person.account_id),
    ]
    assert "a-secret" not in str(entries)
    assert "nobody-here" not in str(entries)


async def test_known_and_unknown_names_take_the_same_time(app, county, client):
    """Twenty of each, interleaved: the medians lie within a fraction of one hash.

    By the processor's time, for the tests beside this one have nothing to do with it.
    """
    await with_password(client, county)
    database = app.state.database

    async def took(login, number):
        began = time.process_time()
        visit = Visit(f"timing-{county.tenant.slug}-{number}", "")
        with pytest.raises(Invalid):
            await enter(database, Try(county.tenant.slug, login, "x" * 12, visit, now()))
        return time.process_time() - began

    known, unknown = [], []
    for number in range(20):
        await forget_all(database)
        known.append(await took("worker", number))
        unknown.append(await took(f"nobody-{number}", number))

    apart = abs(statistics.median(known) - statistics.median(unknown))
    assert apart < 0.35 * min(statistics.median(known), statistics.median(unknown))


async def forget_all(database):
    async with database.shared() as session:
        await session.execute(delete(Attempt))


async def test_a_login_of_one_county_is_nobody_in_another(client, county, app):
    await with_password(client, county)
    other = await a_county(app.state.database, app.state.settings)

    refused = await log_in(client, other, "worker", PASSWORD)

    assert refused.status_code == 422


async def test_a_session_opens_no_other_county(client, county, app):
    other = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "county_admin")

    assert (await client.get(f"/{other.tenant.slug}/account")).status_code == 401
    assert (await client.get(f"/{county.tenant.slug}/account")).status_code == 200


async def test_cookies_outside_the_demo_are_bound_to_the_host(strict_app, county):
    async with a_browser(strict_app) as browser:
        await sign_in(browser, county, "worker")
        browser.cookies.clear()
        answer = await log_in(browser, county, "worker", PASSWORD)

    cookies = answer.headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("__Host-gridgov_session="))
    parts = {part.strip().lower() for part in session.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith("domain") for part in parts)


async def test_the_language_is_kept_in_the_browser(client, county):
    door = f"/{county.tenant.slug}/log-in"

    await send(client, f"/{county.tenant.slug}/language", page=door, locale="en", next=door)

    assert client.cookies.get("gridgov_locale") == "en"
    assert 'lang="en"' in (await client.get(door)).text


async def test_a_stranger_who_asked_for_a_page_is_led_back_to_it(client, county):
    await with_password(client, county)

    page = await client.get(f"/{county.tenant.slug}/account/devices")
    partial = await client.get(
        f"/{county.tenant.slug}/account/devices", headers={"hx-request": "true"}
    )

    assert page.status_code == 401
    assert f'name="next" value="/{county.tenant.slug}/account/devices"' in page.text
    assert partial.status_code == 401
    assert partial.headers["hx-redirect"].startswith(f"/{county.tenant.slug}/log-in?next=")
