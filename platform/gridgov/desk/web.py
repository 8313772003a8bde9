"""The first page, the search box, the overview, and how the installation is doing."""

import re
from collections.abc import Sequence
from typing import Any, Final

from litestar import Controller, Response, get

from gridgov.cases.queries.counting import light_counts
from gridgov.cases.queries.worklist import CaseFilter, CaseRow, worklist
from gridgov.cases.rules.tags import tags_of
from gridgov.cases.types import CaseRight, Light
from gridgov.context import Context
from gridgov.desk import queries, rules
from gridgov.desk.types import Card, DeskRight, Home
from gridgov.grid.queries import nodes
from gridgov.grid.types import THEN, GridRight
from gridgov.kernel.sentences import N_
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, done, page, piece
from gridgov.web.shell import Shell
from gridgov.web.urls import SIGNED_IN, AnyRequest, Urls

_CARDS: Final = 12
_ROWS: Final = 40
_MINE: Final = 5
_FOUND: Final = 20
_WINDOWS: Final = (30, 90)
_PATH: Final = re.compile(r"[0-9A-Za-z._-]{1,80}\.")
_DAYS: Final = {Home.MY_DAY, Home.QUEUE, Home.HANDLING}
_LEADS_TO: Final = {
    Home.DISPATCH: "dispatch_desk",
    Home.OVERVIEW: "overview",
    Home.ADMIN: "admin",
    Home.BINDINGS: "bindings",
    Home.AUDIT: "audit_log",
}


