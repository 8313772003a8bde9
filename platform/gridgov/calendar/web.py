"""The year on a page: which days work and why, what the county itself has closed."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.calendar import actions
from gridgov.calendar.lookup import (
    calendar_for,
    closures,
    days_of_year,
    horizon,
    loads,
    office_hours,
)
from gridgov.calendar.rules import year_on_a_page
from gridgov.calendar.types import CalendarRight, DayKind
from gridgov.context import Context
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_BAD = 422


class Closing(msgspec.Struct):
    """The form of a closure."""

    day: date
    reason: Annotated[str, msgspec.Meta(max_length=200)]
    document: Annotated[str, msgspec.Meta(max_length=100)]


class Reopening(msgspec.Struct):
    """The form that takes a closure back."""

    document: Annotated[str, msgspec.Meta(max_length=100)]


class CalendarPages(Controller):
    """The working days of a county."""

    path = "/{tenant:str}/calendar"

    @get("/", name="calendar", permission=CalendarRight.READ)
    async def show(self, ctx: Ctx, request: AnyRequest) -> Page:
        """A year, this one unless another is asked for."""
        return await _year(ctx, request)

    @post("/closures", name="calendar_close", permission=CalendarRight.CHANGE)
    async def close(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Close a day."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            form = await read(request, Closing)
            await actions.close_day(ctx, form.day, reason=form.reason, document=form.document)
        except Invalid as fault:
            return await _year(
                ctx, request, status=_BAD, values=await typed(request), errors=fault.fields
            )
        to = url_of(ctx, request, "calendar", year=form.day.year)
        return await done_once(
            ctx, request, to, said="已登记停止办公；还没办结的事件，时限随后重算。"
        )

    @get("/closures/{closure_id:uuid}", name="calendar_closure", permission=CalendarRight.CHANGE)
    async def closure(self, ctx: Ctx, closure_id: FromPath[UUID]) -> Page:
        """One closure, and the form that takes it back."""
        return await _closure(ctx, closure_id)

    @post("/closures/{closure_id:uuid}", name="calendar_reopen", permission=CalendarRight.CHANGE)
    async def reopen(
        self, ctx: Ctx, request: AnyRequest, closure_id: FromPath[UUID]
    ) -> Response[Any]:
        """Take it back."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            form = await read(request, Reopening)
            await actions.reopen_day(ctx, closure_id, document=form.document)
        except Invalid as fault:
            return await _closure(
                ctx, closure_id, status=_BAD, values=await typed(request), errors=fault.fields
            )
        to = url_of(ctx, request, "calendar")
        return await done_once(ctx, request, to, said="已恢复办公；还没办结的事件，时限随后重算。")


async def _year(ctx: Context, request: AnyRequest, *, status: int = 200, **form: Any) -> Page:
    today = ctx.today
    calendar = await calendar_for(ctx)
    asked = request.query_params.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == len("2027") else today.year
    if not calendar.first.year <= year <= calendar.last.year:
        raise NotFound
    special = await ctx.session.execute(days_of_year(year))
    names = {day: (DayKind(kind), name) for day, kind, name in special}
    hours, assumed = office_hours(ctx)
    known = (await ctx.session.execute(loads(year))).first()
    return page(
        ctx,
        "calendar/year.html",
        status_code=status,
        year=year,
        today=today,
        years=[
            n for n in (year - 1, year, year + 1) if calendar.first.year <= n <= calendar.last.year
        ],
        months=year_on_a_page(calendar, year, names=names, today=today),
        horizon=await horizon(ctx),
        load=known,
        closures=(await ctx.session.execute(closures())).all(),
        hours=hours,
        hours_assumed=assumed,
        may_change=ctx.actor.may(CalendarRight.CHANGE),
        **form,
    )


async def _closure(ctx: Context, closure_id: UUID, *, status: int = 200, **form: Any) -> Page:
    rows = (await ctx.session.execute(closures())).all()
    found = next((row for row in rows if row.id == closure_id), None)
    if found is None:
        raise NotFound
    return page(ctx, "calendar/closure.html", status_code=status, closure=found, **form)
