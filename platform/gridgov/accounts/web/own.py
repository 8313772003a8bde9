"""One's own password and the browsers that one is signed in with."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from gridgov.accounts.actions.entering import account_limits
from gridgov.accounts.actions.keeping import end_device, end_others, set_password
from gridgov.accounts.limits import first_refused, forget
from gridgov.accounts.passwords import hash_password, verify_password
from gridgov.accounts.queries import devices_of, password_of
from gridgov.accounts.rules import check_password, clean_password
from gridgov.accounts.signed import acting, database_of, keeper, session_cookie, signed_in
from gridgov.accounts.types import Device, SignedIn, Wall
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.errors import Invalid, NotAllowed, TooMany
from gridgov.kernel.sentences import N_, Sentence
from gridgov.web.forms import read
from gridgov.web.guard import Ctx, release
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import PUBLIC, SIGNED_IN, AnyRequest, url_of


class NewPassword(Struct):
    """The new one twice; the old one unless a one-time token stands in for it."""

    password: str
    again: str
    old: str = ""


class Passwords(Controller):
    """Choose a password: the only page that a one-time token opens."""

    path = "/{tenant:str}/account/password"

    @get("/", permission=PUBLIC, name="password")
    async def form(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The form. Open to whoever is signed in, also before the first password."""
        return self._page(ctx, may_choose(request))

    @post("/", permission=PUBLIC)
    async def change(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """All other browsers are signed out; this one goes on with a new secret."""
        sign_in = may_choose(request)
        try:
            hashed = await self._chosen(ctx, request, sign_in)
            entered = await set_password(keeper(ctx, request), hashed)
        except Invalid as refusal:
            return self._page(ctx, sign_in, status_code=422, errors=refusal.fields)
        record(acting(ctx, sign_in), "account.password_changed", "account", sign_in.account_id)
        to = "log_in" if sign_in.wall else "devices"
        said = "密码已改好，下次用新密码登录。其他设备都已退出。"
        cookies = [session_cookie(request, entered)]
        return done(request, url_of(ctx, request, to), said=said, cookies=cookies)

    async def _chosen(self, ctx: Context, request: AnyRequest, sign_in: SignedIn) -> str:
        """The hash of a good new password, after the old one; no connection is held meanwhile."""
        given = await read(request, NewPassword)
        names = (sign_in.login, ctx.tenant.slug, ctx.tenant.name)
        chosen = check_password(given.password, again=given.again, names=names)
        kept = await ctx.session.scalar(password_of(sign_in.account_id))
        await release(ctx)
        if sign_in.wall is not Wall.PASSWORD:
            await self._check_old(ctx, request, kept, given.old)
            if chosen == clean_password(given.old):
                raise Invalid(fields={"password": "新密码和原来的一样，请换一个。"})
        return await hash_password(chosen)

    async def _check_old(
        self, ctx: Context, request: AnyRequest, kept: str | None, old: str
    ) -> None:
        limits = account_limits(ctx.tenant.slug, signed_in(request).login)
        if await first_refused(database_of(request), limits, now=ctx.now):
            raise TooMany("原密码输错的次数太多，请 15 分钟后再试。")
        if not await verify_password(kept, clean_password(old)):
            raise Invalid(fields={"old": "原来的密码不对。"})
        await forget(ctx.session, [limit.key for limit in limits])

    def _page(self, ctx: Context, sign_in: SignedIn, **values: Any) -> Page:
        return page(
            ctx,
            "accounts/password.html",
            first=bool(sign_in.wall),
            login=sign_in.login,
            prefix="",
            **values,
        )


def may_choose(request: AnyRequest) -> SignedIn:
    """Signed in, and with the second factor if there is one."""
    sign_in = signed_in(request)
    if sign_in.wall not in (Wall.NONE, Wall.PASSWORD):
        raise NotAllowed("请先输入动态码。")
    return sign_in


class Devices(Controller):
    """The browsers that are signed in to one's account."""

    path = "/{tenant:str}/account/devices"

    @get("/", permission=SIGNED_IN, name="devices")
    async def devices(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The list, this one first."""
        mine = signed_in(request)
        found = await ctx.session.execute(devices_of(mine.account_id, ctx.now))
        rows = [
            Device(
                row.id, row.device, row.created_at, row.seen_at, row.expires_at, row.id == mine.id
            )
            for row in found
        ]
        rows.sort(key=lambda row: not row.here)
        return page(ctx, "accounts/devices.html", devices=rows)

    @post("/{device_id:uuid}/end", permission=SIGNED_IN, name="device_end")
    async def end(self, ctx: Ctx, request: AnyRequest, device_id: FromPath[UUID]) -> Response[Any]:
        """Sign another browser out, wherever it is."""
        if device_id == signed_in(request).id:
            raise NotAllowed("这是您正在用的设备，请用“退出登录”。")
        name = await end_device(keeper(ctx, request), device_id)
        record(ctx, "account.device_ended", "account", ctx.actor.account_id, device=name)
        said = Sentence("“{name}”已退出，对方下一次点击就要重新登录。", name=name or N_("这台设备"))
        return done(request, url_of(ctx, request, "devices"), said=said)

    @post("/end-others", permission=SIGNED_IN, name="devices_end")
    async def end_others(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Sign out everywhere but here."""
        mine = signed_in(request)
        count = await end_others(ctx.session, mine.account_id, keep=mine.id, now=ctx.now)
        record(ctx, "account.devices_ended", "account", mine.account_id, count=count)
        said = Sentence("另外 {n} 台设备都已退出。", n=count)
        return done(request, url_of(ctx, request, "devices"), said=said)
