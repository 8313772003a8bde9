"""The door of every request: cookies and path in, a context out."""

from functools import partial
from typing import Any

from litestar.connection import ASGIConnection

from gridgov.access.actions.opening import Doorkeeper, Knock
from gridgov.access.actions.region import open_region
from gridgov.context import Context, RegionContext
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.settings import Settings
from gridgov.kernel.together import Together
from gridgov.policy import Policies
from gridgov.web.csrf import cookie_name
from gridgov.web.locale import LOCALES

Connection = ASGIConnection[Any, Any, Any, Any]


class Opener:
    """What the guard calls. Leaves ``sign_in``, ``wall``, ``unread`` in the connection's state."""

    def __init__(
        self, database: Database, policies: Policies, settings: Settings, together: Together
    ) -> None:
        self._settings = settings
        self._doorkeeper = Doorkeeper(database, policies, settings, together)
        self._region = partial(open_region, database, settings)

    async def __call__(self, connection: Connection) -> Context:
        """The context of a request inside a tenant."""
        opened = await self._doorkeeper.open(
            Knock(
                slug=str(connection.path_params["tenant"]),
                secret=self._cookie(connection, "session"),
                now=now(),
                locale=self._locale(connection),
                background=bool(connection.route_handler.opt.get("background")),
            )
        )
        connection.state["sign_in"] = opened.sign_in
        connection.state["wall"] = str(opened.sign_in.wall) if opened.sign_in else ""
        connection.state["unread"] = opened.unread
        return opened.ctx

    async def region(self, connection: Connection) -> RegionContext:
        """The context of a request above the counties; Unauthenticated without one."""
        ctx, sign_in = await self._region(
            self._cookie(connection, "session"), now=now(), locale=self._locale(connection)
        )
        connection.state["sign_in"] = sign_in
        return ctx

    def _cookie(self, connection: Connection, name: str) -> str:
        return connection.cookies.get(cookie_name(self._settings, name), "")

    def _locale(self, connection: Connection) -> str:
        asked = self._cookie(connection, "locale")
        return asked if asked in LOCALES else LOCALES[0]
