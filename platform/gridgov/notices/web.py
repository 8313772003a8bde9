"""The bell: a page of notices, and how an open page hears of new ones."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream
from sqlalchemy import RowMapping
from sqlalchemy.exc import SQLAlchemyError

from gridgov.context import Context
from gridgov.kernel import paging
from gridgov.kernel.errors import Refusal
from gridgov.kernel.sentences import whole
from gridgov.notices import actions, queries
from gridgov.notices.live import Hub
from gridgov.web.guard import Ctx, release
from gridgov.web.pages import Page, done, page, piece
from gridgov.web.urls import SIGNED_IN, AnyRequest, url_of

_PAGE: Final = 30
_FEW: Final = 5
HEARTBEAT: Final = 20.0  # seconds; shorter than what a proxy waits
LOOKS_EVERY: Final = 60.0
_BREATH: Final = 0.5  # between two looks, however often the bell is rung

Look = Callable[[], Awaitable[int | None]]


class Notices(Controller):
    """What a person was told."""

    path = "/{tenant:str}/notices"

    @get("/", name="notices", permission=SIGNED_IN)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The newest first; a page at a time."""
        only_unread = request.query_params.get("show") == "unread"
        cursor = paging.decode(request.query_params.get("after"), "du")
        found = await ctx.session.execute(
            queries.notices_of(
                ctx.actor.account_id,
                unread=only_unread,
                after=cursor,
                limit=_PAGE,
            )
        )
        rows, older = paging.cut(
            found.mappings().all(), _PAGE, lambda last: (last["at"], last["id"])
        )
        return page(
            ctx,
            "notices/notices.html",
            rows=_worded(rows),
            older=older,
            only_unread=only_unread,
            first=cursor is None,
        )

    @post("/read", name="notices_read", permission=SIGNED_IN)
    async def read_all(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """All are read."""
        count = await actions.mark_read(ctx)
        said = "都标为已读了。" if count else ""
        return done(request, url_of(ctx, request, "notices"), said=said)

    @post("/{notice_id:uuid}/read", name="notice_read", permission=SIGNED_IN)
    async def read_one(
        self, ctx: Ctx, request: AnyRequest, notice_id: FromPath[UUID]
    ) -> Response[Any]:
        """One is read."""
        await actions.mark_read(ctx, notice_id)
        return done(request, url_of(ctx, request, "notices"))

    @post("/{notice_id:uuid}", name="notice_open", permission=SIGNED_IN)
    async def open(self, ctx: Ctx, request: AnyRequest, notice_id: FromPath[UUID]) -> Response[Any]:
        """Go where it leads; by that it is read."""
        return done(request, await actions.open_notice(ctx, notice_id))

    @get("/unread", name="notices_unread", permission=SIGNED_IN, opt={"background": True})
    async def unread(self, ctx: Ctx) -> dict[str, int]:
        """How many are unread, for a page without a stream."""
        count = await ctx.session.scalar(queries.unread_of(ctx.actor.account_id))
        return {"unread": count or 0}

    @get("/bell", name="notices_bell", permission=SIGNED_IN)
    async def bell(self, ctx: Ctx) -> Page:
        """The newest few, as a piece."""
        newest = queries.notices_of(ctx.actor.account_id, unread=True, after=None, limit=_FEW)
        rows = (await ctx.session.execute(newest)).mappings().all()
        return piece(ctx, "notices/_bell.html", rows=_worded(rows[:_FEW]), more=len(rows) > _FEW)


class Live(Controller):
    """The stream of an open page."""

    path = "/{tenant:str}/live"

    @get("/", name="notices_stream", permission=SIGNED_IN, opt={"background": True})
    async def stream(self, ctx: Ctx, request: AnyRequest) -> Stream:
        """``event: unread`` with the number, at first and whenever it changes."""
        hub: Hub = request.app.state.bells
        hub.admit(ctx.tenant.id, ctx.actor.account_id)
        await release(ctx)
        return Stream(
            _unread_numbers(hub, ctx, _look(ctx, request)),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )


def _worded(rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    """The rows, with the text as a sentence where it is known as one."""
    return [{**row, "text": whole(row["said"]) if row["said"] else row["text"]} for row in rows]


def _look(ctx: Context, request: AnyRequest) -> Look:
    """Knock at the door again: the number, or None when this sign-in is over."""

    async def knock() -> int | None:
        try:
            again: Context = await request.app.state.opener(request)
        except (Refusal, SQLAlchemyError, OSError):
            return None
        try:
            same = again.actor.account_id == ctx.actor.account_id
            return int(request.scope["state"].get("unread", 0)) if same else None
        finally:
            await release(again)

    async def look() -> int | None:
        # Shielded: a browser that leaves must not tear a connection out of its transaction.
        return await asyncio.shield(asyncio.ensure_future(knock()))

    return look


async def _unread_numbers(hub: Hub, ctx: Context, look: Look) -> AsyncIterator[bytes]:
    account_id = ctx.actor.account_id
    if account_id is None or hub.closing:
        return
    with hub.bell(ctx.tenant.id, account_id) as rung:
        told: int | None = None
        while not hub.closing:
            rung.clear()
            unread = await look()
            if unread is None:
                return
            if unread != told:
                yield b"event: unread\ndata: %d\n\n" % unread
                told = unread
            waited = 0.0
            while waited < LOOKS_EVERY and not rung.is_set():
                try:
                    await asyncio.wait_for(rung.wait(), HEARTBEAT)
                except TimeoutError:
                    waited += HEARTBEAT
                    yield b": \n\n"
            await asyncio.sleep(0 if hub.closing else _BREATH)
