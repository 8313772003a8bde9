"""One-time tokens, passwords, devices: what the holder of an account does with it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from gridgov.accounts.models import Account, SignIn
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

NEW = "lantern-otter-canal"


async def by_token(browser, county, role="worker"):
    """In by the slip's token: only the page to choose a password is open."""
    person = county.accounts[role]
    answer = await log_in(browser, county, person.login, person.token)
    assert answer.status_code == 303, answer.text
    return person


async def choose(browser, county, password=NEW, **fields):
    values = {"password": password, "again": password, **fields}
    return await send(browser, f"/{county.tenant.slug}/account/password", **values)


async def test_a_token_opens_only_the_page_where_a_password_is_chosen(client, county):
    await by_token(client, county)

    places = ["account", "account/devices", "notices", "why"]
    answers = [await client.get(f"/{county.tenant.slug}/{place}") for place in places]
    password = await client.get(f"/{county.tenant.slug}/account/password")

    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["location"].split("?")[0] for answer in answers} == {
        f"/{county.tenant.slug}/account/password"
    }
    assert password.status_code == 200


async def test_behind_the_wall_nothing_can_be_written(client, county):
    await by_token(client, county)

    others = await send(
        client,
        f"/{county.tenant.slug}/account/devices/end-others",
        page=f"/{county.tenant.slug}/account/password",
    )

    assert others.status_code == 303
    assert others.headers["location"].endswith("/account/password")


async def test_the_chosen_password_takes_the_wall_away_and_the_token_is_used_up(
    client, county, app
):
    person = await by_token(client, county)
    before = secret_of(client)

    await choose(client, county)

    assert secret_of(client) != before
    assert (await client.get(f"/{county.tenant.slug}/account")).status_code == 200
    async with a_browser(app) as another:
        assert (await log_in(another, county, person.login, person.token)).status_code == 422
        assert (await log_in(another, county, person.login, NEW)).status_code == 303


async def test_of_two_who_hold_a_token_the_first_to_choose_wins(client, county, app):
    async with a_browser(app) as second:
        await by_token(client, county)
        await by_token(second, county)
        tokens = [
            await csrf_of(browser, f"/{county.tenant.slug}/account/password")
            for browser in (client, second)
        ]
        answers = await asyncio.gather(
            *(
                browser.post(
                    f"/{county.tenant.slug}/account/password",
                    data={"_csrf": token, "password": words, "again": words},
                )
                for browser, token, words in (
                    (client, tokens[0], NEW),
                    (second, tokens[1], "another-otter-canal"),
                )
            )
        )
        inside = [
            (await browser.get(f"/{county.tenant.slug}/account")).status_code
            for browser in (client, second)
        ]

    assert sorted(answer.status_code for answer in answers) in ([303, 401], [303, 409], [303, 422])
    assert sorted(inside) == [200, 401]


async def test_a_token_does_not_open_after_its_day(client, county, app):
    person = county.accounts["worker"]
    async with app.state.database.shared() as session:
        mine = update(Account).where(Account.id == person.account_id)
        await session.execute(mine.values(token_until=now() - timedelta(seconds=1)))

    assert (await log_in(client, county, person.login, person.token)).status_code == 422


async def test_a_token_is_typed_from_paper(client, county):
    person = county.accounts["worker"]
    typed = person.token.lower().replace("-", " ").replace("0", "o")

    assert (await log_in(client, county, person.login, typed)).status_code == 303


@pytest.mark.parametrize("poor", ["1qaz2wsx3edc", "too short"])
async def test_a_poor_password_is_refused_with_a_sentence(client, county, poor):
    await by_token(client, county)

    answer = await choose(client, county, poor)

    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert poor not in answer.text


async def test_to_change_a_password_one_needs_the_old_one(client, county):
    await sign_in(client, county, "worker")

    wrong = await choose(client, county, old="not-my-password")
    right = await choose(client, county, old=PASSWORD)

    assert (wrong.status_code, right.status_code) == (422, 303)


async def test_a_change_signs_out_all_other_browsers_and_renews_this_one(client, county, app):
    async with a_browser(app) as other:
        await sign_in(other, county, "worker")
        await sign_in(client, county, "worker")
        before = secret_of(client)
        await choose(client, county, old=PASSWORD)

        assert secret_of(client) != before
        assert (await client.get(f"/{county.tenant.slug}/account")).status_code == 200
        assert (await other.get(f"/{county.tenant.slug}/account")).status_code == 401


async def test_old_passwords_cannot_be_guessed_on_the_form_that_changes_them(client, county):
    await sign_in(client, county, "worker")

    statuses = [
        (await choose(client, county, old=f"guess-{n}-guess")).status_code for n in range(11)
    ]

    assert statuses == [422] * 10 + [429]


async def test_a_revoked_device_is_out_at_its_next_click(client, county, app):
    async with a_browser(app) as lost:
        await sign_in(lost, county, "worker")
        person = await sign_in(client, county, "worker")
        async with app.state.database.shared() as session:
            rows = await session.scalars(
                select(SignIn.id)
                .where(SignIn.account_id == person.account_id)
                .order_by(SignIn.created_at)
            )
            first = rows.first()
        devices = f"/{county.tenant.slug}/account/devices"
        shown = await client.get(devices)
        assert (await lost.get(devices)).status_code == 200

        ended = await send(client, f"{devices}/{first}/end", page=devices)

        assert shown.text.count("测试机") == 2
        assert ended.status_code == 303
        assert (await lost.get(devices)).status_code == 401


async def test_somebody_elses_device_is_not_found(client, county, app):
    async with a_browser(app) as other:
        stranger = await sign_in(other, county, "chief")
        await sign_in(client, county, "worker")
        async with app.state.database.shared() as session:
            theirs = await session.scalar(
                select(SignIn.id).where(SignIn.account_id == stranger.account_id)
            )
        devices = f"/{county.tenant.slug}/account/devices"

        answer = await send(client, f"{devices}/{theirs}/end", page=devices)

        assert answer.status_code == 404
        assert (await other.get(devices)).status_code == 200
