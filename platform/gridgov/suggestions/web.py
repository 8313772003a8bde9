"""The button on every page leads here."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.kernel import paging
from gridgov.kernel.errors import Invalid
from gridgov.suggestions import actions, queries
from gridgov.suggestions.types import SuggestionRight
from gridgov.web.address import parts_of
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import SIGNED_IN, AnyRequest, url_of

_PAGE = 30


class Saying(msgspec.Struct):
    """The form of a suggestion."""

    text: Annotated[str, msgspec.Meta(min_length=4, max_length=1000)]
    page: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Answer(msgspec.Struct):
    """The form of an answer."""

    answer: Annotated[str, msgspec.Meta(min_length=2, max_length=1000)]


class Suggestions(Controller):
    """Complaints and suggestions about the system."""

    path = "/{tenant:str}/suggestions"

    @get("/", name="suggestions", permission=SIGNED_IN)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """All suggestions with their answers, and the form for a new one."""
        return await _list(ctx, request)

    @post("/", permission=SIGNED_IN)
    async def suggest(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Take a suggestion."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            said = await read(request, Saying)
        except Invalid as fault:
            values = await typed(request)
            return await _list(ctx, request, values=values, errors=fault.fields)
        await actions.suggest(ctx, text=said.text, page=said.page)
        to = url_of(ctx, request, "suggestions")
        return await done_once(ctx, request, to, said="收到了，谢谢。答复会写在这里，也会通知您。")

    @post(
        "/{suggestion_id:uuid}/answer", name="suggestion_answer", permission=SuggestionRight.ANSWER
    )
    async def answer(
        self, ctx: Ctx, request: AnyRequest, suggestion_id: FromPath[UUID]
    ) -> Response[Any]:
        """Answer one for all to read."""
        try:
            given = await read(request, Answer)
        except Invalid as fault:
            values = await typed(request) | {"answering": suggestion_id}
            return await _list(ctx, request, values=values, errors=fault.fields)
        to = url_of(ctx, request, "suggestions")
        await actions.answer_suggestion(ctx, suggestion_id, answer=given.answer, link=to)
        return done(request, to, said="已答复，提意见的人会收到通知。")


async def _list(
    ctx: Context,
    request: AnyRequest,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    cursor = paging.decode(request.query_params.get("after"), "du")
    found = await ctx.session.execute(queries.suggestions(ctx.actor.account_id, cursor, _PAGE))
    rows, older = paging.cut(found.all(), _PAGE, lambda last: (last.at, last.id))
    came_from = parts_of(request.headers.get("referer", "")).path
    return page(
        ctx,
        "suggestions/suggestions.html",
        status_code=422 if errors else 200,
        rows=rows,
        older=older,
        may_answer=ctx.actor.may(SuggestionRight.ANSWER),
        values={"page": came_from, "answering": None} | (values or {}),
        errors=errors or {},
    )
