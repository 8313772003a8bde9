"""What the pages of services share: addresses, and the county's words for batches and flags."""

from typing import Any

from litestar import Request

from gridgov.context import Context
from gridgov.web.urls import Urls

AnyRequest = Request[Any, Any, Any]


def url_of(ctx: Context, request: AnyRequest, name: str, **params: Any) -> str:
    """The address of a named page in the tenant."""
    urls: Urls = request.app.state.urls
    return urls.url(ctx.tenant.slug, name, **params)
