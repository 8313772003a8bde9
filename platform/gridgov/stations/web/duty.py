"""The duty roster of a hall: a week on a page, a seat's week in a form, and on paper."""

from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.calendar.lookup import calendar_for, days_of_year
from gridgov.context import Context
from gridgov.contract.stations import Seat
from gridgov.grid.types import GridRight
from gridgov.kernel.errors import Invalid
from gridgov.kernel.sentences import Sentence
from gridgov.stations.actions.duty import (
    copied,
    copy_week,
    field_of,
    plan_week,
    save_seat,
    seat_of,
)
from gridgov.stations.actions.places import workplace
from gridgov.stations.queries.halls import MOST_CANDIDATES, candidates, desks_of, turns_of
from gridgov.stations.queries.places import desk_name
from gridgov.stations.rules import WEEK, shifts_on, week_of
from gridgov.stations.types import StationRight, StationRow, Turn
from gridgov.stations.web.hall import hall_seen, seats_shown
from gridgov.stations.web.showing import duty_name, hall_tabs
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_FAR: Final = 400
_LONGEST: Final = 20


class AboutSeat(msgspec.Struct):
    """What the form says of the seat itself, beside who sits there when."""

    phone: Annotated[str, msgspec.Meta(max_length=40)] = ""
    place: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Duty(Controller):
    """Who is on duty, by day and shift."""

    path = "/{tenant:str}/stations/{node_id:uuid}/duty"

    @get("/", name="duty", permission=GridRight.READ)
    async def roster(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The week of the address, this one unless another is asked for; gaps are shown."""
        row = await hall_seen(ctx, node_id)
        return page(
            ctx,
            "stations/duty.html",
            **await week_shown(ctx, request, row),
            tabs=hall_tabs(ctx, request, node_id, "duty"),
            may_plan=ctx.actor.may(StationRight.ROSTER, path=row.path),
        )

    @get("/sheet", name="duty_sheet", permission=GridRight.READ)
    async def sheet(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The same on paper, to be pinned up."""
        row = await hall_seen(ctx, node_id)
        shown = await week_shown(ctx, request, row)
        back = url_of(ctx, request, "duty", node_id=node_id, week=shown["week"])
        return page(ctx, "stations/duty_sheet.html", **shown, back=back)

    @post("/copy", name="duty_copy", permission=StationRight.ROSTER)
    async def copy(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Response[Any]:
        """Fill what is vacant as it was the week before."""
        if first := await once(ctx, request):
            return done(request, first)
        await hall_seen(ctx, node_id)
        day = _day(ctx, request)
        count = await copy_week(ctx, node_id, day)
        to = url_of(ctx, request, "duty", node_id=node_id, week=day.isoformat())
        return await done_once(ctx, request, to, said=copied(count))

    @get("/{seat:str}", name="duty_seat", permission=StationRight.ROSTER)
    async def seat(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], seat: FromPath[str]
    ) -> Page:
        """A seat's week, its phone and its place, to be written down."""
        row = await workplace(ctx, node_id, StationRight.ROSTER)
        return await _seat(ctx, request, row, seat_of(ctx, seat, row.level))

    @post("/{seat:str}", name="duty_plan", permission=StationRight.ROSTER)
    async def plan(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], seat: FromPath[str]
    ) -> Response[Any]:
        """Put people on duty for the week."""
        if first := await once(ctx, request):
            return done(request, first)
        row = await hall_seen(ctx, node_id, StationRight.ROSTER)
        declared, day = seat_of(ctx, seat, row.level), _day(ctx, request)
        given = await typed(request)
        try:
            await plan_week(ctx, node_id, seat, day=day, chosen=_chosen(given))
            about = await read(request, AboutSeat)
            await save_seat(ctx, node_id, seat, phone=about.phone, place=about.place)
        except Invalid as fault:
            return await _seat(ctx, request, row, declared, values=given, errors=fault.fields)
        to = url_of(ctx, request, "duty", node_id=node_id, week=day.isoformat())
        return await done_once(
            ctx, request, to, said=Sentence("{seat}这一周的班已保存。", seat=declared.name)
        )


def _chosen(given: dict[str, Any]) -> dict[tuple[date, str], UUID]:
    """The slots that somebody was chosen for: fields are called 2026-11-27.day."""
    chosen: dict[tuple[date, str], UUID] = {}
    faults: dict[str, str] = {}
    for name, value in given.items():
        day, dot, shift = name.partition(".")
        if not dot or not value:
            continue
        try:
            chosen[date.fromisoformat(day), shift] = UUID(str(value))
        except ValueError:
            faults[name] = "没有这一项，请重新选择。"
    if faults:
        raise Invalid(fields=faults)
    return chosen


def _day(ctx: Context, request: AnyRequest) -> date:
    """A day of the week that the address asks for."""
    try:
        asked = date.fromisoformat(request.query_params.get("week", ""))
    except ValueError:
        return ctx.today
    return asked if abs((asked - ctx.today).days) <= _FAR else ctx.today