class Desk(Controller):
    """Where one begins."""

    path = "/{tenant:str}"

    @get("/", name="home", permission=SIGNED_IN)
    async def home(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """What this person's role does first; who has several has their own work first."""
        urls: Urls = request.app.state.urls
        homes = _homes(ctx)
        if not _DAYS & homes:
            for home, name in _LEADS_TO.items():
                if home in homes and urls.opens(ctx, name):
                    return done(request, urls.url(ctx.tenant.slug, name))
        return await self.my_day(ctx, request)

    @get("/my-day", name="my_day", permission=CaseRight.READ)
    async def day(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The same, asked for by name."""
        return await self.my_day(ctx, request)

    async def my_day(self, ctx: Context, request: AnyRequest) -> Page:
        """A short list in the order to do it; what is done folds away.

        In the field it is cards, at a desk lines; a department sees first what it has not accepted.
        """
        urls: Urls = request.app.state.urls
        homes = _homes(ctx)
        dense = Home.MY_DAY not in homes and bool(homes)
        todo = await worklist(ctx, CaseFilter(mine=True), limit=_ROWS if dense else _CARDS)
        offered = await queries.offered(ctx, [row.id for row in todo.rows])
        mine = await worklist(ctx, CaseFilter(reported=True), limit=_MINE)
        cards = [
            _card(ctx, urls, row, first="accept" if row.id in offered else "") for row in todo.rows
        ]
        shell: Shell = request.app.state.shell
        here = urls.url(ctx.tenant.slug, "my_day")
        return page(
            ctx,
            "desk/my_day.html",
            dense=dense,
            fresh=[card for card in cards if card.id in offered],
            cards=[card for card in cards if card.id not in offered],
            more=bool(todo.next),
            late=[_card(ctx, urls, row, first="urge") for row in await _late(ctx, homes)],
            mine=[_card(ctx, urls, row) for row in mine.rows],
            finished=[_card(ctx, urls, row) for row in await queries.done_today(ctx)],
            lights=await light_counts(ctx),
            may_report=ctx.actor.may(CaseRight.REPORT),
            nav=shell.navigation(ctx, urls, here),
        )

    @get("/admin", name="admin", permission=DeskRight.ADMINISTER)
    async def admin(self, ctx: Ctx) -> Page:
        """How the installation is doing: people, vacancies, events, calendar."""
        return page(ctx, "desk/admin.html", health=await queries.health(ctx))

    @get("/search", name="search", permission=SIGNED_IN)
    async def search(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Over cases and grids; the code of one that may be seen leads straight to it."""
        urls: Urls = request.app.state.urls
        words = request.query_params.get("q", "").strip()[:60]
        found = (
            await worklist(ctx, CaseFilter(text=words), limit=_FOUND)
            if words and ctx.actor.may(CaseRight.READ)
            else None
        )
        rows = found.rows if found else ()
        for row in rows:
            if row.code == words:
                return done(request, urls.url(ctx.tenant.slug, "case", case_id=row.id))
        places = await nodes.search(ctx, words) if ctx.actor.may(GridRight.READ) else []
        return page(
            ctx,
            "desk/search.html",
            q=words,
            cases=[_card(ctx, urls, row) for row in rows],
            more=bool(found and found.next),
            places=places[:_FOUND],
            levels={code: level.name for code, level in ctx.policy.levels.items()},
        )


class Board(Controller):
    """The overview: how the county, or one's own part of it, is doing."""

    path = "/{tenant:str}/overview"

    @get("/", name="overview", permission=CaseRight.OVERVIEW)
    async def overview(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Days, place and screen mode stand in the address.

        A screen on the wall keeps itself signed in until the working day's sign-in ends.
        """
        shown = await _board(ctx, request)
        if "hx-request" in request.headers:
            return piece(ctx, "desk/_board.html", **shown)
        return page(ctx, "desk/overview.html", **shown)

    @get("/now", name="overview_now", permission=CaseRight.OVERVIEW, opt={"background": True})
    async def now(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The same figures, asked for by the page itself: nobody need be there."""
        return piece(ctx, "desk/_board.html", **await _board(ctx, request))


async def _board(ctx: Context, request: AnyRequest) -> dict[str, Any]:
    asked = request.query_params
    days = next((n for n in _WINDOWS if asked.get("days") == str(n)), _WINDOWS[0])
    given = asked.get("place", "")
    place = given if _PATH.fullmatch(given) else ""
    then = asked.get("grid") == THEN
    board = await queries.board(ctx, days=days, place=place, then=then)
    urls: Urls = request.app.state.urls
    return {
        "board": board,
        "trend": [
            {"day": f"{day.month}/{day.day}", "reported": reported, "closed": closed}
            for day, reported, closed in board.figures.trend
        ],
        "late": [_card(ctx, urls, row) for row in board.late],
        "days": days,
        "windows": _WINDOWS,
        "place": place,
        "grid": THEN if then else None,
        "then": THEN,
        "screen": asked.get("screen") == "1",
        "defined": rules,
    }


async def _late(ctx: Context, homes: set[str]) -> Sequence[CaseRow]:
    """What others let go over its time, for who walks the grids and may urge them."""
    if Home.MY_DAY not in homes or not ctx.actor.may(CaseRight.URGE):
        return ()
    return (await worklist(ctx, CaseFilter(light=Light.RED), limit=_MINE)).rows


def _homes(ctx: Context) -> set[str]:
    roles = ctx.policy.roles
    return {roles[code].home for code in ctx.actor.roles if code in roles} - {""}


def _card(ctx: Context, urls: Urls, row: CaseRow, *, first: str = "") -> Card:
    """``first`` is the effect of what must be done first; its form is one tap away."""
    policy = ctx.policy
    kind = policy.kinds[(row.kind, row.kind_version)]
    state = next(one.name for one in kind.states if one.code == row.state)
    category = policy.categories_ever.get(row.category)
    url = urls.url(ctx.tenant.slug, "case", case_id=row.id)
    action = {"label": N_("去办理"), "url": url}
    for move in kind.actions:
        if first and move.effect == first and row.state in move.before:
            form = urls.url(ctx.tenant.slug, "case_action", case_id=row.id, action=move.code)
            action = {"label": move.name, "url": form}
    return Card(
        id=row.id,
        title=row.title,
        url=url,
        light="done" if row.ends else row.light(ctx.now),
        due=None if row.ends or row.paused_at else row.due_at,
        place=row.place,
        code=row.code,
        state=state,
        since=row.opened_at,
        words=category.name if category and category.name != row.title else "",
        tags=tags_of(row, policy.county.urgencies),
        action=None if row.ends else action,
    )
