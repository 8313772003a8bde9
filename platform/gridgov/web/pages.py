"""From a controller's answer to HTML. One way out: a page, a piece of one, or ``done``."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from litestar import Litestar, MediaType, Response
from litestar.datastructures import Cookie
from litestar.response.base import ASGIResponse

from gridgov.context import Context
from gridgov.contract.declarations import Place
from gridgov.kernel.sentences import Sentence
from gridgov.policy import Policy
from gridgov.web.csrf import bearer, cookie_name, token_for
from gridgov.web.locale import LOCALES, Catalogues, Punctuation, Say, locale_of
from gridgov.web.slots import Slots
from gridgov.web.urls import AnyRequest, Urls
from gridgov.web.words import FILTERS

SAID = "said"
SEAL = "seal"

Entries = tuple[tuple[tuple[str, str], ...], frozenset[str]]
"""What is offered of a place, and every address that belongs to it."""

Opened = Mapping[Place, Entries]
"""Places of the navigation with what is opened there: label and address."""


@dataclass(frozen=True, slots=True)
class NavPlace:
    """One place of the navigation, as the layout shows it."""

    label: str
    icon: str
    url: str
    current: bool
    entries: tuple[tuple[str, str, bool], ...]

    @property
    def here(self) -> bool:
        """Whether one of its pages is shown, and not a record below one."""
        return any(exact for _, _, exact in self.entries)


class Shell:
    """The template environments (one per language) and what every page is given."""

    def __init__(
        self,
        folders: list[Path],
        of_plugins: Mapping[str, list[Path]],
        catalogues: Catalogues,
        version: str,
    ) -> None:
        """``of_plugins`` hold templates that are known by ``<plugin>/…`` and by nothing else."""
        prefixed = {name: FileSystemLoader(found) for name, found in of_plugins.items()}
        loader: BaseLoader = ChoiceLoader([FileSystemLoader(folders), PrefixLoader(prefixed)])
        self.catalogues = catalogues
        self.version = version
        self._environments = {locale: self._environment(loader, locale) for locale in LOCALES}
        self._opened: WeakKeyDictionary[Policy, dict[tuple[str, frozenset[str]], Opened]] = (
            WeakKeyDictionary()
        )

    def _environment(self, loader: BaseLoader, locale: str) -> Environment:
        environment = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            finalize=self._said(locale),
            extensions=[] if locale == LOCALES[0] else [Punctuation],
        )
        known: dict[str, Any] = {
            "_": self.catalogues.translate(locale),
            "version": self.version,
        }
        environment.globals.update(known)
        environment.filters.update(FILTERS)
        return environment

    def _said(self, locale: str) -> Callable[[Any], Any] | None:
        """What is printed: the words of a county and of the rooms in the language of the page."""
        if locale == LOCALES[0]:
            return None
        say = self.catalogues.translate(locale)
        return lambda value: say(value) if isinstance(value, Sentence) else value

    def render(self, template: str, locale: str, values: Mapping[str, Any]) -> str:
        """The HTML of a template."""
        return self._environments[locale].get_template(template).render(values)

    def navigation(self, ctx: Context, urls: Urls, here: str) -> tuple[NavPlace, ...]:
        """The county's places that this actor may open."""
        if ctx.actor.account_id is None:
            return ()
        opened = self._opened_by(ctx, urls)
        at = _nearest(here, [url for _, under in opened.values() for url in under])
        return tuple(
            NavPlace(
                place.name,
                place.icon,
                entries[0][1],
                at in under,
                tuple((label, url, url == here) for label, url in entries),
            )
            for place, (entries, under) in opened.items()
        )

    def _opened_by(self, ctx: Context, urls: Urls) -> Opened:
        """Places with what the actor may open there: the same for all who hold the same rights."""
        kept = self._opened.setdefault(ctx.policy, {})
        slug = ctx.tenant.slug
        rights = frozenset(right for right, scopes in ctx.actor.rights.items() if scopes)
        if (slug, rights) not in kept:
            opened: dict[Place, Entries] = {}
            for place in ctx.policy.county.navigation:
                entries = tuple(
                    (label, urls.url(slug, name))
                    for label, name in place.entries
                    if urls.opens(ctx, name)
                )
                under = {urls.url(slug, name) for name in place.under if urls.opens(ctx, name)}
                if entries:
                    opened[place] = entries, frozenset(under | {url for _, url in entries})
            kept[slug, rights] = opened
        return kept[slug, rights]


def _nearest(here: str, addresses: Sequence[str]) -> str | None:
    """The page itself, or the list that its record belongs to."""
    over = [url for url in addresses if here == url or here.startswith(f"{url.rstrip('/')}/")]
    return max(over, key=len, default=None)


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
        "csrf_token": token_for(request),
        "here": asked_for(request),
        "htmx": "hx-request" in request.headers,
        "said": _heard(request),
        "unread": request.state.get("unread", 0),
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
    said = request.query_params.get(SAID, "")
    if not said:
        return ""
    given = request.query_params.get(SEAL, "")
    return said if hmac.compare_digest(given, _seal(request, said, bearer(request))) else ""
