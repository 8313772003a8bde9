"""The one guard: who is asking, in which tenant, and may they? Default deny."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from gridgov.context import Context, RegionContext
from gridgov.kernel.errors import Invalid, NotAllowed, NotFound, Unauthenticated
from gridgov.web import csrf
from gridgov.web.urls import PUBLIC, REGION, SIGNED_IN, AnyRequest

Connection = ASGIConnection[Any, Any, Any, Any]
Opener = Callable[[Connection], Awaitable[Context]]
"""Opens the context of a request from its path and cookies: transaction begun, actor resolved."""

Ctx = NamedDependency[Context]
Region = NamedDependency[RegionContext]
_CONTEXT = "gridgov_context"
_REGION = "gridgov_region"
_FIRST_ERROR = 400
_UNSEEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]")


class UnguardedRoute(Exception):
    """A handler names no permission. Silence is no default: this is a bug."""


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Open the context and refuse whoever may not pass. Asked before every handler."""
    permission = handler.opt.get("permission")
    _check_address(connection)
    if permission is None:
        if handler.opt.get("is_static") or _method(connection) == "OPTIONS":
            return
        raise UnguardedRoute(str(handler))
    if "tenant" in connection.path_params:
        opener: Opener = connection.app.state.opener
        ctx = await opener(connection)
        connection.scope["state"][_CONTEXT] = ctx
        _admit(ctx, str(permission), handler.opt.get("plugin"))
    elif permission == REGION:
        connection.scope["state"][_REGION] = await connection.app.state.opener.region(connection)
    elif permission != PUBLIC:
        raise UnguardedRoute(str(handler))
    if _method(connection) not in csrf.SAFE:
        await csrf.check(connection, token=handler.opt.get("token", True))


def _check_address(connection: Connection) -> None:
    """What no keyboard types and no database takes is in no address of ours."""
    said = [*connection.path_params.values()]
    if connection.scope["query_string"]:
        said += connection.query_params.values()
    if any(_UNSEEN.search(str(value)) for value in said):
        raise Invalid("地址里有无法显示的字符，请删掉后再试。")


def _method(connection: Connection) -> str:
    return str(connection.scope.get("method", ""))


def _admit(ctx: Context, permission: str, plugin: str | None) -> None:
    if plugin is not None and plugin not in ctx.policy.plugins:
        raise NotFound
    if permission == PUBLIC:
        return
    if ctx.actor.account_id is None:
        raise Unauthenticated("请先登录。")
    if permission != SIGNED_IN and not ctx.actor.may(permission):
        raise NotAllowed("您的岗位没有这项权限。")


async def provide_context(request: AnyRequest) -> Context:
    """The context that the guard opened."""
    ctx: Context = request.scope["state"][_CONTEXT]
    return ctx


CONTEXT = Provide(provide_context)


async def provide_region(request: AnyRequest) -> RegionContext:
    """The context above the counties that the guard opened."""
    region: RegionContext = request.scope["state"][_REGION]
    return region


REGION_CONTEXT = Provide(provide_region)


def context_of(connection: Connection) -> Context | None:
    """The context of a request, if the guard came so far."""
    ctx: Context | None = connection.scope["state"].get(_CONTEXT)
    return ctx


async def settle(message: Message, scope: Scope) -> None:
    """Just before the first byte: commit if the answer is good, else roll back."""
    if message["type"] != "http.response.start":
        return
    ctx: Context | None = scope.get("state", {}).pop(_CONTEXT, None)
    if ctx is None:
        return
    try:
        if message["status"] < _FIRST_ERROR:
            await ctx.session.commit()
        else:
            await ctx.session.rollback()
    except BaseException:
        await ctx.session.close()  # which is nothing to do once either has gone well
        raise
    for later in ctx.session.info.pop("after_commit", ()):
        if message["status"] < _FIRST_ERROR:
            later()


async def release(ctx: Context) -> None:
    """End the transaction early: an event stream must hold no connection."""
    await ctx.session.rollback()
    await ctx.session.close()
