"""The second factor: to enrol it, to show it, to have spare keys, to change the phone."""

from datetime import datetime, timedelta
from typing import Any, Final

from litestar import Controller, Response, get, post
from msgspec import Struct

from gridgov.accounts.actions.keeping import (
    enrol,
    let_factor_go,
    renew_recovery_codes,
    rotate,
    use_code,
)
from gridgov.accounts.limits import allow
from gridgov.accounts.rules import safe_next
from gridgov.accounts.second_factor import (
    Offer,
    matching_step,
    offer,
    offered,
    seal_secret,
)
from gridgov.accounts.signed import acting, database_of, keeper, session_cookie, signed_in
from gridgov.accounts.types import SignedIn, Wall
from gridgov.accounts.web.door import landing
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Invalid, NotAllowed, TooMany
from gridgov.web.forms import read
from gridgov.web.guard import Ctx, release
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import PUBLIC, SIGNED_IN, AnyRequest, url_of

_TRIES: Final = 10
_WINDOW: Final = timedelta(minutes=15)


class Enrolment(Struct):
    """The first code of a scanned secret."""

    code: str
    offer: str


class Code(Struct):
    """Six digits, or a spare key."""

    code: str
    next: str = ""


class SecondFactor(Controller):
    """Six digits from a phone. Open before the wall that asks for them, so public by name."""

    path = "/{tenant:str}/account"

    @get("/second-factor", permission=PUBLIC, name="second_factor")
    async def form(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The QR code to enrol; or, once enrolled, what can be done with it."""
        sign_in = signed_in(request)
        _check_open(sign_in, Wall.NONE, Wall.ENROL)
        if sign_in.has_second_factor:
            return page(ctx, "accounts/factor.html", errors={})
        return self._enrolment(ctx, sign_in, _offer(ctx, request, sign_in))

    @post("/second-factor", permission=PUBLIC)
    async def enrol(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The first code proves that the phone has the secret."""
        sign_in = signed_in(request)
        _check_open(sign_in, Wall.NONE, Wall.ENROL)
        given = await read(request, Enrolment)
        settings = request.app.state.settings
        shown = offered(
            settings, sign_in.id, given.offer, login=sign_in.login, issuer=ctx.tenant.name
        )
        await _spend(ctx, request, sign_in)
        step = matching_step(shown.secret, given.code, ctx.now)
        if step is None:
            errors = {"code": "动态码不对。请看手机时间是否准确，等下一个码再试。"}
            return self._enrolment(ctx, sign_in, shown, status_code=422, errors=errors)
        sealed = seal_secret(settings, sign_in.account_id, shown.secret)
        entered, codes = await enrol(keeper(ctx, request), sealed, step)
        record(acting(ctx, sign_in), "account.factor_enrolled", "account", sign_in.account_id)
        response = page(ctx, "accounts/recovery_codes.html", codes=codes, first=True, prefix="")
        response.cookies.append(session_cookie(request, entered))
        return response

    def _enrolment(self, ctx: Context, sign_in: SignedIn, shown: Offer, **values: Any) -> Page:
        must = sign_in.wall is Wall.ENROL
        return page(ctx, "accounts/enrol.html", offer=shown, must=must, prefix="", **values)

    @get("/verify", permission=PUBLIC, name="verify")
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The code that is due after the password."""
        sign_in = signed_in(request)
        to = safe_next(request.query_params.get("next", ""), ctx.tenant.slug)
        if sign_in.wall is not Wall.VERIFY:
            return done(request, to or landing(ctx, request))
        return page(ctx, "accounts/verify.html", next=to, prefix="")

    @post("/verify", permission=PUBLIC)
    async def verify(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """A right code gives the browser a new secret and takes the wall away."""
        sign_in = signed_in(request)
        _check_open(sign_in, Wall.VERIFY)
        given = await read(request, Code)
        to = safe_next(given.next, ctx.tenant.slug)
        try:
            spare = await _use_code(ctx, request, sign_in, given.code)
        except Invalid as refusal:
            return page(
                ctx,
                "accounts/verify.html",
                status_code=422,
                next=to,
                prefix="",
                errors=refusal.fields,
            )
        entered = await rotate(keeper(ctx, request), second_factor=True)
        verb = "account.recovery_code_used" if spare else "account.factor_shown"
        record(acting(ctx, sign_in), verb, "account", sign_in.account_id)
        cookies = [session_cookie(request, entered)]
        return done(request, to or landing(ctx, request), cookies=cookies)

    @post("/second-factor/codes", permission=SIGNED_IN, name="recovery_codes")
    async def codes(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """New spare keys for a code of now; shown once."""
        refused = await self._check_again(ctx, request)
        if refused is not None:
            return refused
        sign_in = signed_in(request)
        codes = await renew_recovery_codes(ctx.session, sign_in.account_id)
        record(ctx, "account.recovery_codes_renewed", "account", sign_in.account_id)
        return page(ctx, "accounts/recovery_codes.html", codes=codes, first=False, prefix="")

    @post("/second-factor/remove", permission=SIGNED_IN, name="second_factor_remove")
    async def remove(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Let go of the old phone with one last code; administrators enrol the new one at once."""
        refused = await self._check_again(ctx, request)
        if refused is not None:
            return refused
        sign_in = signed_in(request)
        await let_factor_go(ctx.session, sign_in.account_id)
        entered = await rotate(keeper(ctx, request), second_factor=False)
        record(ctx, "account.factor_removed", "account", sign_in.account_id)
        said = "旧手机已解绑，请扫码绑定新手机。"
        cookies = [session_cookie(request, entered)]
        to = url_of(ctx, request, "second_factor")
        return done(request, to, said=said, cookies=cookies)

    async def _check_again(self, ctx: Context, request: AnyRequest) -> Page | None:
        sign_in = signed_in(request)
        given = await read(request, Code)
        try:
            await _use_code(ctx, request, sign_in, given.code)
        except Invalid as refusal:
            return page(ctx, "accounts/factor.html", status_code=422, errors=refusal.fields)
        return None


def _check_open(sign_in: SignedIn, *walls: Wall) -> None:
    if sign_in.wall not in walls:
        raise NotAllowed("这一步现在不能做，请回到首页。")


def _offer(ctx: Context, request: AnyRequest, sign_in: SignedIn) -> Offer:
    settings = request.app.state.settings
    return offer(settings, sign_in.id, login=sign_in.login, issuer=ctx.tenant.name)


async def _spend(ctx: Context, request: AnyRequest, sign_in: SignedIn) -> None:
    """Guesses are counted whatever becomes of them; no connection is held meanwhile."""
    await release(ctx)
    await count_guess(database_of(request), sign_in, ctx.now)


async def count_guess(database: Database, sign_in: SignedIn, now: datetime) -> None:
    """One more try of this account to show a code."""
    if not await allow(database, f"code|{sign_in.account_id}", _TRIES, _WINDOW, now=now):
        raise TooMany("动态码试的次数太多，请 15 分钟后再试。")


async def _use_code(ctx: Context, request: AnyRequest, sign_in: SignedIn, code: str) -> bool:
    await _spend(ctx, request, sign_in)
    return await use_code(keeper(ctx, request), request.app.state.settings, code)
