"""What surrounds every answer: security headers, the visitor's cookie, a closed session."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from gridgov.context import Context
from gridgov.kernel.settings import Settings
from gridgov.web.csrf import cookie

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_SAID = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(self), microphone=()",
}
_A_YEAR = 31_536_000
_Headers = tuple[tuple[bytes, bytes], ...]


def _encoded(headers: Mapping[str, str]) -> _Headers:
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


_EVERYWHERE: Final = _encoded(_SAID)
_OVER_TLS: Final = _encoded({"strict-transport-security": f"max-age={_A_YEAR}; includeSubDomains"})
_NOT_KEPT: Final = _encoded({"cache-control": "no-store"})
_VISITOR_DAYS = 2 * 24 * 3600


async def dress(message: Message, scope: Scope) -> None:
    """Put the headers on every answer, also on one that no handler gave: no such address, host."""
    if message["type"] == "http.response.start":
        settings: Settings = scope["litestar_app"].state.settings
        headers: Any = message.setdefault("headers", [])
        there = {name.lower() for name, _ in headers}
        headers += [header for header in _owed(scope, settings) if header[0] not in there]
        if visitor := scope.get("state", {}).get("visitor"):
            given = cookie(settings, "visitor", visitor, max_age=_VISITOR_DAYS)
            headers.append((b"set-cookie", given.to_header(header="").encode()))


class Surroundings(ASGIMiddleware):
    """Never leaves a transaction open behind."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """One request."""
        try:
            await next_app(scope, receive, send)
        finally:
            state: dict[str, Any] = scope.get("state", {})
            ctx: Context | None = state.pop("gridgov_context", None)
            if ctx is not None:  # the client left before an answer began
                await ctx.session.close()


def _owed(scope: Scope, settings: Settings) -> Iterator[tuple[bytes, bytes]]:
    """What an answer bears unless its handler said otherwise."""
    yield from _EVERYWHERE
    if not settings.demo:
        yield from _OVER_TLS
    if not scope["path"].startswith("/static/"):
        yield from _NOT_KEPT
