"""What surrounds every answer: security headers, the visitor's cookie, a closed session."""

from collections.abc import Mapping
from typing import Any, Final

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


def _owed(path: str, *, demo: bool) -> _Headers:
    """What an answer bears unless its handler said otherwise."""
    kept = () if path.startswith("/static/") else _NOT_KEPT
    return (*_EVERYWHERE, *(() if demo else _OVER_TLS), *kept)


async def dress(message: Message, scope: Scope) -> None:
    """Put the headers on every answer, also on one that no handler gave: no such address, host."""
    if message["type"] == "http.response.start":
        settings: Settings = scope["litestar_app"].state.settings
        headers: Any = message.setdefault("headers", [])
        there = {name.lower() for name, _ in headers}
        owed = _owed(scope["path"], demo=settings.demo)
        headers += [header for header in owed if header[0] not in there]
        if visitor := scope["state"].get("visitor"):
            given = cookie(settings, "visitor", visitor, max_age=_VISITOR_DAYS)
            headers.append((b"set-cookie", given.to_header(header="").encode()))


def surrounded(app: ASGIApp) -> ASGIApp:
    """Never leaves a transaction open behind a request."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        finally:
            ctx: Context | None = scope["state"].pop("gridgov_context", None)
            if ctx is not None:  # the client left before an answer began
                await ctx.session.close()

    return handle
