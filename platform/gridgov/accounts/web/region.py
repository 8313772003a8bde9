"""The door above the counties, and what stands before it: password and second factor."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

from litestar import Controller, Response, get, post

from gridgov.accounts.actions.entering import Try, end_sign_in, enter
from gridgov.accounts.actions.keeping import Keeper, enrol, rotate, set_password, use_code
from gridgov.accounts.passwords import hash_password
from gridgov.accounts.rules import check_password
from gridgov.accounts.second_factor import matching_step, offer, offered, seal_secret
from gridgov.accounts.signed import database_of, sentence, session_cookie, session_secret, visit_of
from gridgov.accounts.types import Entered, SignedIn, Wall
from gridgov.accounts.web.door import Language, LogIn, kept_language
from gridgov.accounts.web.factor import Code, Enrolment, count_guess
from gridgov.accounts.web.own import NewPassword
from gridgov.kernel.clock import now
from gridgov.kernel.errors import Invalid, NotAllowed, Refusal, Unauthenticated
from gridgov.web.csrf import cookie
from gridgov.web.forms import read
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import PUBLIC, AnyRequest, Urls

REALM: Final = "province"
_ISSUER: Final = "基层治理一张网"
_PREFIX: Final = "region_"


class RegionDoor(Controller):
    """Log-in for accounts of a province or a prefecture."""

    path = "/province"

    @get("/log-in", permission=PUBLIC, name="region_log_in")
    async def form(self, request: AnyRequest) -> Response[Any]:
        """The form; whoever is in already goes on."""
        signed = await request.app.state.opener.region_door(request)
        if signed is not None and not signed.wall:
            return done(request, _to(request, "province"))
        return page(None, "accounts/log_in.html", next="", values={}, error="")

    @post("/log-in", permission=PUBLIC)
    async def log_in(self, request: AnyRequest) -> Response[Any]:
        """Come in, with a new secret in the cookie; or the form again."""
        given = LogIn("", "")
        try:
            given = await read(request, LogIn)
            visit = visit_of(request, REALM, given.login)
            tried = Try(REALM, given.login, given.password, visit, now())
            entered = await enter(database_of(request), tried, old_secret=session_secret(request))
        except Refusal as refusal:
            fields = refusal.fields if isinstance(refusal, Invalid) else {}
            return page(
                None,
                "accounts/log_in.html",
                status_code=refusal.status,
                next="",
                values={"login": given.login},
                errors=fields,
                error="" if fields else sentence(request, None, refusal),
            )
        return _onward(request, entered)

    @post("/log-out", permission=PUBLIC, name="region_log_out")
    async def log_out(self, request: AnyRequest) -> Response[Any]:
        """Go out for good."""
        secret = session_secret(request)
        if secret:
            async with database_of(request).shared() as session:
                await end_sign_in(session, secret, now())
        gone = cookie(request.app.state.settings, "session", "", max_age=0)
        response = done(request, _to(request, "region_log_in"), cookies=[gone])
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    @post("/language", permission=PUBLIC, name="region_language", token=False)
    async def language(self, request: AnyRequest) -> Response[Any]:
        """Chinese or English, kept in this browser."""
        given = await read(request, Language)
        return done(request, _to(request, "province"), cookies=[kept_language(request, given)])

    @get("/password", permission=PUBLIC, name="region_password")
    async def password(self, request: AnyRequest) -> Page:
        """Choose the first password."""
        return self._password(await _before(request, Wall.PASSWORD))

    @post("/password", permission=PUBLIC)
    async def choose(self, request: AnyRequest) -> Response[Any]:
        """The one-time token is used up by this."""
        sign_in = await _before(request, Wall.PASSWORD)
        try:
            given = await read(request, NewPassword)
            chosen = check_password(given.password, again=given.again, names=(sign_in.login,))
        except Invalid as refusal:
            return self._password(sign_in, status_code=422, errors=refusal.fields)
        hashed = await hash_password(chosen)
        async with _keeper(request, sign_in) as keeper:
            entered = await set_password(keeper, hashed)
        return _onward(request, entered)

    def _password(self, sign_in: SignedIn, **values: Any) -> Page:
        return page(
            None,
            "accounts/password.html",
            first=True,
            login=sign_in.login,
            prefix=_PREFIX,
            **values,
        )

    @get("/second-factor", permission=PUBLIC, name="region_second_factor")
    async def enrolment(self, request: AnyRequest) -> Page:
        """The QR code."""
        sign_in = await _before(request, Wall.ENROL)
        shown = offer(request.app.state.settings, sign_in.id, login=sign_in.login, issuer=_ISSUER)
        return page(None, "accounts/enrol.html", offer=shown, must=True, prefix=_PREFIX)

    @post("/second-factor", permission=PUBLIC)
    async def enrol(self, request: AnyRequest) -> Response[Any]:
        """The first code; spare keys, once."""
        sign_in = await _before(request, Wall.ENROL)
        given, settings = await read(request, Enrolment), request.app.state.settings
        shown = offered(settings, sign_in.id, given.offer, login=sign_in.login, issuer=_ISSUER)
        await count_guess(database_of(request), sign_in, now())
        step = matching_step(shown.secret, given.code, now())
        if step is None:
            return page(
                None,
                "accounts/enrol.html",
                status_code=422,
                offer=shown,
                must=True,
                prefix=_PREFIX,
                errors={"code": "动态码不对。请看手机时间是否准确，等下一个码再试。"},
            )
        sealed = seal_secret(settings, sign_in.account_id, shown.secret)
        async with _keeper(request, sign_in) as keeper:
            entered, codes = await enrol(keeper, sealed, step)
        response = page(
            None, "accounts/recovery_codes.html", codes=codes, first=True, prefix=_PREFIX
        )
        response.cookies.append(session_cookie(request, entered))
        return response

    @get("/verify", permission=PUBLIC, name="region_verify")
    async def ask(self, request: AnyRequest) -> Page:
        """The code that is due after the password."""
        await _before(request, Wall.VERIFY)
        return page(None, "accounts/verify.html", next="", prefix=_PREFIX)

    @post("/verify", permission=PUBLIC)
    async def verify(self, request: AnyRequest) -> Response[Any]:
        """A right code takes the wall away."""
        sign_in = await _before(request, Wall.VERIFY)
        given = await read(request, Code)
        await count_guess(database_of(request), sign_in, now())
        try:
            async with _keeper(request, sign_in) as keeper:
                await use_code(keeper, request.app.state.settings, given.code)
                entered = await rotate(keeper, second_factor=True)
        except Invalid as refusal:
            return page(
                None,
                "accounts/verify.html",
                status_code=422,
                next="",
                prefix=_PREFIX,
                errors=refusal.fields,
            )
        return _onward(request, entered)


async def _before(request: AnyRequest, wall: Wall) -> SignedIn:
    """Who stands before this very wall."""
    sign_in: SignedIn | None = await request.app.state.opener.region_door(request)
    if sign_in is None:
        raise Unauthenticated("请先登录。")
    if sign_in.wall is not wall:
        raise NotAllowed("这一步现在不能做，请回到首页。")
    return sign_in


@asynccontextmanager
async def _keeper(request: AnyRequest, sign_in: SignedIn) -> AsyncGenerator[Keeper]:
    async with database_of(request).shared() as session:
        yield Keeper(session, sign_in, now())


def _to(request: AnyRequest, name: str) -> str:
    urls: Urls = request.app.state.urls
    return urls.url("", name)


def _onward(request: AnyRequest, entered: Entered) -> Response[Any]:
    return done(request, _to(request, "province"), cookies=[session_cookie(request, entered)])
