"""Teams by unit, and the page of one."""

from collections import defaultdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of, names_at, node_seen
from gridgov.grid.queries.stepping import place_of, step_down
from gridgov.grid.rules.codes import parent_path
from gridgov.grid.types import GridRight
from gridgov.kernel import paging
from gridgov.kernel.sentences import N_
from gridgov.organisations.actions import teams as actions
from gridgov.organisations.queries import teams as queries
from gridgov.organisations.types import OrganisationRight, TeamRow
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.forms import read
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS = (Slot(page="node", route="node_teams", title=N_("队伍和活动"), order=14),)


class Forming(msgspec.Struct):
    """A team, begun."""

    kind: Annotated[str, msgspec.Meta(max_length=40)]
    node: UUID
    on: date | None = None
    name: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Teams(Controller):
    """Teams beside the grid."""

    path = "/{tenant:str}/teams"

    @get("/", name="teams", permission=OrganisationRight.READ)
    async def board(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Every unit with its teams."""
        params = request.query_params
        place = await place_of(ctx, params.get("node", ""), OrganisationRight.READ)
        kinds = ctx.policy.county.team_kinds
        level = kinds[0].level if kinds else ""
        cursor = paging.decode(params.get("after"), "s")
        found = await queries.units_with_teams(ctx, place.path, level, cursor)
        shown, older = paging.cut(found, queries.PAGE, lambda last: (last.path,))
        there: defaultdict[tuple[UUID, str], list[TeamRow]] = defaultdict(list)
        for team in await queries.teams_on(ctx, [node.id for node in shown]):
            there[team.node_id, team.kind].append(team)
        return page(
            ctx,
            "organisations/teams.html",
            place=place,
            line=await line_of(ctx, place.path),
            units=await step_down(ctx, place),
            kinds=[kind for kind in kinds if kind.level == level],
            nodes=shown,
            names=await names_at(ctx, [node.path for node in shown]),
            above=parent_path,
            there=there,
            older=older,
            first=cursor is None,
            may_keep=ctx.actor.may(OrganisationRight.KEEP),
        )

    @post("/", name="team_form", permission=OrganisationRight.KEEP)
    async def form(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Form a team."""
        if first := await once(ctx, request):
            return done(request, first)
        asked = await read(request, Forming)
        team_id = await actions.form_team(
            ctx, asked.kind, asked.node, on=asked.on or ctx.today, name=asked.name
        )
        to = url_of(ctx, request, "team", team_id=team_id)
        return await done_once(ctx, request, to, said="队伍成立了。接着登记队员。")

    @get("/export", name="teams_export", permission=OrganisationRight.READ)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How many lines, and what for."""
        return await ask_purpose(ctx, request, _asking)

    @post("/export", name="teams_export_file", permission=OrganisationRight.READ)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Teams as a spreadsheet, without anybody's name."""
        return await take_along(ctx, request, _asking, _taken)

    @get("/at/{node_id:uuid}", name="node_teams", permission=GridRight.READ)
    async def at_node(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The teams of a unit and what was done there lately, for the unit's page."""
        node = await node_seen(ctx, node_id)
        return part(
            ctx,
            request,
            "organisations/_node.html",
            title=node.name,
            back=url_of(ctx, request, "node", node_id=node.id),
            node=node,
            teams=await queries.teams_on(ctx, [node.id]),
            kind_names=kind_names(ctx),
            activities=await queries.activities(ctx, path=node.path, limit=3),
            may_keep=ctx.actor.may(OrganisationRight.KEEP, path=node.path),
        )


def kind_names(ctx: Context) -> dict[str, str]:
    """What the county calls each kind of team."""
    return {kind.code: kind.name for kind in ctx.policy.ever.team_kinds}


def team_name(ctx: Context, kind: str, name: str) -> str:
    """What a team is called."""
    return name or kind_names(ctx).get(kind, kind)


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    code = request.query_params.get("node", "")
    place = await place_of(ctx, code, OrganisationRight.READ)
    found = await queries.teams_below(ctx, place.path)
    rows = found[: queries.MOST_EXPORTED]
    names = await names_at(ctx, [team.path for team in rows])
    return Sheet(
        verb="team.exported",
        subject="team",
        details={"node": place.code},
        name=N_("队伍清单"),
        columns=(
            (N_("上级"), 30),
            (N_("网格"), 24),
            (N_("队伍"), 24),
            (N_("人数"), 8),
            (N_("近三个月活动"), 14),
            (N_("最近活动"), 14),
        ),
        lines=[
            (
                names.get(parent_path(team.path), ""),
                team.node_name,
                team_name(ctx, team.kind, team.name),
                str(team.members),
                str(team.acted),
                team.last_on.isoformat() if team.last_on else N_("没有记录"),
            )
            for team in rows
        ],
        more=len(found) > queries.MOST_EXPORTED,
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    code = request.query_params.get("node", "")
    place = await place_of(ctx, code, OrganisationRight.READ)
    found = await queries.teams_below(ctx, place.path)
    most = queries.MOST_EXPORTED
    return Asking(
        title=N_("导出队伍清单"),
        list=N_("队伍"),
        back=url_of(ctx, request, "teams", node=code or None),
        count=len(found),
        note=N_("清单里没有队员的姓名和电话。"),
        most=most,
    )
