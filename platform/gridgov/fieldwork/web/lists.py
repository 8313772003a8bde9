"""Ledgers as lists, and taking one along."""

from datetime import date
from typing import Any, Final

from litestar import Controller, Response, get, post

from gridgov.cases.queries.exporting import MOST_EXPORTED
from gridgov.cases.rules.words import LONGEST_QUERY
from gridgov.context import Context
from gridgov.fieldwork.queries import lines as queries
from gridgov.fieldwork.queries.lines import LineFilter
from gridgov.fieldwork.types import FieldRight
from gridgov.fieldwork.web.showing import Shown, shown
from gridgov.grid.queries.stepping import place_asked
from gridgov.kernel import paging
from gridgov.kernel.sentences import N_, joined
from gridgov.web.exporting import Asking, Sheet, ask_purpose, minute, take_along
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import AnyRequest, url_of

COLUMNS: Final = (
    (N_("时间"), 17),
    (N_("台账"), 14),
    (N_("记了什么"), 24),
    (N_("情况"), 50),
    (N_("地方"), 26),
    (N_("谁记的"), 22),
    (N_("由此上报的事件"), 24),
    (N_("答复"), 40),
)


class LedgerLists(Controller):
    """Lines of ledgers."""

    path = "/{tenant:str}/field/lines"

    @get("/", name="lines", permission=FieldRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The newest first; ledger, place, days and whose stand in the address."""
        wanted, asked = await filter_asked(ctx, request)
        cursor = paging.decode(request.query_params.get("after"), "u")
        withheld = await queries.ledgers_withheld(ctx)
        found = await queries.lines(ctx, wanted, withheld=withheld, cursor=cursor)
        rows, older = paging.cut(found, queries.PAGE, lambda last: (last.id,))
        node = await place_asked(ctx, asked["node"] or "", FieldRight.READ)
        return page(
            ctx,
            "fieldwork/lines.html",
            rows=await shown(ctx, request, rows),
            ledgers=ctx.policy.ever.ledgers,
            own_only=asked["ledger"] in withheld,
            wanted=wanted,
            asked=asked,
            node=node,
            older=url_of(ctx, request, "lines", **asked, after=older) if older else "",
            first=url_of(ctx, request, "lines", **asked) if cursor else "",
            may_export=ctx.actor.may(FieldRight.EXPORT),
        )

    @get("/export", name="lines_export", permission=FieldRight.EXPORT)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How much it would be, and for what."""
        return await ask_purpose(ctx, request, _asking)

    @post("/export", name="lines_export_file", permission=FieldRight.EXPORT)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The file: nothing that is sealed, nobody's diary, and nobody's patrols."""
        return await take_along(ctx, request, _asking, _taken)


async def filter_asked(
    ctx: Context, request: AnyRequest
) -> tuple[LineFilter, dict[str, str | None]]:
    """What the address asks for, as a filter and as parameters again."""
    given = request.query_params
    codes = {ledger.code for ledger in ctx.policy.ever.ledgers}
    ledger = given.get("ledger", "")
    node = await place_asked(ctx, given["node"], FieldRight.READ) if given.get("node") else None
    days = {name: _day(given.get(name, "")) for name in ("since", "until")}
    asked = {
        "ledger": ledger if ledger in codes else None,
        "q": given.get("q", "").strip()[:LONGEST_QUERY] or None,
        "node": str(node.id) if node else None,
        "mine": "1" if given.get("mine") else None,
        "open": "1" if given.get("open") else None,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }
    wanted = LineFilter(
        ledger=asked["ledger"] or "",
        text=asked["q"] or "",
        path=node.path if node else "",
        mine=bool(asked["mine"]),
        open=bool(asked["open"]),
        since=days["since"],
        until=days["until"],
    )
    return wanted, asked


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def _cells(ctx: Context, one: Shown) -> list[str]:
    return [
        minute(ctx, one.row.at),
        one.ledger,
        one.title,
        one.words,
        one.place,
        one.row.who,
        joined(case.code for case in one.cases),
        one.row.answer,
    ]


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    wanted, asked = await filter_asked(ctx, request)
    found = await queries.exportable_lines(ctx, wanted, most=MOST_EXPORTED)
    return Sheet(
        verb="ledger.exported",
        subject="ledger_list",
        details={"filter": asked},
        name=N_("网格台账"),
        columns=COLUMNS,
        lines=[_cells(ctx, one) for one in await shown(ctx, request, found[:MOST_EXPORTED])],
        more=len(found) > MOST_EXPORTED,
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    wanted, asked = await filter_asked(ctx, request)
    count = await queries.count_lines(ctx, wanted, most=MOST_EXPORTED)
    return Asking(
        title=N_("导出网格台账"),
        list=N_("台账"),
        back=url_of(ctx, request, "lines", **asked),
        count=count,
        note=N_("加密的内容和只给本人看的记录不在里面。"),
        most=MOST_EXPORTED,
    )