async def week_shown(ctx: Context, request: AnyRequest, row: StationRow) -> dict[str, Any]:
    """The roster of a week: by seat and shift a cell for each day."""
    day = _day(ctx, request)
    week = week_of(day)
    calendar = await calendar_for(ctx)
    special = await ctx.session.execute(days_of_year(week[0].year))
    names = {one: name for one, _, name in special}
    turns = await turns_of(ctx, row.id, week[0], week[-1])
    known = {(turn.day, turn.seat, turn.shift): turn for turn in turns}
    desks = await desks_of(ctx, row.id)
    days: list[dict[str, Any]] = [
        {
            "day": one,
            "working": calendar.is_working(one),
            "name": names.get(one, ""),
            "today": one == ctx.today,
            "provisional": calendar.is_provisional(one),
        }
        for one in week
    ]
    seats: list[dict[str, Any]] = [
        {
            "seat": seat,
            "desk": desks.get(seat.code),
            "lines": _lines(ctx, row, seat, days=days, known=known),
            "edit": url_of(
                ctx,
                request,
                "duty_seat",
                node_id=row.id,
                seat=seat.code,
                week=week[0].isoformat(),
            )
            if seat in ctx.policy.county.seats
            else "",
        }
        for seat in seats_shown(ctx, row, turns)
    ]

    def at(when: date) -> str:
        return url_of(ctx, request, "duty", node_id=row.id, week=when.isoformat())

    return {
        "row": row,
        "name": desk_name(ctx, row),
        "days": days,
        "seats": seats,
        "week": week[0].isoformat(),
        "gaps": sum(
            cell["gap"] for seat in seats for line in seat["lines"] for cell in line["cells"]
        ),
        "before": at(week[0] - timedelta(days=WEEK)),
        "after": at(week[0] + timedelta(days=WEEK)),
        "now_url": at(ctx.today),
        "urls": {
            name: url_of(ctx, request, name, node_id=row.id, week=week[0].isoformat())
            for name in ("duty_sheet", "duty_copy", "duty_export")
        },
    }


def _lines(
    ctx: Context,
    row: StationRow,
    seat: Seat,
    *,
    days: list[dict[str, Any]],
    known: dict[tuple[date, str, str], Turn],
) -> list[dict[str, Any]]:
    asked = ctx.policy.county.shifts if seat in ctx.policy.county.seats else ()
    kept = {
        day["day"]: {shift.code for shift in shifts_on(seat, asked, working=day["working"])}
        for day in days
    }
    taken = {code for _, at, code in known if at == seat.code}
    lines: list[dict[str, Any]] = []
    for shift in ctx.policy.ever.shifts:
        if shift.code not in taken and not (shift in asked and shift.code in seat.shifts):
            continue
        cells: list[dict[str, Any]] = []
        for day in days:
            turn = known.get((day["day"], seat.code, shift.code))
            none = shift.code not in kept[day["day"]] and turn is None
            cells.append(
                {
                    "day": day["day"],
                    "none": none,
                    "gap": not none and turn is None,
                    "name": duty_name(ctx, turn.name, row.path) if turn else "",
                    "staff_id": turn.staff_id if turn else None,
                    "field": field_of((day["day"], shift.code)),
                    "today": day["today"],
                }
            )
        lines.append({"shift": shift, "cells": cells})
    return lines


async def _seat(
    ctx: Context,
    request: AnyRequest,
    row: StationRow,
    seat: Seat,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    shown = await week_shown(ctx, request, row)
    (mine,) = (one for one in shown["seats"] if one["seat"].code == seat.code)
    words = request.query_params.get("q", "").strip()[:_LONGEST]
    found = await candidates(ctx, row.id, seat, words=words)
    sitting = list({c["staff_id"] for one in mine["lines"] for c in one["cells"] if c["staff_id"]})
    listed = found[:MOST_CANDIDATES]
    there = {one for one, *_ in listed}
    people = listed + [
        one
        for one in (await candidates(ctx, row.id, seat, among=sitting) if sitting else ())
        if one[0] not in there
    ]
    desk = mine["desk"]
    known = {
        cell["field"]: str(cell["staff_id"])
        for line in mine["lines"]
        for cell in line["cells"]
        if cell["staff_id"]
    }
    known |= {"phone": desk.phone if desk else "", "place": desk.place if desk else ""}
    return page(
        ctx,
        "stations/duty_seat.html",
        status_code=422 if errors else 200,
        **shown,
        mine=mine,
        people=[(str(one), f"{name} {title}".strip()) for one, name, title in people],
        words=words,
        cut=MOST_CANDIDATES if len(found) > MOST_CANDIDATES else 0,
        here=url_of(ctx, request, "duty_seat", node_id=row.id, seat=seat.code),
        action=url_of(
            ctx, request, "duty_plan", node_id=row.id, seat=seat.code, week=shown["week"]
        ),
        back=url_of(ctx, request, "duty", node_id=row.id, week=shown["week"]),
        values=values or known,
        errors=errors or {},
    )
