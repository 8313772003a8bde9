"""Coming in and going out."""

from dataclasses import replace
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from msgspec import Struct

from gridgov.accounts.actions.entering import Refused, Try, end_sign_in, enter
from gridgov.accounts.rules import safe_next
from gridgov.accounts.signed import (
    database_of,
    device_cookie,
    sentence,
    session_cookie,
    session_secret,
    visit_of,
)
from gridgov.accounts.types import Entered
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.kernel.errors import Invalid, Refusal
from gridgov.web.csrf import cookie
from gridgov.web.forms import read
from gridgov.web.guard import Ctx, release
from gridgov.web.locale import LOCALES
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import PUBLIC, AnyRequest, url_of

_A_YEAR: Final = 31_536_000


class LogIn(Struct):
    """Name, and password or one-time token."""

    login: str
    password: str
    next: str = ""


class Language(Struct):
    """The language of the pages."""

    locale: str
    next: str = ""


class Door(Controller):
    """The one way into a tenant for those who work there."""

    path = "/{tenant:str}"

    @get("/log-in", permission=PUBLIC, name="log_in")
    async def form(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The form; whoever is in already goes on."""
        to = safe_next(request.query_params.get("next", ""), ctx.tenant.slug)
        if ctx.actor.account_id is not None:
            return done(request, to or landing(ctx, request))
        return page(ctx, "accounts/log_in.html", next=to, values={}, error="")

    @post("/log-in", permission=PUBLIC)
    async def log_in(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Come in, with a new secret in the cookie; or the form again."""
        given = LogIn("", "")
        try:
            given = await read(request, LogIn)
            entered = await self._enter(ctx, request, given)
        except Refusal as refusal:
            return self._again(ctx, request, given, refusal)
        account = Actor(entered.account_id, None, given.login, "")
        record(replace(ctx, actor=account), "account.logged_in", "account", entered.account_id)
        to = safe_next(given.next, ctx.tenant.slug) or landing(ctx, request)
        known = device_cookie(request, ctx.tenant.slug, given.login)
        return done(request, to, cookies=[session_cookie(request, entered), known])

    async def _enter(self, ctx: Context, request: AnyRequest, given: LogIn) -> Entered:
        """No connection is held while the hash is made; what is refused is on record."""
        await release(ctx)
        database = database_of(request)
        visit = visit_of(request, ctx.tenant.slug, given.login)
        tried = Try(ctx.tenant.slug, given.login, given.password, visit, ctx.now)
        try:
            return await enter(database, tried, old_secret=session_secret(request))
        except Refused as refused:
            async with database.session(ctx.tenant.id) as session:
                record(
                    replace(ctx, session=session),
                    "account.log_in_refused",
                    "account",
                    refused.account_id,
                )
            raise

    def _again(self, ctx: Context, request: AnyRequest, given: LogIn, refusal: Refusal) -> Page:
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        return page(
            ctx,
            "accounts/log_in.html",
            status_code=refusal.status,
            next=safe_next(given.next, ctx.tenant.slug),
            values={"login": given.login},
            errors=fields,
            error="" if fields else sentence(request, ctx, refusal),
        )

    @post("/log-out", permission=PUBLIC, name="log_out")
    async def log_out(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Go out for good: a request still running cannot bring the sign-in back."""
        secret = session_secret(request)
        if secret:
            await end_sign_in(ctx.session, secret, ctx.now)
        if ctx.actor.account_id is not None:
            record(ctx, "account.logged_out", "account", ctx.actor.account_id)
        gone = cookie(request.app.state.settings, "session", "", max_age=0)
        response = done(request, url_of(ctx, request, "log_in"), cookies=[gone])
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    @post("/language", permission=PUBLIC, name="language", token=False)
    async def language(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Chinese or English, kept in this browser."""
        given = await read(request, Language)
        to = safe_next(given.next, ctx.tenant.slug) or url_of(ctx, request, "log_in")
        return done(request, to, cookies=[kept_language(request, given)])


def kept_language(request: AnyRequest, given: Language) -> Cookie:
    """What the browser brings along from now on."""
    chosen = given.locale if given.locale in LOCALES else LOCALES[0]
    return cookie(request.app.state.settings, "locale", chosen, max_age=_A_YEAR)


def landing(ctx: Context, request: AnyRequest) -> str:
    """Where one's day begins."""
    return url_of(ctx, request, "home")
