"""What the pages of an account share: who is signed in, the cookie, the actor behind a wall."""

import hmac
import secrets
from dataclasses import replace
from typing import Final

from litestar.datastructures import Cookie

from gridgov.accounts.actions.keeping import Keeper
from gridgov.accounts.rules import clean_login, device_name
from gridgov.accounts.types import Entered, SignedIn, Visit
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Refusal, Unauthenticated
from gridgov.kernel.settings import Settings
from gridgov.web.address import client_address
from gridgov.web.csrf import cookie, cookie_name
from gridgov.web.locale import locale_of
from gridgov.web.shell import Shell
from gridgov.web.urls import AnyRequest

_HALF_A_YEAR: Final = 182 * 24 * 3600


def signed_in(request: AnyRequest) -> SignedIn:
    """The sign-in of this request, before or behind its wall."""
    found: SignedIn | None = request.scope["state"].get("sign_in")
    if found is None:
        raise Unauthenticated("请先登录。")
    return found


def keeper(ctx: Context, request: AnyRequest) -> Keeper:
    """For the actions on one's own account."""
    return Keeper(ctx.session, signed_in(request), ctx.now)


def acting(ctx: Context, sign_in: SignedIn) -> Context:
    """The context for the audit: before a wall there is no actor, but there is an account."""
    if ctx.actor.account_id is not None:
        return ctx
    return replace(ctx, actor=Actor(sign_in.account_id, None, sign_in.login, ""))


def database_of(request: AnyRequest) -> Database:
    """The application's database, for what must be counted whatever becomes of the request."""
    database: Database = request.app.state.database
    return database


def visit_of(request: AnyRequest, realm: str, login: str) -> Visit:
    """From where, with what, and whether this log-in has succeeded in this browser before."""
    settings: Settings = request.app.state.settings
    nonce, _, seal = request.cookies.get(cookie_name(settings, "device"), "").partition(".")
    known = hmac.compare_digest(seal, _device_seal(settings, realm, login, nonce))
    name = device_name(request.headers.get("user-agent", ""))
    return Visit(client_address(request), name, nonce if nonce and known else "")


def device_cookie(request: AnyRequest, realm: str, login: str) -> Cookie:
    """What shows later that the log-in has succeeded in this browser. Opens nothing by itself."""
    settings: Settings = request.app.state.settings
    nonce = secrets.token_hex(8)
    value = f"{nonce}.{_device_seal(settings, realm, login, nonce)}"
    return cookie(settings, "device", value, max_age=_HALF_A_YEAR)


def _device_seal(settings: Settings, realm: str, login: str, nonce: str) -> str:
    words = f"device|{realm}|{clean_login(login)}|{nonce}"
    return hmac.digest(settings.secret, words.encode(), "sha256").hex()


def session_cookie(request: AnyRequest, entered: Entered) -> Cookie:
    """The new secret for the browser; gone when it closes."""
    return cookie(request.app.state.settings, "session", entered.secret)


def session_secret(request: AnyRequest) -> str:
    """What the browser brought along."""
    return request.cookies.get(cookie_name(request.app.state.settings, "session"), "")


def sentence(request: AnyRequest, ctx: Context | None, refusal: Refusal) -> str:
    """A refusal in the language of the page."""
    shell: Shell = request.app.state.shell
    return shell.catalogues.refusal(refusal, ctx.locale if ctx else locale_of(request))
