"""What teams and units did, listed and kept."""

from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.queries.units import leaves_within
from gridgov.context import Context
from gridgov.files.actions import accept_photo
from gridgov.files.queries import photos_of
from gridgov.grid.queries.nodes import line_of, names_at
from gridgov.grid.queries.stepping import place_of, step_down
from gridgov.grid.rules.codes import parent_path
from gridgov.kernel import paging
from gridgov.kernel.errors import Conflict, Invalid, NotFound, TooLarge
from gridgov.kernel.ids import id_in
from gridgov.kernel.sentences import N_, Sentence
from gridgov.organisations.actions.teams import ACTIVITY_OWNER, keep_activity
from gridgov.organisations.queries import teams as queries
from gridgov.organisations.queries.meetings import meeting_seen
from gridgov.organisations.types import ActivityRow, OrganisationRight
from gridgov.organisations.web.teams import kind_names, team_name
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.forms import faults_of, read, typed, uploads
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

MOST_PHOTOS: Final = 6
PERIODS: Final = {
    "month": (N_("近一个月"), timedelta(days=30)),
    "quarter": (N_("近三个月"), timedelta(days=90)),
    "year": (N_("近一年"), timedelta(days=365)),
    "all": (N_("全部"), None),
}


class Keeping(msgspec.Struct):
    """What was done."""

    node: UUID
    on: date
    what: Annotated[str, msgspec.Meta(max_length=500)]
    took_part: int
    place: Annotated[str, msgspec.Meta(max_length=60)] = ""
    team: UUID | None = None
    meeting: UUID | None = None


