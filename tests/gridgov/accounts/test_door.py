"""Coming in and going out, through the real application."""

import pytest

from factories.signing_in import PASSWORD, log_in, sign_in
from factories.tenants import a_county


@pytest.fixture
async def county(app):
    return await a_county(app.state.database, app.state.settings)


async def test_a_stranger_sees_the_form(client, county):
    answer = await client.get(f"/{county.tenant.slug}/log-in")

    assert answer.status_code == 200
    assert county.tenant.name in answer.text


async def test_a_wrong_password_gets_the_same_sentence_as_a_wrong_name(client, county):
    await sign_in(client, county, "worker")
    client.cookies.clear()

    wrong = await log_in(client, county, "worker", "nonsense-nonsense")
    unknown = await log_in(client, county, "nobody", "nonsense-nonsense")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "账号或密码不对" in wrong.text
    assert "账号或密码不对" in unknown.text


async def test_the_right_password_opens_the_door(client, county):
    await sign_in(client, county, "worker")
    client.cookies.clear()

    answer = await log_in(client, county, "worker", PASSWORD)

    assert answer.status_code == 303, answer.text
