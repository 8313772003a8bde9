"""Figures with their definitions beside them, and the records that they count."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.assessment.queries import honours as honour_queries
from gridgov.assessment.queries import reviews as review_queries
from gridgov.assessment.queries.figures import counted, measure_of, records_of
from gridgov.assessment.rules.periods import period_of
from gridgov.assessment.types import AssessmentRight, Evaluation, NominationState, ReviewRow
from gridgov.assessment.web.showing import (
    Shown,
    figures_of,
    in_words,
    names_of,
    period_asked,
    periods_offered,
    place_asked,
    sheet_named,
    shown,
    usual,
)
from gridgov.cases.queries.units import units
from gridgov.compliance.queries import is_on
from gridgov.context import Context
from gridgov.contract.compliance import Switch
from gridgov.grid.queries.nodes import node_seen
from gridgov.kernel.errors import NotFound
from gridgov.kernel.sentences import N_
from gridgov.web.exporting import Asking, ask_purpose, take_along
from gridgov.web.exporting import Sheet as Spreadsheet
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, Urls, url_of

SLOTS = (Slot(page="node", route="node_sheets", title="本季度做了什么", order=40),)
_LATEST = 3


class Figures(Controller):
    """What was done, in numbers that open their records."""

    path = "/{tenant:str}/assessment"

    @get("/", name="assessment", permission=AssessmentRight.READ)
    async def overview(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The county's headline figures, its sheets, the latest reviews and honours."""
        urls: Urls = request.app.state.urls
        place = place_asked(ctx, request)
        sheets = [
            await shown(ctx, urls, sheet, usual(ctx, sheet), place=place)
            for sheet in ctx.policy.county.sheets
        ]
        reviews = await review_queries.reviews(ctx)
        honoured = await honour_queries.nominations(ctx, leading=False)
        return page(
            ctx,
            "assessment/overview.html",
            sheets=sheets,
            reviews=[(one, review_queries.title_of(ctx, one)) for one in reviews[:_LATEST]],
            honoured=[one for one in honoured if one.state == NominationState.PUBLISHED][:_LATEST],
            honours={honour.code: honour.name for honour in ctx.policy.ever.honours},
        )

    @get("/sheets/{sheet:str}", name="sheet", permission=AssessmentRight.READ)
    async def sheet(self, ctx: Ctx, request: AnyRequest, sheet: FromPath[str]) -> Page:
        """One sheet of a place and a period, and of each unit below.

        Units stand in the order of their codes; in that of a figure only while ranking is on.
        """
        urls: Urls = request.app.state.urls
        asked = sheet_named(ctx, sheet)
        place, period = place_asked(ctx, request), period_asked(ctx, request, asked)
        found = await shown(ctx, urls, asked, period, place=place)
        ranking = await is_on(ctx, Switch.RANKING)
        if ranking:
            found = found.ranked_by(request.query_params.get("by", ""))
        return page(
            ctx,
            "assessment/sheet_printed.html"
            if request.query_params.get("print") == "1"
            else "assessment/sheet.html",
            shown=found,
            ranking=ranking,
            periods=periods_offered(ctx),
            back=urls.url(
                ctx.tenant.slug, "sheet", sheet=asked.code, place=place, period=period.code
            ),
        )

    @get("/figures/{figure:str}", name="figure", permission=AssessmentRight.READ)
    async def figure(self, ctx: Ctx, request: AnyRequest, figure: FromPath[str]) -> Page:
        """The records that a figure counts: the same selection as the number."""
        urls: Urls = request.app.state.urls
        kept = await _counted(ctx, request)
        rules = review_queries.rules_of(ctx, kept[1]) if kept else ctx.policy.ever
        known = {one.code: one for one in rules.figures}
        if figure not in known:
            raise NotFound
        asked = known[figure]
        measure = measure_of(asked)
        period = period_of(request.query_params.get("period", "all"), ctx.today)
        if measure is None or period is None:
            raise NotFound
        place = place_asked(ctx, request)
        cursor = request.query_params.get("after", "")
        rows, older = await records_of(ctx, asked, period, place, cursor=cursor)
        counts = await counted(ctx, [asked], period, place)
        places = await units(ctx, [place, *(row.path for row in rows)])
        line = places.line(place)
        here = {"figure": figure, "place": place, "period": period.code}
        if kept:
            here["review"] = str(kept[0].id)
        return page(
            ctx,
            "assessment/figure.html",
            figure=asked,
            period=period,
            where=line[-1].name if line else "",
            counted=kept
            and {
                "review": kept[0],
                "title": review_queries.title_of(ctx, kept[0]),
                "evaluation": kept[1],
                "amount": kept[1].units.under(figure, place),
            },
            total=counts.under(asked.code, place) or 0,
            chosen=_choices(ctx),
            rows=[
                (
                    row,
                    names_of(places, row.path, place),
                    urls.url(ctx.tenant.slug, measure.route, **{measure.key: row.opens})
                    if urls.opens(ctx, measure.route)
                    else "",
                )
                for row in rows
            ],
            older=urls.url(ctx.tenant.slug, "figure", **here, after=older) if older else "",
            newest=urls.url(ctx.tenant.slug, "figure", **here) if cursor else "",
        )

    @get("/at/{node_id:uuid}", name="node_sheets", permission=AssessmentRight.READ)
    async def at_node(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The sheets of a place for its page: this quarter, nothing to type twice."""
        urls: Urls = request.app.state.urls
        node = await node_seen(ctx, node_id)
        if not ctx.actor.may(AssessmentRight.READ, path=node.path):
            raise NotFound
        sheets = [
            await shown(ctx, urls, sheet, usual(ctx, sheet), place=node.path)
            for sheet in ctx.policy.county.sheets
            if sheet.base
        ]
        return part(
            ctx,
            request,
            "assessment/_node.html",
            title=node.name,
            back=urls.url(ctx.tenant.slug, "node", node_id=node.id),
            sheets=sheets,
            node=node,
        )


class SheetExport(Controller):
    """A sheet as a spreadsheet."""

    path = "/{tenant:str}/assessment/sheets/{sheet:str}/export"

    @get("/", name="sheet_export", permission=AssessmentRight.READ)
    async def ask(self, ctx: Ctx, request: AnyRequest, sheet: FromPath[str]) -> Page:
        """What it would hold, and for what."""
        return await ask_purpose(ctx, request, _asking, sheet)

    @post("/", name="sheet_export_file", permission=AssessmentRight.READ)
    async def file(self, ctx: Ctx, request: AnyRequest, sheet: FromPath[str]) -> Response[Any]:
        """The file: a line for each unit, the definitions below."""
        return await take_along(ctx, request, _asking, _taken, sheet)


def _choices(ctx: Context) -> dict[str, str]:
    """What may be chosen in a ledger: a line that is called so is said in the reader's language."""
    ledgers = ctx.policy.ever.ledgers
    lists = [ledger.items for ledger in ledgers]
    lists += [field.choices for ledger in ledgers for field in ledger.fields]
    return {str(word): word for one in lists for _, word in one}


async def _counted(ctx: Context, request: AnyRequest) -> tuple[ReviewRow, Evaluation] | None:
    """The review whose number was opened, and its newest computation."""
    try:
        review_id = UUID(request.query_params.get("review", ""))
    except ValueError:
        return None
    review = await review_queries.review_of(ctx, review_id)
    computed = await review_queries.evaluations(ctx, review_id)
    return (review, computed[0]) if computed and computed[0].has_units else None


def _columns(found: Shown) -> list[tuple[str, int]]:
    return [(N_("地方"), 24), *((cell.figure.name, 16) for cell in found.cells)]


def _lines(ctx: Context, found: Shown) -> list[list[str]]:
    here = [found.where, *(in_words(cell.amount) for cell in found.cells)]
    below = [[row.unit.name, *(in_words(cell.amount) for cell in row.cells)] for row in found.rows]
    figures = figures_of(ctx, tuple(cell.figure.code for cell in found.cells))
    return [here, *below, [], *([figure.name, figure.definition] for figure in figures)]


async def _found(ctx: Context, request: AnyRequest, sheet: str) -> Shown:
    urls: Urls = request.app.state.urls
    asked = sheet_named(ctx, sheet)
    period = period_asked(ctx, request, asked)
    return await shown(ctx, urls, asked, period, place=place_asked(ctx, request))


async def _asking(ctx: Context, request: AnyRequest, sheet: str) -> Asking:
    found = await _found(ctx, request, sheet)
    here = {"sheet": sheet, "place": found.place, "period": found.period.code}
    return Asking(
        title=N_("导出指标表"),
        list=found.sheet.name,
        back=url_of(ctx, request, "sheet", **here),
        count=len(found.rows) + 1,
    )


async def _taken(ctx: Context, request: AnyRequest, sheet: str) -> Spreadsheet:
    found = await _found(ctx, request, sheet)
    return Spreadsheet(
        verb="sheet.exported",
        subject="sheet",
        details={"code": sheet, "period": found.period.code},
        name=found.sheet.name,
        columns=_columns(found),
        lines=_lines(ctx, found),
    )