class Activities(Controller):
    """What was done together."""

    path = "/{tenant:str}/activities"

    @get("/", name="activities", permission=OrganisationRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The newest first."""
        params = request.query_params
        place = await place_of(ctx, params.get("node", ""), OrganisationRight.READ)
        kind, period = _asked(ctx, request)
        cursor = paging.decode(params.get("after"), "tu")
        found = await queries.activities(
            ctx, path=place.path, kind=kind, since=_since(ctx, period), cursor=cursor
        )
        rows, older = paging.cut(found, queries.PAGE, lambda last: (last.on, last.id))
        return page(
            ctx,
            "organisations/activities.html",
            place=place,
            line=await line_of(ctx, place.path),
            units=await step_down(ctx, place),
            rows=rows,
            names=await names_at(ctx, [row.path for row in rows]),
            above=parent_path,
            kind=kind,
            kinds=kind_names(ctx),
            period=period,
            periods={code: name for code, (name, _) in PERIODS.items()},
            older=older,
            first=cursor is None,
            may_keep=ctx.actor.may(OrganisationRight.KEEP),
        )

    @get("/new", name="activity_new", permission=OrganisationRight.KEEP)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The form; a team, a unit or a meeting may be known already."""
        params = request.query_params
        values = {name: params.get(name, "") for name in ("node", "team", "meeting")}
        return await _form(ctx, {"on": ctx.today.isoformat(), **values})

    @post("/new", name="activity_keep", permission=OrganisationRight.KEEP)
    async def keep(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Keep it."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            asked = await read(request, Keeping)
            sent = await uploads(request, "photos")
            if len(sent) > MOST_PHOTOS:
                raise Invalid(fields={"photos": Sentence("最多传 {n} 张照片。", n=MOST_PHOTOS)})
            if asked.meeting is not None:
                await meeting_seen(ctx, asked.meeting)
            photos = [await accept_photo(ctx, data) for data in sent]
            activity_id = await keep_activity(
                ctx,
                asked.node,
                on=asked.on,
                what=asked.what,
                took_part=asked.took_part,
                place=asked.place,
                team_id=asked.team,
                meeting_id=asked.meeting,
                photos=[photo.id for photo in photos],
            )
        except (Invalid, Conflict, TooLarge) as fault:
            errors = faults_of(fault, otherwise="photos")
            return await _form(ctx, await typed(request), errors)
        to = url_of(ctx, request, "activity", activity_id=activity_id)
        return await done_once(ctx, request, to, said="活动已记下。")

    @get("/export", name="activities_export", permission=OrganisationRight.READ)
    async def ask_export(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How many lines, and what for."""
        return await ask_purpose(ctx, request, _asking)

    @post("/export", name="activities_export_file", permission=OrganisationRight.READ)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Activities as a spreadsheet."""
        return await take_along(ctx, request, _asking, _taken)

    @get("/{activity_id:uuid}", name="activity", permission=OrganisationRight.READ)
    async def one(self, ctx: Ctx, request: AnyRequest, activity_id: FromPath[UUID]) -> Page:
        """One activity with its photos."""
        row = await queries.activity_of(ctx, activity_id)
        if row is None:
            raise NotFound
        photos = [
            {
                "url": url_of(ctx, request, "file", file_id=photo, variant="display"),
                "thumb": url_of(ctx, request, "file", file_id=photo, variant="thumb"),
            }
            for photo in await photos_of(ctx, ACTIVITY_OWNER, activity_id)
        ]
        return page(
            ctx,
            "organisations/activity.html",
            row=row,
            team=team_name(ctx, row.kind, row.team_name or "") if row.kind else "",
            line=await line_of(ctx, row.path),
            photos=photos,
        )


def _asked(ctx: Context, request: AnyRequest) -> tuple[str, str]:
    params = request.query_params
    kind, period = params.get("kind", ""), params.get("period", "")
    return kind if kind in kind_names(ctx) else "", period if period in PERIODS else "quarter"


def _since(ctx: Context, period: str) -> date | None:
    length = PERIODS[period][1]
    return ctx.today - length if length is not None else None


async def _exported(ctx: Context, request: AnyRequest) -> list[ActivityRow]:
    code = request.query_params.get("node", "")
    place = await place_of(ctx, code, OrganisationRight.READ)
    kind, period = _asked(ctx, request)
    return await queries.activities(
        ctx,
        path=place.path,
        kind=kind,
        since=_since(ctx, period),
        limit=queries.MOST_EXPORTED,
    )


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    found = await _exported(ctx, request)
    rows = found[: queries.MOST_EXPORTED]
    names = await names_at(ctx, [row.path for row in rows])
    return Sheet(
        verb="activity.exported",
        subject="activity",
        name=N_("活动清单"),
        columns=(
            (N_("日期"), 12),
            (N_("上级"), 30),
            (N_("网格"), 24),
            (N_("队伍"), 24),
            (N_("地点"), 20),
            (N_("做了什么"), 50),
            (N_("参加人数"), 10),
        ),
        lines=[
            (
                row.on.isoformat(),
                names.get(parent_path(row.path), ""),
                row.node_name,
                team_name(ctx, row.kind, row.team_name or "") if row.kind else "",
                row.place,
                row.what,
                str(row.took_part),
            )
            for row in rows
        ],
        more=len(found) > queries.MOST_EXPORTED,
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    found = await _exported(ctx, request)
    kind, period = _asked(ctx, request)
    given = {
        "node": request.query_params.get("node") or None,
        "kind": kind or None,
        "period": period,
    }
    most = queries.MOST_EXPORTED
    return Asking(
        title=N_("导出活动清单"),
        list=N_("活动"),
        back=url_of(ctx, request, "activities", **given),
        count=len(found),
        most=most,
    )


async def _form(ctx: Context, values: dict[str, Any], errors: dict[str, str] | None = None) -> Page:
    paths = [scope.path for scope in ctx.actor.scopes(OrganisationRight.KEEP)]
    team = None
    if values.get("team"):
        team = await queries.team_seen(ctx, id_in(values["team"]))
        values = {**values, "node": str(team.node_id)}
    leaves = [] if team else await leaves_within(ctx, paths)
    return page(
        ctx,
        "organisations/activity_new.html",
        status_code=422 if errors else 200,
        team=team,
        name=team_name(ctx, team.kind, team.name) if team else "",
        leaves=leaves,
        most=MOST_PHOTOS,
        values={"meeting": ""} | values,
        errors=errors or {},
    )
