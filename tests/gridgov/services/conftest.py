"""A small county with three items in its catalogue, and browsers of its people."""

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from factories.cases import Crew
from factories.services import ITEMS
from factories.tenants import a_county
from gridgov.accounts.models import Attempt
from gridgov.kernel.together import Together
from gridgov.rooms import TOGETHER
from gridgov.services.actions.importing import bring_to
from gridgov.testkit.clock import NOON
from gridgov.testkit.signing_in import a_browser, sign_in


@pytest.fixture
async def county(app):
    async with app.state.database.shared() as session:
        await session.execute(Attempt.__table__.delete())
    made = await a_county(app.state.database, app.state.settings, at=NOON)
    async with Crew(app.state.database, made).system() as ctx:
        await bring_to(ctx, ITEMS)
    return made


@pytest.fixture
def root(county):
    return f"/{county.tenant.slug}"


class Own(Crew):
    """A crew that seals with the county's own key, as the pages do."""

    def context(self, session, actor, *, now=None):
        return replace(super().context(session, actor, now=now), vault=self.county.vault)


@pytest.fixture
def crew(app, county):
    return Own(app.state.database, county, together=Together(TOGETHER))


@pytest.fixture
def browsing(app, county):
    @asynccontextmanager
    async def opened(role):
        async with a_browser(app) as browser:
            await sign_in(browser, county, role, second_factor=True)
            yield browser

    return opened
