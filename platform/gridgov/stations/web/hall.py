"""The hall: its zones with people and queue, and what is run as one."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from gridgov.cases.queries.platforms import open_by_light
from gridgov.cases.queries.worklist import OPEN, CaseFilter, departments_of, worklist
from gridgov.cases.types import LIGHTS, CaseRight
from gridgov.context import Context
from gridgov.contract.stations import Seat, Shift, Zone
from gridgov.grid.types import GridRight
from gridgov.kernel.errors import NotFound
from gridgov.stations.actions.numbers import zone_of
from gridgov.stations.actions.places import workplace
from gridgov.stations.queries.halls import desks_of, holders_of_roles, numbers_of, turns_of
from gridgov.stations.queries.places import desk_name, station_seen
from gridgov.stations.queries.queues import zones_ever, zones_of
from gridgov.stations.rules import shift_now, shifts_on
from gridgov.stations.types import NumberState, StationRight, StationRow, Turn
from gridgov.stations.web.showing import Now, case_rows, duty_name, hall_tabs, now_in, seats_of
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import AnyRequest, Urls, url_of


class Hall(Controller):
    """A hall and its zones."""

    path = "/{tenant:str}/stations/{node_id:uuid}"

    @get("/hall", name="hall", permission=GridRight.READ)
    async def hall(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """Every zone with what waits there, and who is on duty at the seats.

        Who may not read cases is shown no figures of them, rather than none.
        """
        row = await hall_seen(ctx, node_id)
        zones = zones_of(ctx, row)
        counts = await open_by_light(
            ctx, [queue_of(zone) for zone in zones], among=CaseFilter(desk=row.path)
        )
        numbers = await numbers_of(ctx, node_id)
        return page(
            ctx,
            "stations/hall.html",
            row=row,
            name=desk_name(ctx, row),
            tabs=hall_tabs(ctx, request, node_id, "hall"),
            zones=[
                {
                    "zone": zone,
                    "url": url_of(ctx, request, "zone", node_id=node_id, zone=zone.code)
                    if ctx.actor.may(CaseRight.READ, path=row.path)
                    else "",
                    "open": sum(lights.values()),
                    "late": lights.get("red", 0),
                    "waiting": sum(
                        number.zone == zone.code and number.state is NumberState.WAITING
                        for number in numbers
                    ),
                }
                for zone, lights in zip(zones, counts, strict=True)
            ],
            seats=await on_duty(ctx, row, await now_in(ctx)),
        )

    @get("/zones/{zone:str}", name="zone", permission=CaseRight.READ)
    async def zone(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], zone: FromPath[str]
    ) -> Page:
        """One zone: what it is for, who serves there, and its queue, the soonest due first."""
        row = await hall_seen(ctx, node_id)
        declared = zone_of(ctx.policy.ever.zones, zone, row.level)
        after = str(request.query_params.get("after", ""))
        wanted = replace(queue_of(declared), desk=row.path, ends=OPEN)
        found = await worklist(ctx, wanted, after)
        departments = await departments_of(ctx, [one.id for one in found.rows])
        (lights,) = await open_by_light(ctx, [queue_of(declared)], among=CaseFilter(desk=row.path))
        here: dict[str, Any] = {"node_id": node_id, "zone": zone}
        return page(
            ctx,
            "stations/zone.html",
            row=row,
            name=desk_name(ctx, row),
            zone=declared,
            tabs=hall_tabs(ctx, request, node_id, "hall"),
            others=[
                {
                    "label": one.name,
                    "url": url_of(ctx, request, "zone", node_id=node_id, zone=one.code),
                    "current": one.code == zone,
                }
                for one in zones_of(ctx, row)
            ],
            lights=[(light, lights[light]) for light in LIGHTS if lights.get(light)],
            total=sum(lights.values()),
            rows=case_rows(ctx, request, found.rows, departments),
            first=url_of(ctx, request, "zone", **here) if after else "",
            older=url_of(ctx, request, "zone", **here, after=found.next) if found.next else "",
            seats=[
                one
                for one in await on_duty(ctx, row, await now_in(ctx))
                if one["seat"].code in declared.seats
            ],
            staff=_by_role(ctx, row, await holders_of_roles(ctx, node_id, declared.roles)),
        )

    @get("/together", name="joints", permission=GridRight.READ)
    async def joints(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """What several centres run as one, each with the pages on which it is done."""
        row = await hall_seen(ctx, node_id)
        urls: Urls = request.app.state.urls
        groups: dict[str, list[dict[str, Any]]] = {}
        for joint in ctx.policy.county.joints:
            links = [
                (label, urls.url(ctx.tenant.slug, name, **_where(name, node_id)))
                for label, name in joint.pages
                if urls.opens(ctx, name)
            ]
            groups.setdefault(joint.group, []).append({"joint": joint, "links": links})
        return page(
            ctx,
            "stations/joints.html",
            row=row,
            name=desk_name(ctx, row),
            tabs=hall_tabs(ctx, request, node_id, "joints"),
            groups=groups,
        )


_AT_NODE: Final = {"station", "hall", "duty", "hall_numbers", "hall_window", "hall_screens"}


def _where(name: str, node_id: UUID) -> dict[str, UUID]:
    """Pages of this hall are named without saying which: it is the one that is looked at."""
    return {"node_id": node_id} if name in _AT_NODE else {}


def _by_role(
    ctx: Context, row: StationRow, holders: Sequence[tuple[str, str]]
) -> list[tuple[str, list[str]]]:
    """Each role's name with those who hold it."""
    found: dict[str, list[str]] = {}
    for role, name in holders:
        called = ctx.policy.roles[role].name
        found.setdefault(called, []).append(duty_name(ctx, name, row.path))
    return list(found.items())


