"""From a controller's answer to HTML. One way out: a page, a piece of one, or ``done``."""

import hmac
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from litestar import Litestar, MediaType, Response
from litestar.datastructures import Cookie
from litestar.response.base import ASGIResponse

from gridgov.context import Context
from gridgov.web.csrf import Token, bearer, cookie_name
from gridgov.web.locale import Say, locale_of
from gridgov.web.shell import Shell
from gridgov.web.slots import Slots
from gridgov.web.urls import AnyRequest, Urls

SAID = "said"
SEAL = "seal"


class Page(Response[bytes]):
    """A template with its values; rendered while the transaction is still open."""

    def __init__(
        self, ctx: Context | None, template: str, values: dict[str, Any], status_code: int = 200
    ) -> None:
        super().__init__(b"", media_type=MediaType.HTML, status_code=status_code)
        self.ctx = ctx
        self.template = template
        self.values = values

    def to_asgi_response(
        self, app: Litestar | None, request: AnyRequest, **options: Any
    ) -> ASGIResponse:
        """Litestar's door: give the bytes."""
        self.content = render(request, self.ctx, self.template, self.values).encode()
        return super().to_asgi_response(app, request, **options)


def render(
    request: AnyRequest, ctx: Context | None, template: str, values: Mapping[str, Any]
) -> str:
    """The HTML of a template with what every page is given."""
    shell: Shell = request.app.state.shell
    urls: Urls = request.app.state.urls
    slots: Slots = request.app.state.slots
    slug = ctx.tenant.slug if ctx else ""
    locale = ctx.locale if ctx else locale_of(request)

    def url(name: str, **params: Any) -> str:
        return urls.url(slug, name, **params)

    def opens(name: str) -> bool:
        return ctx is not None and urls.opens(ctx, name)

    given: dict[str, Any] = {
        "ctx": ctx,
        "url": url,
        "locale": locale,
        "opens": opens,
        "slots": partial(slots.of, ctx, urls),
        "now": ctx.now if ctx else None,
        "csrf_token": Token(request),
        "here": asked_for(request),
        "htmx": "hx-request" in request.headers,
        "said": _heard(request),
        "unread": request.scope["state"].get("unread", 0),
        "demo": request.app.state.settings.demo,
        "nav": shell.navigation(ctx, urls, request.scope["path"]) if ctx else (),
    }
    return shell.render(template, locale, given | dict(values))


def asked_for(request: AnyRequest) -> str:
    """The address of the page, with what it asks for; nothing where it came by a form."""
    return address_of(request) if request.method == "GET" else ""


def address_of(request: AnyRequest) -> str:
    """Where a request came, with its query."""
    path, query = request.scope["path"], request.scope["query_string"].decode()
    return f"{path}?{query}" if query else path


def page(ctx: Context | None, template: str, *, status_code: int = 200, **values: Any) -> Page:
    """A whole page."""
    return Page(ctx, template, values, status_code)


def piece(ctx: Context, template: str, *, status_code: int = 200, **values: Any) -> Page:
    """A part of a page, for HTMX to put in its place. Its template's name begins with ``_``."""
    return Page(ctx, template, values, status_code)


def part(
    ctx: Context, request: AnyRequest, template: str, *, title: str, back: str, **values: Any
) -> Page:
    """What fills a slot of another page: the piece alone for HTMX, else a page around it."""
    if "hx-request" in request.headers:
        return piece(ctx, template, **values)
    return page(ctx, "web/part.html", part=template, title=title, back=back, **values)


def done(
    request: AnyRequest, to: str, *, said: str = "", cookies: list[Cookie] | None = None
) -> Response[Any]:
    """After an action: go to ``to`` and say what happened and what comes next."""
    if said:
        said = say_to(request)(said)
        query = urlencode({SAID: said, SEAL: _seal(request, said, _next_bearer(request, cookies))})
        to = f"{to}{'&' if '?' in to else '?'}{query}"
    if "hx-request" in request.headers and "hx-boosted" not in request.headers:
        return Response(b"", status_code=200, headers={"HX-Redirect": to}, cookies=cookies)
    return Response(b"", status_code=303, headers={"Location": to}, cookies=cookies)


def say_to(request: AnyRequest) -> Say:
    """What says a sentence in the language of this browser."""
    shell: Shell = request.app.state.shell
    return shell.catalogues.translate(locale_of(request))


def _next_bearer(request: AnyRequest, cookies: list[Cookie] | None) -> str:
    """The session of the next page: another one where this answer brings a new cookie."""
    name = cookie_name(request.app.state.settings, "session")
    return next((str(new.value) for new in cookies or () if new.key == name), bearer(request))


def _seal(request: AnyRequest, said: str, bound_to: str) -> str:
    """What shows that the sentence is ours: nobody can send a link that makes the page speak."""
    key = f"said|{bound_to}|{said}".encode()
    return hmac.digest(request.app.state.settings.secret, key, sha256).hex()[:16]


def _heard(request: AnyRequest) -> str:
    said = request.query_params.get(SAID, "") if request.scope["query_string"] else ""
    if not said:
        return ""
    given = request.query_params.get(SEAL, "")
    return said if hmac.compare_digest(given, _seal(request, said, bearer(request))) else ""
