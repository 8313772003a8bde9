"""The first page, and the search box."""

from typing import Any, Final

from litestar import Controller, Request, Response, get

from gridgov.cases.queries.counting import light_counts
from gridgov.cases.queries.worklist import CaseFilter, CaseRow, worklist
from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.desk import queries
from gridgov.desk.types import Card, DeskRight, Home
from gridgov.grid.queries import nodes
from gridgov.grid.types import GridRight
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import SIGNED_IN, Urls

AnyRequest = Request[Any, Any, Any]
_CARDS: Final = 12
_MINE: Final = 5
_FOUND: Final = 20
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
        """What this person's role does first."""
        urls: Urls = request.app.state.urls
        homes = [ctx.policy.roles[code].home for code in ctx.actor.roles if code in ctx.policy.roles]
        if Home.MY_DAY not in homes:
            for home, name in _LEADS_TO.items():
                if home in homes and urls.opens(ctx, name):
                    return done(request, urls.url(ctx.tenant.slug, name))
        return await self.my_day(ctx, request)

    @get("/my-day", name="my_day", permission=CaseRight.READ)
    async def day(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The same, asked for by name."""
        return await self.my_day(ctx, request)

    async def my_day(self, ctx: Context, request: AnyRequest) -> Page:
        """A short list in the order to do it; what is done folds away."""
        urls: Urls = request.app.state.urls
        todo = await worklist(ctx, CaseFilter(mine=True), limit=_CARDS)
        mine = await worklist(ctx, CaseFilter(reported=True), limit=_MINE)
        return page(
            ctx,
            "desk/my_day.html",
            cards=[_card(ctx, urls, row) for row in todo.rows],
            more=bool(todo.next),
            mine=[_card(ctx, urls, row) for row in mine.rows],
            finished=[_card(ctx, urls, row) for row in await queries.done_today(ctx)],
            lights=await light_counts(ctx),
            may_report=ctx.actor.may(CaseRight.REPORT),
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


def _card(ctx: Context, urls: Urls, row: CaseRow) -> Card:
    policy = ctx.policy
    kind = policy.kinds[(row.kind, row.kind_version)]
    state = next(one.name for one in kind.states if one.code == row.state)
    category = policy.categories.get(row.category)
    urgency = policy.urgencies.get(row.urgency)
    plain = policy.county.urgencies[0].code
    tags = [state, urgency.name if urgency and urgency.code != plain else ""]
    tags.append("督办" if row.supervised else "")
    url = urls.url(ctx.tenant.slug, "case", case_id=row.id)
    return Card(
        title=row.title,
        url=url,
        light=row.light(ctx.now),
        due=None if row.ends or row.paused_at else row.due_at,
        place=row.place,
        code=row.code,
        words=category.name if category and category.name != row.title else "",
        tags=tuple(tag for tag in tags if tag),
        action=None if row.ends else {"label": "去办理", "url": url},
    )
