"""From what went wrong to a page that says what to do."""

import logging
import secrets
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gridgov.kernel.errors import (
    Invalid,
    NotFound,
    Refusal,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from gridgov.web.guard import context_of
from gridgov.web.pages import Page, asked_for, page, say_to
from gridgov.web.urls import AnyRequest, Urls

_log = logging.getLogger("gridgov.web")

_METHOD = 405
_TOO_LARGE = 413
_NOT_FOUND = 404
_SERVER = 500


def on_refusal(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    """An expected no: the page, or for HTMX a toast with the same sentence."""
    if isinstance(refusal, Unauthenticated):
        return _log_in(request)
    say = say_to(request)
    sentence = say(refusal.message, **refusal.params)
    if isinstance(refusal, Invalid) and refusal.fields:
        sentence = " ".join(map(say, refusal.fields.values()))
    return _answer(request, refusal.status, sentence)


def on_http(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own refusals, in our words."""
    if error.status_code in (_NOT_FOUND, _METHOD):
        return on_refusal(request, NotFound())
    if error.status_code == _TOO_LARGE:
        return on_refusal(request, TooLarge("内容太大，超过了上限。"))
    if error.status_code < _SERVER:
        return on_refusal(request, Invalid("请求的格式不对，请返回上一页重试。"))
    return on_bug(request, error)


def on_busy(request: AnyRequest, error: PoolTimeout) -> Response[Any]:
    """No place in the pool within two seconds."""
    _log.warning("the connection pool is empty: %s", error.__class__.__name__)
    response = on_refusal(request, Unavailable("系统现在很忙，请过一会儿再试；已填写的内容还在。"))
    response.headers["retry-after"] = "5"
    return response


def on_bug(request: AnyRequest, error: Exception) -> Response[Any]:
    """An unknown fault: an id for the person, the trace for us, personal data in neither."""
    error_id = secrets.token_hex(4)
    _log.error(
        "error %s in %s %s: %s",
        error_id,
        request.method,
        request.scope.get("path_template", ""),
        error.__class__.__name__,
        exc_info=_without_values(error),
    )
    sentence = say_to(request)("系统出了问题，不是您的操作造成的。")
    return _answer(request, _SERVER, sentence, error_id=error_id)


def _without_values(error: Exception) -> tuple[type[Exception], Exception, Any]:
    """The trace without the message: a database error quotes the values that were written."""
    return type(error), Exception("(message withheld)"), error.__traceback__


def _log_in(request: AnyRequest) -> Response[Any]:
    """The form for a stranger; whoever stands before a wall is led to the only open page."""
    ctx = context_of(request)
    slug = ctx.tenant.slug if ctx else ""
    urls: Urls = request.app.state.urls
    where = asked_for(request) or None
    wall = request.scope["state"].get("wall", "")
    name = wall or "log_in"
    to = urls.url(slug, name if ctx else f"region_{name}", next=where)
    if "hx-request" in request.headers:
        return Response(b"", status_code=401, headers={"HX-Redirect": to})
    if wall:
        return Response(b"", status_code=303, headers={"Location": to})
    return page(ctx, "accounts/log_in.html", status_code=401, next=where or "", values={}, error="")


def _answer(
    request: AnyRequest,
    status: int,
    sentence: str,
    *,
    error_id: str = "",
) -> Page:
    ctx = context_of(request)
    urls: Urls = request.app.state.urls
    ways: dict[str, str] = {}
    if ctx is not None and ctx.actor.account_id is not None:
        slug = ctx.tenant.slug
        ways = {
            "home_url": urls.url(slug, "home"),
            "why_url": urls.url(slug, "why", address=request.url.path),
        }
    return page(
        ctx,
        "web/error.html",
        status_code=status,
        status=status,
        sentence=sentence,
        error_id=error_id,
        **ways,
    )


HANDLERS: dict[type[Exception] | int, Any] = {
    Refusal: on_refusal,
    HTTPException: on_http,
    PoolTimeout: on_busy,
    Exception: on_bug,
}
