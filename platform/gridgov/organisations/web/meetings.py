"""Meetings: the agenda before, the minutes after, and each item's way to a case."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.contract.organisations import MeetingKind
from gridgov.grid.queries.nodes import line_of
from gridgov.grid.queries.stepping import place_of, step_down
from gridgov.grid.types import NodeRow
from gridgov.kernel import paging
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.sentences import N_
from gridgov.organisations.actions import meetings as actions
from gridgov.organisations.queries import meetings as queries
from gridgov.organisations.queries.teams import activities
from gridgov.organisations.rules import changed, comes_round, words_of
from gridgov.organisations.types import ITEM, Item, OrganisationRight, Reason
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

REASONS: Final = {
    Reason.CARRIED: N_("上次没议完"),
    Reason.RAISED: N_("会上提出"),
    Reason.OVERDUE: N_("已超期"),
    Reason.YELLOW: N_("将到期"),
    Reason.RETURNED: N_("被退回过"),
    Reason.PASSED_UP: N_("已上报上级"),
}
"""What the pages call them, in the order in which they are talked about."""
LIGHTS: Final = {Reason.OVERDUE: "red", Reason.YELLOW: "yellow"}
YEARS: Final = range(2000, 2200)
_SOON: Final = timedelta(hours=1)
"""The next full hour: to a meeting that lies ahead people are asked."""
_SHOWN: Final = 5
"""Of one kind so many stand open; the others are folded away."""


class Calling(msgspec.Struct):
    """When and where."""

    kind: Annotated[str, msgspec.Meta(max_length=40)]
    at: Annotated[str, msgspec.Meta(max_length=30)]
    place: Annotated[str, msgspec.Meta(max_length=60)] = ""


class Raising(msgspec.Struct):
    """Something else to talk about."""

    title: Annotated[str, msgspec.Meta(max_length=100)]


class Minutes(msgspec.Struct):
    """What was said, and who came."""

    minutes: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    present: list[str] = []
    done: list[UUID] = []


class Meetings(Controller):
    """Meetings of the units."""

    path = "/{tenant:str}/meetings"

    @get("/", name="meetings", permission=OrganisationRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The newest first, and whether one is due here."""
        return await _list(ctx, request)

    @post("/", name="meeting_call", permission=OrganisationRight.MEET)
    async def call(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Call one; its agenda fills itself."""
        if first := await once(ctx, request):
            return done(request, first)
        place = await place_of(ctx, request.query_params.get("node", ""), OrganisationRight.READ)
        try:
            asked = await read(request, Calling)
            at = moment(ctx, asked.at)
            meeting_id = await actions.call_meeting(
                ctx,
                asked.kind,
                place.id,
                at=at,
                place=asked.place,
                link=f"{url_of(ctx, request, 'meetings')}/{{id}}",
            )
        except Invalid as fault:
            return await _list(ctx, request, values=await typed(request), errors=fault.fields)
        to = url_of(ctx, request, "meeting", meeting_id=meeting_id)
        said = (
            N_("会议通知已发给应到的人。议题按未办结的事自动列好了，可以增减。")
            if at >= ctx.now
            else N_("开过的会补登好了，没有发通知。现在可以写记录。")
        )
        return await done_once(ctx, request, to, said=said)

    @get("/{meeting_id:uuid}", name="meeting", permission=OrganisationRight.READ)
    async def one(self, ctx: Ctx, request: AnyRequest, meeting_id: FromPath[UUID]) -> Page:
        """The record of one; ``edit`` opens what was kept to be mended."""
        return await _one(ctx, meeting_id, edit="edit" in request.query_params)

    @get("/{meeting_id:uuid}/sheet", name="meeting_sheet", permission=OrganisationRight.READ)
    async def sheet(self, ctx: Ctx, request: AnyRequest, meeting_id: FromPath[UUID]) -> Page:
        """To print: the agenda before, the minutes after."""
        meeting = await queries.meeting_seen(ctx, meeting_id)
        return page(
            ctx,
            "organisations/meeting_sheet.html",
            meeting=meeting,
            kind=kind_name(ctx, meeting.kind),
            items=[one for _, group in await _agenda(ctx, meeting_id) for one in group],
            reasons=REASONS,
            posts=ctx.policy.posts_ever,
            back=url_of(ctx, request, "meeting", meeting_id=meeting_id),
        )

    @post("/{meeting_id:uuid}/items", name="meeting_raise", permission=OrganisationRight.MEET)
    async def raise_item(
        self, ctx: Ctx, request: AnyRequest, meeting_id: FromPath[UUID]
    ) -> Response[Any]:
        """Put something on the agenda."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            asked = await read(request, Raising)
            await actions.raise_item(ctx, meeting_id, title=asked.title)
        except Invalid as fault:
            return await _one(ctx, meeting_id, values=await typed(request), errors=fault.fields)
        to = url_of(ctx, request, "meeting", meeting_id=meeting_id)
        return await done_once(ctx, request, to, said="议题加上了。")

    @post("/matters/{matter_id:uuid}/drop", name="meeting_drop", permission=OrganisationRight.MEET)
    async def drop(self, ctx: Ctx, request: AnyRequest, matter_id: FromPath[UUID]) -> Response[Any]:
        """Take something off the agenda."""
        meeting, _ = await queries.item_seen(ctx, matter_id)
        await actions.drop_item(ctx, matter_id)
        to = url_of(ctx, request, "meeting", meeting_id=meeting.id)
        return done(request, to, said="这次不议了。")

    @post("/{meeting_id:uuid}/minutes", name="meeting_keep", permission=OrganisationRight.MEET)
    async def keep(
        self, ctx: Ctx, request: AnyRequest, meeting_id: FromPath[UUID]
    ) -> Response[Any]:
        """Keep the minutes."""
        values = await typed(request)
        try:
            asked = await read(request, Minutes)
            await actions.keep_minutes(
                ctx,
                meeting_id,
                minutes=asked.minutes,
                present=asked.present,
                resolutions={
                    item.id: str(values.get(f"resolution-{item.id}", item.resolution))
                    for item in await queries.items_of(ctx, meeting_id)
                },
                done=asked.done,
            )
        except (Invalid, Conflict) as fault:
            errors = faults_of(fault, otherwise="minutes")
            return await _one(ctx, meeting_id, values=values, errors=errors)
        to = url_of(ctx, request, "meeting", meeting_id=meeting_id)
        return done(request, to, said="记录已保存。没议完的事会自动列入下一次会议。")


def moment(ctx: Context, said: str) -> datetime:
    """A moment as a browser writes it, in the county's zone."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        raise Invalid(fields={"at": "日期不对，请重新选择。"}) from error
    if at.year not in YEARS:
        raise Invalid(fields={"at": "日期不对，请重新选择。"})
    return at.replace(tzinfo=ctx.tenant.zone)


def kind_name(ctx: Context, code: str) -> str:
    """What the county calls a kind of meeting."""
    names = {kind.code: kind.name for kind in ctx.policy.ever.meeting_kinds}
    return names.get(code, code)


async def _agenda(ctx: Context, meeting_id: UUID) -> list[tuple[Reason, list[Item]]]:
    """The items by why they are there, the most pressing first within each."""
    found = await queries.items_of(ctx, meeting_id)
    groups = [(reason, [one for one in found if one.reason == reason]) for reason in REASONS]
    return [(reason, group) for reason, group in groups if group]


async def _list(
    ctx: Context,
    request: AnyRequest,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    params = request.query_params
    place = await place_of(ctx, params.get("node", ""), OrganisationRight.READ)
    known = {kind.code: kind.name for kind in ctx.policy.ever.meeting_kinds}
    kind = params.get("kind", "") if params.get("kind", "") in known else ""
    cursor = paging.decode(params.get("after"), "du")
    found = await queries.meetings(ctx, path=place.path, kind=kind, cursor=cursor)
    rows, older = paging.cut(found, queries.PAGE, lambda last: (last.at, last.id))
    callable_here = [
        one
        for one in ctx.policy.county.meeting_kinds
        if place.level in one.levels and not one.on_case
    ]
    may = ctx.actor.may(OrganisationRight.MEET, path=place.path)
    return page(
        ctx,
        "organisations/meetings.html",
        status_code=422 if errors else 200,
        place=place,
        line=await line_of(ctx, place.path),
        units=await step_down(ctx, place),
        rows=rows,
        kind=kind,
        kinds=known,
        callable=callable_here if may else [],
        due=await _due(ctx, place, callable_here),
        most=queries.MOST_MATTERS,
        older=older,
        first=cursor is None,
        values={"at": f"{ctx.tenant.local(ctx.now + _SOON):%Y-%m-%dT%H:00}"} | (values or {}),
        errors=errors or {},
    )


async def _due(ctx: Context, place: NodeRow, kinds: list[MeetingKind]) -> list[dict[str, Any]]:
    """When each regular kind was last held here, and when it comes round again."""
    told: list[dict[str, Any]] = []
    for kind in kinds:
        if kind.every_days:
            held = await queries.last_meeting(ctx, place.id, kind.code)
            last = held[1] if held else None
            told.append(
                {
                    "name": kind.name,
                    "days": kind.every_days,
                    "last": last,
                    "next": comes_round(kind, last),
                }
            )
    return told


async def _one(
    ctx: Context,
    meeting_id: UUID,
    *,
    edit: bool = False,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    meeting = await queries.meeting_seen(ctx, meeting_id)
    given = dict(values or {})
    for name in ("present", "done"):
        if isinstance(given.get(name), str):
            given[name] = [given[name]]
    may_meet = ctx.actor.may(OrganisationRight.MEET, path=meeting.path) and meeting.case_id is None
    begun = meeting.at <= ctx.now
    agenda = await _agenda(ctx, meeting_id)
    items = [one for _, group in agenda for one in group]
    said = {one.id: one.resolution for one in items}
    return page(
        ctx,
        "organisations/meeting.html",
        status_code=422 if errors else 200,
        meeting=meeting,
        kind=kind_name(ctx, meeting.kind),
        line=await line_of(ctx, meeting.path),
        agenda=agenda,
        shown=_SHOWN,
        items=items,
        activities=await activities(ctx, meeting_id=meeting_id),
        earlier=changed(meeting.earlier, words_of(meeting.minutes, said)),
        reasons=REASONS,
        lights=LIGHTS,
        posts=ctx.policy.posts_ever,
        about=ITEM,
        begun=begun,
        may_meet=may_meet,
        writing=may_meet and begun and (edit or "minutes" in given or not meeting.held),
        values=given,
        errors=errors or {},
    )
