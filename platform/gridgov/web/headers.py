"""What surrounds every answer: security headers, the visitor's cookie, a closed session."""

from typing import Any

from litestar.datastructures import MutableScopeHeaders
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
_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(self), microphone=()",
}
_A_YEAR = 31_536_000
_VISITOR_DAYS = 2 * 24 * 3600


async def dress(message: Message, scope: Scope) -> None:
    """Put the headers on every answer, also on one that no handler gave: no such address, host."""
    if message["type"] == "http.response.start":
        settings: Settings = scope["litestar_app"].state.settings
        _dress(MutableScopeHeaders.from_message(message), scope, settings)


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


def _dress(headers: MutableScopeHeaders, scope: Scope, settings: Settings) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if not settings.demo:
        headers.setdefault("strict-transport-security", f"max-age={_A_YEAR}; includeSubDomains")
    if not scope["path"].startswith("/static/"):
        headers.setdefault("cache-control", "no-store")
    visitor = scope.get("state", {}).get("visitor")
    if visitor:
        headers.add(
            "set-cookie",
            cookie(settings, "visitor", visitor, max_age=_VISITOR_DAYS).to_header(header=""),
        )