async def hall_seen(ctx: Context, node_id: UUID, right: StationRight | None = None) -> StationRow:
    """The working place, if it has a hall and the actor may see it, and holds ``right`` there."""
    row = await workplace(ctx, node_id, right) if right else await station_seen(ctx, node_id)
    if not zones_ever(ctx, row):
        raise NotFound("这里没有服务大厅。")
    return row


def queue_of(zone: Zone) -> CaseFilter:
    """Which cases at the hall's desk belong to the zone."""
    return CaseFilter(states=zone.states, categories=zone.categories, kinds=zone.kinds)


async def on_duty(ctx: Context, row: StationRow, now: Now) -> list[dict[str, Any]]:
    """Every seat with its phone and who sits there now; a seat may be vacant, or at rest."""
    today = ctx.today
    yesterday = today - timedelta(days=1)
    turns = await turns_of(ctx, row.id, yesterday, today)
    desks = await desks_of(ctx, row.id)
    begun, lasting = shift_now(ctx.policy.ever.shifts, now.at)
    return [
        {
            "seat": seat,
            "desk": desks.get(seat.code),
            "shifts": running,
            "names": [
                duty_name(ctx, turn.name, row.path)
                for turn in turns
                if turn.seat == seat.code and _runs(turn, begun if turn.day == today else lasting)
            ],
        }
        for seat in seats_shown(ctx, row, turns)
        for running in (_running(ctx, seat, begun, now),)
    ]


def seats_shown(ctx: Context, row: StationRow, turns: Collection[Turn]) -> list[Seat]:
    """The seats of the hall at this place, and those of before at which somebody has a turn."""
    now = {seat.code for seat in seats_of(ctx, row)}
    taken = {turn.seat for turn in turns}
    return [seat for seat in ctx.policy.ever.seats if seat.code in now | taken]


def _running(ctx: Context, seat: Seat, begun: list[Shift], now: Now) -> list[Shift]:
    """The seat's shifts that began today and run now."""
    kept = {shift.code for shift in shifts_on(seat, ctx.policy.county.shifts, working=now.working)}
    return [shift for shift in begun if shift.code in kept]


def _runs(turn: Turn, shifts: list[Shift]) -> bool:
    return any(turn.shift == shift.code for shift in shifts)
