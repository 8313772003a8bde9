"""People at browsers: signed in at once, or through the form where the form is the point."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

import httpx
from litestar import Litestar
from sqlalchemy import update

from gridgov.accounts.actions.entering import open_sign_in
from gridgov.accounts.models import Account
from gridgov.accounts.types import Entered
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.db import Database
from gridgov.testkit.counties import ACounty, Person
from gridgov.web.csrf import cookie_name

PASSWORD = "Zhejiu-Shi-9527"
HASHED = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "ZlwIqSamOtMJiHJ8u0dm9w$vAmA1gx4GyMUC5BP916AoXn60Jl/jcQzF7Y2YjDH8L8"
)
"""The hash of PASSWORD: hashing one for each test would cost more than the tests."""


class Browser(httpx.AsyncClient):
    """A person's browser with a jar and an address of its own, to be closed by ``async with``.

    The address matters to the limiter, which counts per address.
    """

    def __init__(self, app: Litestar) -> None:
        self.app = app
        address = ".".join(["10", *(str(secrets.randbelow(256)) for _ in range(3))])
        asgi: Any = app  # whose types are narrower than those of httpx
        transport = httpx.ASGITransport(asgi, raise_app_exceptions=False, client=(address, 50_000))
        super().__init__(transport=transport, base_url="https://testserver")


def a_browser(app: Litestar) -> Browser:
    """One more browser, for tests with several people."""
    return Browser(app)


async def sign_in(
    client: Browser,
    county: ACounty,
    who: str | Person,
    *,
    at: datetime | None = None,
    second_factor: bool = False,
) -> Person:
    """Sign the browser in as the county's ``who`` (a role, or a person), who now has PASSWORD."""
    person = county.accounts[who] if isinstance(who, str) else who
    database = client.app.state.database
    carry(client, await entered(database, person, at=at, second_factor=second_factor))
    return person


async def entered(
    database: Database,
    person: Person,
    *,
    at: datetime | None = None,
    second_factor: bool = False,
) -> Entered:
    """A sign-in of the person, who now has PASSWORD."""
    with_password = {"password": HASHED, "token": None, "token_until": None}
    moment = at or this_moment()
    async with database.shared() as session:
        await session.execute(
            update(Account)
            .where(Account.id == person.account_id, Account.password.is_(None))
            .values(password_changed_at=moment, **with_password)
        )
        return await open_sign_in(
            session,
            person.account_id,
            device="测试机",
            now=moment,
            until=moment + timedelta(hours=12),
            second_factor=second_factor,
        )


def carry(client: Browser, entered: Entered) -> None:
    """Put the sign-in's cookie into the browser."""
    name = cookie_name(client.app.state.settings, "session")
    if name in client.cookies:
        client.cookies.delete(name)
    client.cookies.set(name, entered.secret, domain="testserver.local")


async def csrf_of(client: Browser, address: str) -> str:
    """The token in the form of a page."""
    answer = await client.get(address)
    found = re.search(r'name="_csrf" value="([0-9a-f]+)"', answer.text)
    assert found, f"{answer.status_code} {address}: no token"
    return found.group(1)


async def send(client: Browser, address: str, *, page: str = "", **fields: Any) -> httpx.Response:
    """Post a form as its page would: with the page's token, from the same site."""
    token = await csrf_of(client, page or address)
    return await client.post(
        address,
        data={"_csrf": token, **fields},
        headers={"sec-fetch-site": "same-origin"},
    )


async def log_in(
    client: Browser, county: ACounty, login: str, password: str, **fields: Any
) -> httpx.Response:
    """Through the form."""
    address = f"/{county.tenant.slug}/log-in"
    return await send(client, address, login=login, password=password, **fields)


def secret_of(client: Browser) -> str:
    """The session's secret in the browser's jar, or nothing."""
    return client.cookies.get(cookie_name(client.app.state.settings, "session")) or ""
