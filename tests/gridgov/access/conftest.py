"""A small county for each test, and people of it at work."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update

from gridgov.access.actions.opening import Doorkeeper, Knock
from gridgov.accounts.actions.entering import open_sign_in
from gridgov.accounts.models import Account
from gridgov.kernel.clock import now
from gridgov.kernel.together import Together
from gridgov.rooms import TOGETHER
from gridgov.testkit.signing_in import HASHED, a_browser


@pytest.fixture
async def client(app):
    """A browser at an address of its own: what one test gets wrong is not another's fault."""
    async with a_browser(app) as opened:
        yield opened


@pytest.fixture
def new_doorkeeper(app):
    """Another process: its own caches, the same database."""

    def made():
        state = app.state
        return Doorkeeper(state.database, state.policies, state.settings, Together(TOGETHER))

    return made


@pytest.fixture
def knock(app, county):
    """How somebody who is signed in comes to the door of the county."""

    async def made(who, *, at=None, until=None, **values):
        person = county.accounts[who] if isinstance(who, str) else who
        moment = at or now()
        async with app.state.database.shared() as session:
            mine = update(Account).where(Account.id == person.account_id)
            await session.execute(mine.values(password=HASHED, token=None))
            entered = await open_sign_in(
                session,
                person.account_id,
                device="测试机",
                now=moment,
                until=until or moment + timedelta(hours=12),
            )
        return Knock(county.tenant.slug, entered.secret, moment, **values)

    return made


@pytest.fixture
def as_person(knock, new_doorkeeper):
    """One transaction of somebody, with just what their bindings give: committed at the end."""

    @asynccontextmanager
    async def opened(who, *, at=None):
        made = await new_doorkeeper().open(await knock(who, at=at))
        try:
            yield made.ctx
            await made.ctx.session.commit()
        finally:
            await made.ctx.session.close()

    return opened
