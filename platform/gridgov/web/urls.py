"""Addresses by name, and the right that each asks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote_plus
from uuid import UUID

from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.routes import BaseRoute, HTTPRoute

from gridgov.context import Context

AnyRequest = Request[Any, Any, Any]
"""A request, whoever asks and whatever for."""

PUBLIC: Final = "public"
"""The ``permission`` of a page for everybody, said aloud."""

SIGNED_IN: Final = "signed-in"
"""The ``permission`` of a page for whoever is signed in to the tenant, whatever their roles."""

REGION: Final = "region"
"""The ``permission`` of a page above the counties, outside of every tenant."""


@dataclass(frozen=True, slots=True)
class Named:
    """A named route: where it is and what it asks."""

    pattern: str
    permission: str
    plugin: str | None


class Urls:
    """Every named route of the application."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._named: dict[str, Named] = {}
        for route in routes:
            if isinstance(route, HTTPRoute):
                for handler in route.route_handlers:
                    self._add(route, handler)

    def _add(self, route: HTTPRoute, handler: HTTPRouteHandler) -> None:
        if handler.name and handler.name not in self._named:
            pattern = "".join(
                f"/{part}" if isinstance(part, str) else f"/{{{part.name}}}"
                for part in route.path_components
            )
            self._named[handler.name] = Named(
                pattern or "/", str(handler.opt.get("permission", "")), handler.opt.get("plugin")
            )

    def url(self, slug: str, name: str, **params: UUID | str | int | None) -> str:
        """The address of the named page in a tenant; what the path does not take is its query.

        Parameters that are None are left out. Raises KeyError for a name that no route has.
        """
        named = self._named[name]
        path = named.pattern.replace("{tenant}", slug)
        query: list[tuple[str, str]] = []
        for key, value in params.items():
            place = f"{{{key}}}"
            if place in path:
                path = path.replace(place, str(value))
            elif value is not None:
                query.append((key, str(value)))
        return f"{path}?{_query_of(query)}" if query else path

    def at(self, path: str) -> Named | None:
        """The named page at an address, whatever its ids; one without places in it goes first."""
        parts = path.rstrip("/").split("/")
        found = [named for named in self._named.values() if _fits(named.pattern, parts)]
        return min(found, key=lambda named: named.pattern.count("{"), default=None)

    def opens(self, ctx: Context, name: str) -> bool:
        """Whether the actor may open the named page. A name that no route has opens for nobody."""
        named = self._named.get(name)
        if named is None or (named.plugin and named.plugin not in ctx.policy.plugins):
            return False
        if named.permission == PUBLIC:
            return True
        if named.permission == SIGNED_IN:
            return ctx.actor.account_id is not None
        return ctx.actor.may(named.permission)


def url_of(ctx: Context, request: AnyRequest, name: str, **params: UUID | str | int | None) -> str:
    """The address of a named page in the tenant of the request."""
    urls: Urls = request.app.state.urls
    return urls.url(ctx.tenant.slug, name, **params)


_quoted = lru_cache(maxsize=4096)(quote_plus)
"""A page says the same few words in a hundred addresses."""


def _query_of(said: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in said)


def _fits(pattern: str, parts: list[str]) -> bool:
    wanted = pattern.split("/")
    return len(wanted) == len(parts) and all(
        want == part or (want.startswith("{") and part != "")
        for want, part in zip(wanted, parts, strict=True)
    )
