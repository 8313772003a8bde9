"""The targets of a campaign as a worker goes through them, one after the other."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.fieldwork.actions.campaigning import look_at_target
from gridgov.fieldwork.queries import campaigns as queries
from gridgov.fieldwork.types import TARGET, CampaignRow, FieldRight, TargetRow, TargetState
from gridgov.fieldwork.web.showing import device_time, place_in_words
from gridgov.grid.queries.nodes import names_at
from gridgov.kernel import paging
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Finding(msgspec.Struct):
    """How it went at a target. ``failed`` are the places of the lines that were found wanting.

    Whoever ticks one of them need not say besides that it is a hazard.
    """

    state: TargetState | None = None
    failed: list[int] = []
    note: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Targets(Controller):
    """Targets."""

    path = "/{tenant:str}/campaigns"

    @get("/{campaign_id:uuid}/targets", name="targets", permission=FieldRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest, campaign_id: FromPath[UUID]) -> Page:
        """What is to look at, and how it went; by state and place."""
        campaign = await queries.campaign_seen(ctx, campaign_id)
        given = request.query_params
        state = given.get("state", "")
        state = state if state in set(TargetState) else ""
        path = given.get("place", "")
        path = path if path.startswith(campaign.node_path) and path.endswith(".") else ""
        cursor = paging.decode(given.get("after"), "su")
        found = await queries.targets(ctx, campaign_id, path=path, state=state, cursor=cursor)
        rows, after = paging.cut(found, queries.PAGE, lambda last: (last.node_path, last.id))
        asked = {"campaign_id": campaign_id, "state": state or None, "place": path or None}
        older = url_of(ctx, request, "targets", **asked, after=after) if after else ""
        names = await names_at(ctx, [row.node_path for row in rows])
        return page(
            ctx,
            "fieldwork/targets.html",
            campaign=campaign,
            rows=rows,
            places={row.id: place_in_words(names, row.node_path) for row in rows},
            cases=await queries.cases_of_targets(ctx, [row.id for row in rows]),
            progress=(await queries.progress(ctx, [campaign_id]))[campaign_id],
            state=state,
            path=path,
            older=older,
            first=url_of(ctx, request, "targets", **asked) if cursor else "",
        )

    @get("/targets/{target_id:uuid}", name="target", permission=FieldRight.READ)
    async def target(self, ctx: Ctx, target_id: FromPath[UUID]) -> Page:
        """One target with the checklist."""
        found = await queries.target_seen(ctx, target_id)
        return await _target(ctx, found)

    @post("/targets/{target_id:uuid}", name="target_look", permission=FieldRight.RECORD)
    async def look(self, ctx: Ctx, request: AnyRequest, target_id: FromPath[UUID]) -> Response[Any]:
        """Keep how it went; a hazard stays on the page, to become a case with one tap."""
        if first := await once(ctx, request):
            return done(request, first)
        found = await queries.target_seen(ctx, target_id)
        values = await typed(request)
        try:
            given = await read(request, Finding)
            kept = await look_at_target(
                ctx,
                target_id,
                given.state,
                failed=given.failed,
                note=given.note,
                device_at=device_time(values),
            )
        except (Invalid, Conflict) as fault:
            return await _target(ctx, found, values, fault)
        if kept is TargetState.HAZARD:
            to = url_of(ctx, request, "target", target_id=target_id)
            said = (
                "已记下隐患。能当场改的当场改；要办的，在这里一键上报。"
                if given.state is kept
                else "勾了不合格的，按“有隐患”记下了；勾错了，去掉勾再记一次。"
            )
        else:
            to = url_of(ctx, request, "targets", campaign_id=found.campaign_id, state="todo")
            said = "已记下，接着查下一处。"
        return await done_once(ctx, request, to, said=said)


async def _target(
    ctx: Context,
    target: TargetRow,
    values: Mapping[str, Any] | None = None,
    fault: Invalid | Conflict | None = None,
) -> Page:
    campaign = await queries.campaign_seen(ctx, target.campaign_id)
    names = await names_at(ctx, [target.node_path])
    errors = faults_of(fault, otherwise="state")
    kept: dict[str, Any] = {
        "state": "" if target.state == TargetState.TODO else target.state,
        "failed": [str(place) for place in target.failed],
        "note": target.note,
    }
    open_now = campaign.closed_at is None and campaign.first_on <= ctx.today
    return page(
        ctx,
        "fieldwork/target.html",
        status_code=fault.status if fault else 200,
        target=target,
        campaign=campaign,
        place=place_in_words(names, target.node_path),
        cases=(await queries.cases_of_targets(ctx, [target.id]))[target.id],
        report=_report(ctx, campaign, target, names),
        may_look=open_now and ctx.actor.may(FieldRight.RECORD, path=target.node_path),
        checks=[(str(place), words) for place, words in enumerate(campaign.checks)],
        values=values or kept,
        errors=errors,
    )


def _report(
    ctx: Context, campaign: CampaignRow, target: TargetRow, names: Mapping[str, str]
) -> dict[str, str] | None:
    """What the form of a case is filled in with."""
    if target.state != TargetState.HAZARD or not ctx.actor.may(CaseRight.REPORT):
        return None
    found = [campaign.checks[place] for place in target.failed if place < len(campaign.checks)]
    return {
        "about": f"{TARGET}:{target.id}",
        "node": str(target.node_id),
        "category": campaign.category,
        "place": target.name[:60] if target.building_id else names.get(target.node_path, ""),
        "description": "\n".join([*(f"- {words}" for words in found), target.note]).strip(),
    }
