"""A form comes from our own page in the same browser: a token bound to the session, and the origin.

Litestar's double-submit cookie is not bound to the session (trust.md 0.5), so this is our own.
"""

import hmac
import secrets
from hashlib import sha256
from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, FormMultiDict

from gridgov.kernel.errors import NotAllowed
from gridgov.kernel.settings import Settings
from gridgov.web.address import parts_of
from gridgov.web.forms import sent
from gridgov.web.urls import AnyRequest

FIELD: Final = "_csrf"
HEADER: Final = "x-csrf-token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE: Final = frozenset({"same-origin", "none"})

Connection = ASGIConnection[Any, Any, Any, Any]


def cookie_name(settings: Settings, name: str) -> str:
    """``__Host-`` cookies need HTTPS; the demo runs on plain loopback."""
    return f"gridgov_{name}" if settings.demo else f"__Host-gridgov_{name}"


def cookie(settings: Settings, name: str, value: str, *, max_age: int | None = None) -> Cookie:
    """A cookie with all its guards."""
    return Cookie(
        key=cookie_name(settings, name),
        value=value,
        path="/",
        httponly=True,
        samesite="lax",
        secure=not settings.demo,
        max_age=max_age,
    )


def bearer(connection: Connection) -> str:
    """What the token is bound to: the session's cookie, or for a visitor the visitor's."""
    settings: Settings = connection.app.state.settings
    cookies = connection.cookies
    return (
        cookies.get(cookie_name(settings, "session"))
        or cookies.get(cookie_name(settings, "visitor"))
        or connection.scope["state"].get("visitor", "")
    )


class Token:
    """What this browser's forms carry, made when a page writes it.

    A visitor without any cookie is then given one; who only reads is given none.
    """

    __slots__ = ("_bearer", "_said", "_secret", "_state")

    def __init__(self, request: AnyRequest) -> None:
        self._bearer = bearer(request)
        self._secret = request.app.state.settings.secret
        self._state = request.scope["state"]  # and not the request, which pages would keep alive
        self._said = ""

    def __str__(self) -> str:
        """The token."""
        if not self._said:
            if not self._bearer:
                self._bearer = self._state["visitor"] = secrets.token_urlsafe(24)
            self._said = _token(self._secret, self._bearer)
        return self._said


def _token(secret: bytes, bound_to: str) -> str:
    return hmac.digest(secret, f"csrf|{bound_to}".encode(), sha256).hex()


async def check(connection: Connection, *, token: bool) -> None:
    """Refuse an unsafe request that does not come from one of our own pages.

    Without ``token`` the browser's word for it is enough: of what stays in the browser alone.
    """
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    host = connection.headers.get("host", "")
    if site is not None and site not in _OWN_SITE:
        raise NotAllowed("这个请求来自别的网站，已拒绝。")
    if origin and origin != "null" and parts_of(origin).netloc != host:
        raise NotAllowed("这个请求来自别的网站，已拒绝。")
    if token:
        await _check_token(connection)


async def _check_token(connection: Connection) -> None:
    given = connection.headers.get(HEADER)
    form: FormMultiDict | None = None
    if given is None:
        form = await sent(Request(connection.scope, connection.receive, connection.send))
        given = str(form.get(FIELD, ""))
    bound_to = bearer(connection)
    if not bound_to or not hmac.compare_digest(
        given.encode(), _token(connection.app.state.settings.secret, bound_to).encode()
    ):
        if form is not None:
            await form.close()  # its files are nobody's to read
        raise NotAllowed("页面已过期，请刷新后再提交；已填写的内容会保留。")
