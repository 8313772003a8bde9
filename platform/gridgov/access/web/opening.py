"""The door of every request: cookies and path in, a context out."""

from typing import Any

from litestar.connection import ASGIConnection

from gridgov.access.actions.opening import Doorkeeper, Knock
from gridgov.access.actions.region import RegionSignIn, open_region, region_sign_in
from gridgov.accounts.types import SignedIn
from gridgov.context import Context, RegionContext
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Unauthenticated
from gridgov.kernel.settings import Settings
from gridgov.kernel.together import Together
from gridgov.policy import Policies
from gridgov.web.csrf import cookie_name
from gridgov.web.locale import locale_of

Connection = ASGIConnection[Any, Any, Any, Any]


class Opener:
    """What the guard calls. Leaves ``sign_in``, ``wall``, ``unread`` in the connection's state."""

    def __init__(
        self, database: Database, policies: Policies, settings: Settings, together: Together
    ) -> None:
        self._settings = settings
        self._doorkeeper = Doorkeeper(database, policies, settings, together)
        self._database = database

    async def __call__(self, connection: Connection) -> Context:
        """The context of a request inside a tenant."""
        opened = await self._doorkeeper.open(
            Knock(
                slug=str(connection.path_params["tenant"]),
                secret=self._cookie(connection, "session"),
                now=now(),
                locale=locale_of(connection),
                background=bool(connection.route_handler.opt.get("background")),
            )
        )
        state = connection.scope["state"]
        state["sign_in"] = opened.sign_in
        state["wall"] = str(opened.sign_in.wall) if opened.sign_in else ""
        state["unread"] = opened.unread
        return opened.ctx

    async def region(self, connection: Connection) -> RegionContext:
        """The context of a request above the counties; Unauthenticated without one."""
        signed = await self._region_sign_in(connection)
        if signed is None or signed.sign_in.wall:
            raise Unauthenticated("请先登录。")
        return open_region(self._database, signed, now=now(), locale=locale_of(connection))

    async def region_door(self, connection: Connection) -> SignedIn | None:
        """The sign-in above the counties, also behind a wall; for the pages before it."""
        signed = await self._region_sign_in(connection)
        return signed.sign_in if signed else None

    async def _region_sign_in(self, connection: Connection) -> RegionSignIn | None:
        signed = await region_sign_in(
            self._database,
            self._cookie(connection, "session"),
            now=now(),
            factor_needed=not self._settings.demo,
        )
        state = connection.scope["state"]
        state["sign_in"] = signed.sign_in if signed else None
        state["wall"] = str(signed.sign_in.wall) if signed else ""
        return signed

    def _cookie(self, connection: Connection, name: str) -> str:
        return connection.cookies.get(cookie_name(self._settings, name), "")
