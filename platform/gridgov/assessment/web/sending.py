"""A form of a review's pages is sent: done once, or its page again with what was typed."""

from typing import Any, Protocol
from uuid import UUID

import msgspec
from litestar import Response

from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid, Refusal
from gridgov.web.forms import faults_of, read, typed, unplaced
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done
from gridgov.web.urls import AnyRequest


class Form(msgspec.Struct):
    """A form of a review's pages: it knows what it does."""

    async def send(self, ctx: Context, review_id: UUID) -> None:
        """Do it."""
        raise NotImplementedError


class Again(Protocol):
    """A page of a review, with what was typed and why it was refused."""

    async def __call__(
        self,
        ctx: Context,
        review_id: UUID,
        *,
        values: dict[str, Any] | None = None,
        fault: Refusal | None = None,
    ) -> Page: ...


async def sent(
    ctx: Context,
    request: AnyRequest,
    review_id: UUID,
    form: type[Form],
    *,
    again: Again,
    said: str,
) -> Response[Any]:
    """Do what a form asks, once, and go back to its page; what is refused comes back whole."""
    if first := await once(ctx, request):
        return done(request, first)
    try:
        await (await read(request, form)).send(ctx, review_id)
    except (Invalid, Conflict) as fault:
        return await again(ctx, review_id, values=await typed(request), fault=fault)
    to = request.url.path
    return await done_once(ctx, request, to, said=said)


def faults_shown(values: dict[str, Any] | None, fault: Refusal | None) -> dict[str, Any]:
    return {
        "status_code": fault.status if fault else 200,
        "values": values or {},
        "errors": faults_of(fault),
        "refused": unplaced(fault),
    }
