"""Inspection campaigns: the list, making one, how far one is, summing it up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.contract.fieldwork import CampaignKind
from gridgov.fieldwork.actions.campaigning import Planned, close_campaign, make_campaign
from gridgov.fieldwork.queries import campaigns as queries
from gridgov.fieldwork.rules import campaign_of
from gridgov.fieldwork.types import CampaignRow, FieldRight, Progress
from gridgov.grid.queries.nodes import line_of, names_at
from gridgov.grid.queries.stepping import place_asked
from gridgov.grid.rules.codes import at_depth, depth_of
from gridgov.grid.types import NodeRow
from gridgov.kernel import paging
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Making(msgspec.Struct):
    """The form of a campaign."""

    name: Annotated[str, msgspec.Meta(max_length=40)]
    first_on: date
    last_on: date
    node: UUID
    document: Annotated[str, msgspec.Meta(max_length=60)] = ""
    uses: list[str] = []
    places: list[UUID] = []
    chosen: str = ""
    checks: Annotated[str, msgspec.Meta(max_length=2500)] = ""


class Summing(msgspec.Struct):
    """The form that sums one up."""

    summary: Annotated[str, msgspec.Meta(max_length=1000)] = ""


@dataclass(frozen=True, slots=True)
class Covered:
    """How far a campaign is in one unit."""

    path: str
    name: str
    progress: Progress


class Campaigns(Controller):
    """Campaigns."""

    path = "/{tenant:str}/campaigns"

    @get("/", name="campaigns", permission=FieldRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Those that reach to where the actor works, the newest first."""
        cursor = paging.decode(request.query_params.get("after"), "u")
        found = await queries.campaigns(ctx, cursor=cursor)
        rows, older = paging.cut(found, queries.PAGE, lambda last: (last.id,))
        return page(
            ctx,
            "fieldwork/campaigns.html",
            rows=rows,
            kinds=kinds_of(ctx),
            progress=await queries.progress(ctx, [one.id for one in rows]),
            places=await names_at(ctx, [one.node_path for one in rows]),
            older=url_of(ctx, request, "campaigns", after=older) if older else "",
            first=url_of(ctx, request, "campaigns") if cursor else "",
        )

    @get("/new", name="campaign_new", permission=FieldRight.CAMPAIGN)
    async def new(self, ctx: Ctx, request: AnyRequest) -> Page:
        """First into what, then where, and the rest, filled in as far as the county declares it."""
        asked = request.query_params.get("kind", "")
        declared = ctx.policy.county.campaigns
        if asked not in {kind.code for kind in declared}:
            return page(ctx, "fieldwork/campaign_kinds.html", kinds=declared)
        kind = campaign_of(declared, asked)
        values = {
            "checks": "\n".join(line for _, line in kind.lines),
            "uses": list(kind.uses),
            "first_on": ctx.today.isoformat(),
            "node": request.query_params.get("node", ""),
        }
        return await _new(ctx, kind, values)

    @post("/new/{kind:str}", name="campaign_make", permission=FieldRight.CAMPAIGN)
    async def make(self, ctx: Ctx, request: AnyRequest, kind: FromPath[str]) -> Response[Any]:
        """Make it with its targets."""
        if first := await once(ctx, request):
            return done(request, first)
        declared = campaign_of(ctx.policy.county.campaigns, kind)
        try:
            given = await read(request, Making)
            planned = Planned(
                kind=kind,
                name=given.name,
                document=given.document,
                node_id=given.node,
                first_on=given.first_on,
                last_on=given.last_on,
                checks=given.checks,
                uses=given.uses,
                places=given.places if given.chosen else None,
            )
            campaign_id = await make_campaign(ctx, planned)
        except (Invalid, NotAllowed) as fault:
            return await _new(ctx, declared, await typed(request), fault)
        to = url_of(ctx, request, "campaign", campaign_id=campaign_id)
        return await done_once(
            ctx, request, to, said="已安排，网格员在“巡查走访”里就能看到自己要查的。"
        )

    @get("/{campaign_id:uuid}", name="campaign", permission=FieldRight.READ)
    async def campaign(self, ctx: Ctx, campaign_id: FromPath[UUID]) -> Page:
        """How far it is: figures, map, what was found wanting."""
        return await _campaign(ctx, campaign_id)

    @post("/{campaign_id:uuid}/close", name="campaign_close", permission=FieldRight.CAMPAIGN)
    async def close(
        self, ctx: Ctx, request: AnyRequest, campaign_id: FromPath[UUID]
    ) -> Response[Any]:
        """Sum it up."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Summing)
            await close_campaign(ctx, campaign_id, summary=given.summary)
        except (Invalid, Conflict) as fault:
            return await _campaign(ctx, campaign_id, await typed(request), fault)
        to = url_of(ctx, request, "campaign_report", campaign_id=campaign_id)
        return await done_once(ctx, request, to, said="已总结，可以打印或导出。")


def kinds_of(ctx: Context) -> dict[str, str]:
    """What the county calls its kinds of campaigns, by code."""
    return {kind.code: kind.name for kind in ctx.policy.ever.campaigns}


async def covered(ctx: Context, campaign: CampaignRow) -> list[Covered]:
    """How far the campaign is in each unit below the one that made it, in the order of the tree.

    Units with a desk are named, for a desk can be asked: towns of the county, villages of a town.
    """
    by_path = await queries.progress_by_path(ctx, campaign.id)
    depth = _depth(ctx, campaign)
    summed: dict[str, Progress] = {}
    for path, one in by_path.items():
        unit = at_depth(path, depth)
        known = summed.get(unit, Progress())
        summed[unit] = Progress(
            known.todo + one.todo,
            known.fine + one.fine,
            known.away + one.away,
            known.hazard + one.hazard,
        )
    names = await names_at(ctx, summed)
    return [Covered(path, names.get(path, ""), summed[path]) for path in sorted(summed)]


def _depth(ctx: Context, campaign: CampaignRow) -> int:
    top = depth_of(campaign.node_path)
    levels = list(ctx.policy.levels.values())
    return next((n for n, one in enumerate(levels, 1) if n > top and one.desk), len(levels))


def level_shown(ctx: Context, campaign: CampaignRow) -> str:
    """The level of the units that :func:`covered` tells apart."""
    return list(ctx.policy.levels)[_depth(ctx, campaign) - 1]


async def _new(
    ctx: Context,
    kind: CampaignKind,
    values: Mapping[str, Any],
    fault: Invalid | NotAllowed | None = None,
) -> Page:
    node = await place_asked(ctx, str(values.get("node", "")), FieldRight.CAMPAIGN)
    total, below = await queries.choices_below(ctx, kind, node)
    every = [str(one.id) for one in below]
    uses = {use.code: use.name for use in ctx.policy.county.building_uses}
    errors = faults_of(fault, otherwise="node")
    return page(
        ctx,
        "fieldwork/campaign_new.html",
        status_code=fault.status if fault else 200,
        kind=kind,
        node=node,
        line=[one for one in await line_of(ctx, node.path) if _may(ctx, one)],
        total=total,
        below=below,
        uses=[(use, uses[use]) for use in kind.uses if use in uses],
        values={"places": [] if "chosen" in values else every} | dict(values),
        errors=errors,
    )


def _may(ctx: Context, node: NodeRow) -> bool:
    return ctx.actor.may(FieldRight.CAMPAIGN, path=node.path)


async def _campaign(
    ctx: Context,
    campaign_id: UUID,
    values: Mapping[str, Any] | None = None,
    fault: Invalid | Conflict | None = None,
) -> Page:
    found = await queries.campaign_seen(ctx, campaign_id)
    errors = faults_of(fault, otherwise="summary")
    names = await names_at(ctx, [found.node_path])
    return page(
        ctx,
        "fieldwork/campaign.html",
        status_code=fault.status if fault else 200,
        campaign=found,
        kind=kinds_of(ctx).get(found.kind, found.kind),
        place=names.get(found.node_path, ""),
        progress=(await queries.progress(ctx, [found.id]))[found.id],
        units=await covered(ctx, found),
        failed=await queries.failed_checks(ctx, found.id),
        arisen=await queries.cases_of_campaign(ctx, found.id),
        may_close=found.closed_at is None
        and ctx.actor.may(FieldRight.CAMPAIGN, path=found.node_path),
        may_export=ctx.actor.may(FieldRight.EXPORT),
        values=values or {},
        errors=errors,
    )
