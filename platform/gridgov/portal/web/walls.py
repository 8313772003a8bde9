"""What hangs on the wall of a hall: called numbers, who waits, notices. No names, no account."""

from typing import Any, Final

from litestar import Controller, Response, get
from litestar.params import FromPath

from gridgov.portal.queries import hall_on_the_wall
from gridgov.portal.web.counting import GUESSES, count
from gridgov.stations.queries.halls import notices_of, numbers_of
from gridgov.stations.queries.places import desk_name
from gridgov.stations.queries.queues import called, queues_of, zones_ever
from gridgov.web.guard import Ctx
from gridgov.web.pages import page
from gridgov.web.urls import PUBLIC, AnyRequest, url_of

_LINES: Final = 6


class Walls(Controller):
    """The page behind a screen's address."""

    path = "/{tenant:str}/wall"

    @get("/{token:str}", name="wall", permission=PUBLIC)
    async def wall(self, ctx: Ctx, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
        """Asked for every few seconds: four statements. Only who guesses is counted."""
        row = await hall_on_the_wall(ctx, token)
        if row is None:
            await count(ctx, request, "token", GUESSES)
            return page(ctx, "portal/wall_closed.html", status_code=404)
        found = await numbers_of(ctx, row.id)
        calls = called(found)
        return page(
            ctx,
            "portal/_wall.html" if "hx-request" in request.headers else "portal/wall.html",
            name=desk_name(ctx, row),
            zones=queues_of(ctx, row, found),
            called=calls[:_LINES],
            more=len(calls[_LINES:]),
            names={zone.code: zone.name for zone in zones_ever(ctx, row)},
            notices=await notices_of(ctx, row.id),
            again=url_of(ctx, request, "wall", token=token),
        )
