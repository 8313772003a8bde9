"""The processes that are killed: a web server with one more page, a worker with its own handlers.

``python -m crash.victims web PORT`` and ``python -m crash.victims worker``, settings from the
environment. The page is a submission as any room has it: a form sent once, a row, an entry of the
audit, an event; a handler of the event tells somebody and leaves a trace.
"""

import asyncio
import logging
import sys
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from granian import Granian
from granian.constants import Interfaces
from litestar import Controller, Litestar, Request, Response, post
from sqlalchemy import insert

from gridgov import app, rooms
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import Event, Handler, emit
from gridgov.kernel.relay import Limits
from gridgov.kernel.settings import Settings
from gridgov.notices.actions import notify
from gridgov.suggestions.models import Suggestion
from gridgov.web.forms import typed
from gridgov.web.guard import Ctx
from gridgov.web.models import Operation
from gridgov.web.once import once, remember
from gridgov.web.pages import done
from gridgov.worker import Worker, serve

REPORTED: Final = "crash.reported"
PENDING: Final = "crash.pending"
LEASE: Final = timedelta(seconds=3)


class Submissions(Controller):
    """The page: put in place of it any other that is sent once, see ``Submission`` in conftest."""

    path = "/{tenant:str}/crash"

    @post("/", permission="public")
    async def submit(self, ctx: Ctx, request: Request[Any, Any, Any]) -> Response[Any]:
        """Take it once."""
        if before := await once(ctx, request):
            return done(request, before)
        words = (await typed(request))["words"]
        made = new_id()
        await ctx.session.execute(
            insert(Suggestion).values(
                tenant_id=ctx.tenant.id, id=made, text=words, page="", account_id=made, at=ctx.now
            )
        )
        record(ctx, "suggestion.made", "suggestion", made)
        await emit(ctx.session, ctx.tenant.id, REPORTED, made, at=ctx.now)
        to = f"/{ctx.tenant.slug}/crash/{made}"
        await remember(ctx, request, to)
        return done(request, to)


async def tell(ctx: Context, event: Event) -> None:
    """Tell the account that the event names, or one that is nobody's."""
    account = UUID(event.payload.get("account", str(event.subject)))
    await notify(ctx, [account], about=f"{event.kind}:{event.id}", text="测试通知", link="/")


async def trace(ctx: Context, event: Event) -> None:
    """A row for each run: two rows for one event are two effects."""
    record(ctx, "crash.traced", "event", event.id)
    await ctx.session.execute(
        insert(Operation).values(
            tenant_id=ctx.tenant.id,
            id=new_id(),
            account_id=event.id,
            digest=b"",
            location="trace",
            at=ctx.now,
        )
    )


HANDLERS: Final = [Handler("tell", tell), Handler("trace", trace)]


def web() -> Litestar:
    """The whole application and the page."""
    rooms.CONTROLLERS = (*rooms.CONTROLLERS, Submissions)
    app.CONTROLLERS = rooms.CONTROLLERS
    return app.create_app()


async def work() -> None:
    """A worker as in production, but for its handlers and a shorter lease."""
    handlers = {REPORTED: HANDLERS, PENDING: HANDLERS}
    await serve(Worker(Settings.from_env(), handlers=handlers, limits=Limits(lease=LEASE)))


def main(part: str, port: str = "0") -> None:
    """Be one of them."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("arq").setLevel(logging.ERROR)
    if part == "worker":
        asyncio.run(work())
        return
    Granian(
        "crash.victims:web",
        factory=True,
        interface=Interfaces.ASGI,
        address="127.0.0.1",
        port=int(port),
        workers=1,
        workers_kill_timeout=10,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
