"""A year in the county on one page."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.assessment.rules.periods import period_of
from gridgov.compliance.types import ABOUT
from gridgov.context import Context
from gridgov.contract.declarations import ASSUMPTION
from gridgov.kernel.errors import Conflict, Invalid, Refusal
from gridgov.kernel.sentences import joined
from gridgov.web.forms import faults_of, read, typed, unplaced
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, Urls, url_of
from gridgov.yearly.actions import YEARS_OFF, tick_duty, untick_duty
from gridgov.yearly.queries.records import RECORDS, Records, waiting
from gridgov.yearly.queries.year import tasks
from gridgov.yearly.types import Standing, Waiting, YearlyRight


class Ticking(msgspec.Struct):
    """What was done when."""

    duty: Annotated[str, msgspec.Meta(max_length=40)]
    year: int
    done_on: date
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class YearPage(Controller):
    """Duties that come round every year."""

    path = "/{tenant:str}/yearly"

    @get("/", name="yearly", permission=YearlyRight.TICK)
    async def show(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The duties of a year with how each stands."""
        asked = str(request.query_params.get("year", ""))
        return await _show(ctx, _year_of(asked) or ctx.today.year)

    @get("/records/{records:str}", name="yearly_records", permission=YearlyRight.TICK)
    async def records(self, ctx: Ctx, request: AnyRequest, records: FromPath[str]) -> Page:
        """The records behind one number of the year."""
        urls: Urls = request.app.state.urls
        year = _year_of(request.query_params.get("year", "")) or ctx.today.year
        cursor = request.query_params.get("after", "")
        rows, older = await waiting(ctx, records, year, cursor=cursor)
        named = RECORDS[records]
        opens = urls.opens(ctx, named.route)
        here: dict[str, str | int] = {"records": records, "year": year}
        return page(
            ctx,
            "yearly/records.html",
            records=named,
            year=year,
            rows=[
                (
                    row,
                    _opened(urls, ctx, named, row) if opens and row.opens else "",
                    _named(ctx, records, row),
                    _placed(ctx, records, row),
                )
                for row in rows
            ],
            older=urls.url(ctx.tenant.slug, "yearly_records", **here, after=older) if older else "",
            newest=urls.url(ctx.tenant.slug, "yearly_records", **here) if cursor else "",
        )

    @post("/", permission=YearlyRight.TICK)
    async def tick(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Tick one off."""
        if first := await once(ctx, request):
            return done(request, first)
        given = await typed(request)
        try:
            form = await read(request, Ticking)
            await tick_duty(ctx, form.duty, form.year, done_on=form.done_on, note=form.note)
        except (Invalid, Conflict) as fault:
            year = str(given.get("year", ""))
            asked = _year_of(year) or ctx.today.year
            return await _show(ctx, asked, values=given, fault=fault)
        to = _address(ctx, request, form.year)
        return await done_once(ctx, request, to, said="已登记。")

    @post("/ticks/{tick_id:uuid}/undo", name="yearly_undo", permission=YearlyRight.TICK)
    async def undo(self, ctx: Ctx, request: AnyRequest, tick_id: FromPath[UUID]) -> Response[Any]:
        """It was ticked off by mistake."""
        year = await untick_duty(ctx, tick_id)
        return done(request, _address(ctx, request, year), said="已撤回，这一项又算没办。")


async def _show(
    ctx: Context,
    asked: int,
    *,
    values: dict[str, Any] | None = None,
    fault: Refusal | None = None,
) -> Page:
    this = ctx.today.year
    years = range(this - YEARS_OFF, this + YEARS_OFF + 1)
    year = asked if asked in years else this
    found = await tasks(ctx, year)
    roles = {role.code: role.name for role in ctx.policy.ever.roles}
    return page(
        ctx,
        "yearly/year.html",
        status_code=fault.status if fault else 200,
        tasks=found,
        whose={
            task.duty.code: joined(roles.get(code, code) for code in task.duty.by) for task in found
        },
        year=year,
        years=years,
        left=sum(task.standing is not Standing.DONE for task in found),
        assumption=ASSUMPTION,
        values={"done_on": ctx.today.isoformat()} | (values or {}),
        errors=faults_of(fault),
        refused=unplaced(fault),
    )


def _opened(urls: Urls, ctx: Context, records: Records, row: Waiting) -> str:
    params = {records.key: row.opens} if records.key else {}
    return urls.url(ctx.tenant.slug, records.route, **params)


def _named(ctx: Context, kind: str, row: Waiting) -> str:
    """The county's word for what a record has as a code."""
    county = ctx.policy.ever
    roles = {one.code: one.name for one in county.roles}
    words = {
        "bindings": roles,
        "leavers": roles,
        "members": {one.code: one.name for one in county.team_kinds},
        "stories": {one.code: one.name for one in county.honours},
        "reviews": {one.code: one.name for one in county.reviews},
        "begun": {one.code: one.name for one in county.reviews},
        "switches": {str(switch): about.name for switch, about in ABOUT.items()},
    }
    return words.get(kind, {}).get(row.title, row.title)


def _placed(ctx: Context, kind: str, row: Waiting) -> str:
    """Where or of when a record is: reviews are of a period, which has a code."""
    period = period_of(row.place, ctx.today) if kind in {"reviews", "begun"} else None
    return period.name if period else row.place


def _address(ctx: Context, request: AnyRequest, year: int) -> str:
    return url_of(ctx, request, "yearly", year=year)


def _year_of(typed: object) -> int:
    """The year in an address or a form; 0 for what is none."""
    said = str(typed)
    return int(said) if len(said) == 4 and said.isdecimal() else 0  # noqa: PLR2004
