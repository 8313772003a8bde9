"""The page of one team: who is in it, what it did, its end."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.sentences import N_
from gridgov.organisations.actions import teams as actions
from gridgov.organisations.queries import teams as queries
from gridgov.organisations.types import OrganisationRight, TeamRow
from gridgov.organisations.web.teams import kind_names, team_name
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_SHOWN: Final = 10
WAYS: Final[tuple[tuple[str, str, str], ...]] = (
    ("unnamed", N_("只写人数"), N_("不写姓名，多数时候够用")),
    ("staff", N_("工作人员"), N_("填工号")),
    ("resident", N_("居民"), N_("本人同意才写姓名")),
)


class Joining(msgspec.Struct):
    """Somebody who is taken in; ``how`` says which of the fields count."""

    how: str
    role: Annotated[str, msgspec.Meta(max_length=30)]
    number: Annotated[str, msgspec.Meta(max_length=30)] = ""
    count: int = 0
    name: Annotated[str, msgspec.Meta(max_length=30)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=20)] = ""
    consent_on: date | None = None


class Ending(msgspec.Struct):
    """The form that ends a team."""

    on: date


class Why(msgspec.Struct):
    """What a name is looked at for."""

    purpose: Annotated[str, msgspec.Meta(min_length=2, max_length=100)]


class OneTeam(Controller):
    """A team."""

    path = "/{tenant:str}/teams"

    @get("/{team_id:uuid}", name="team", permission=OrganisationRight.READ)
    async def team(self, ctx: Ctx, team_id: FromPath[UUID]) -> Page:
        """One team."""
        return await _team(ctx, team_id)

    @post("/{team_id:uuid}/members", name="team_join", permission=OrganisationRight.KEEP)
    async def join(self, ctx: Ctx, request: AnyRequest, team_id: FromPath[UUID]) -> Response[Any]:
        """Take somebody in."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            asked = await read(request, Joining)
            match asked.how:
                case "staff":
                    await actions.add_staff(ctx, team_id, asked.number, role=asked.role)
                case "unnamed":
                    await actions.add_unnamed(ctx, team_id, role=asked.role, count=asked.count)
                case "resident":
                    await actions.add_resident(
                        ctx,
                        team_id,
                        role=asked.role,
                        name=asked.name,
                        phone=asked.phone,
                        consent_on=asked.consent_on,
                    )
                case _:
                    raise Invalid(fields={"how": "请选怎么登记。"})
        except (Invalid, Conflict) as fault:
            return await _team(ctx, team_id, values=await typed(request), fault=fault)
        to = url_of(ctx, request, "team", team_id=team_id)
        return await done_once(ctx, request, to, said="已登记。")

    @post(
        "/{team_id:uuid}/members/{member_id:uuid}/remove",
        name="team_leave",
        permission=OrganisationRight.KEEP,
    )
    async def leave(
        self, ctx: Ctx, request: AnyRequest, team_id: FromPath[UUID], member_id: FromPath[UUID]
    ) -> Response[Any]:
        """Let somebody go; a resident's name and phone are deleted."""
        await actions.remove_member(ctx, team_id, member_id)
        to = url_of(ctx, request, "team", team_id=team_id)
        return done(request, to, said="已退出。登记过的姓名和电话已删除。")

    @post(
        "/{team_id:uuid}/members/{member_id:uuid}/reveal",
        name="team_reveal",
        permission=OrganisationRight.REVEAL,
    )
    async def reveal(
        self, ctx: Ctx, request: AnyRequest, team_id: FromPath[UUID], member_id: FromPath[UUID]
    ) -> Page:
        """A resident's name and phone, in this answer only, for a reason that is written down."""
        try:
            given = await read(request, Why)
            shown = await actions.reveal_member(ctx, team_id, member_id, purpose=given.purpose)
        except Invalid as fault:
            values = {**await typed(request), "revealing": str(member_id)}
            return await _team(ctx, team_id, values=values, fault=fault)
        return await _team(ctx, team_id, revealed={member_id: shown})

    @post("/{team_id:uuid}/end", name="team_end", permission=OrganisationRight.KEEP)
    async def end(self, ctx: Ctx, request: AnyRequest, team_id: FromPath[UUID]) -> Response[Any]:
        """End it; what it did stays."""
        try:
            asked = await read(request, Ending)
            await actions.end_team(ctx, team_id, on=asked.on)
        except (Invalid, Conflict) as fault:
            return await _team(ctx, team_id, values=await typed(request), fault=fault)
        return done(request, url_of(ctx, request, "team", team_id=team_id), said="已解散。")


def _ways(ctx: Context, team: TeamRow) -> list[tuple[str, str, str]]:
    """How somebody is taken in. By name: staff, and residents where the kind of team lets them."""
    unnamed = any(one.unnamed for one in ctx.policy.county.team_kinds if one.code == team.kind)
    return [way for way in WAYS if way[0] != "resident" or not unnamed]


async def _team(
    ctx: Context,
    team_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    fault: Invalid | Conflict | None = None,
    revealed: dict[UUID, tuple[str, str]] | None = None,
) -> Page:
    team = await queries.team_seen(ctx, team_id)
    activities = await queries.activities(ctx, team_id=team_id, limit=_SHOWN)
    return page(
        ctx,
        "organisations/team.html",
        status_code=fault.status if fault else 200,
        team=team,
        name=team_name(ctx, team.kind, team.name),
        line=await line_of(ctx, team.path),
        members=await queries.members_of(ctx, team_id),
        revealed=revealed or {},
        activities=activities[:_SHOWN],
        kind_names=kind_names(ctx),
        may_keep=ctx.actor.may(OrganisationRight.KEEP, path=team.path) and team.ended_on is None,
        ways=_ways(ctx, team),
        may_reveal=ctx.actor.may(OrganisationRight.REVEAL, path=team.path),
        today=ctx.today,
        values={"how": "unnamed", "on": ctx.today.isoformat()} | (values or {}),
        errors=faults_of(fault, otherwise="how"),
    )
