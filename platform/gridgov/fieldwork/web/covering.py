"""How far a campaign is: as shapes of a map, as a report on paper, as a spreadsheet."""

from math import ceil
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.fieldwork.actions.campaigning import MOST_TARGETS
from gridgov.fieldwork.queries import campaigns as queries
from gridgov.fieldwork.types import FieldRight, Progress, TargetRow, TargetState
from gridgov.fieldwork.web.campaigns import covered, kinds_of, level_shown
from gridgov.fieldwork.web.showing import place_in_words
from gridgov.grid.queries.nodes import names_at
from gridgov.grid.queries.shapes import shapes_below
from gridgov.kernel.sentences import N_, joined
from gridgov.web.exporting import Asking, Sheet, ask_purpose, minute, take_along
from gridgov.web.guard import Ctx
from gridgov.web.maps import drawing
from gridgov.web.pages import Page, page, say_to
from gridgov.web.urls import AnyRequest, url_of

_GRADES: Final = 5
COLUMNS: Final = (
    (N_("排查对象"), 26),
    (N_("地方"), 26),
    (N_("情况"), 12),
    (N_("哪些不合格"), 50),
    (N_("说明"), 40),
    (N_("谁查的"), 22),
    (N_("什么时候"), 17),
    (N_("由此上报的事件"), 24),
)
STATES: Final = {
    TargetState.TODO: N_("还没查"),
    TargetState.FINE: N_("没有隐患"),
    TargetState.AWAY: N_("没有人在"),
    TargetState.HAZARD: N_("有隐患"),
}


class Covering(Controller):
    """What is told of a campaign as a whole."""

    path = "/{tenant:str}/campaigns/{campaign_id:uuid}"

    @get("/shapes", name="campaign_shapes", permission=FieldRight.READ)
    async def shapes(
        self, ctx: Ctx, request: AnyRequest, campaign_id: FromPath[UUID]
    ) -> Response[bytes]:
        """The units as GeoJSON, the fuller the more of their targets were looked at."""
        campaign = await queries.campaign_seen(ctx, campaign_id)
        known = {one.path: one.progress for one in await covered(ctx, campaign)}
        say = say_to(request)
        features: list[dict[str, Any]] = []
        for shape in await shapes_below(ctx, campaign.node_path, level_shown(ctx, campaign)):
            progress = known.get(shape.node.path)
            words = say(N_("这里没有要查的"))
            if progress is not None:
                words = say("查了 {n} / {m}", n=progress.done, m=progress.total)
            properties = {
                "name": shape.node.name,
                "words": words,
                "grade": _grade(progress),
                "url": url_of(
                    ctx, request, "targets", campaign_id=campaign_id, place=shape.node.path
                ),
            }
            features.append(
                {
                    "type": "Feature",
                    "id": str(shape.node.id),
                    "properties": properties,
                    "geometry": shape.geometry,
                }
            )
        return drawing(features)

    @get("/report", name="campaign_report", permission=FieldRight.READ)
    async def report(self, ctx: Ctx, request: AnyRequest, campaign_id: FromPath[UUID]) -> Page:
        """The report as a sheet."""
        campaign = await queries.campaign_seen(ctx, campaign_id)
        names = await names_at(ctx, [campaign.node_path])
        return page(
            ctx,
            "fieldwork/report.html",
            campaign=campaign,
            kind=kinds_of(ctx).get(campaign.kind, campaign.kind),
            place=names.get(campaign.node_path, ""),
            progress=(await queries.progress(ctx, [campaign.id]))[campaign.id],
            units=await covered(ctx, campaign),
            failed=await queries.failed_checks(ctx, campaign.id),
            arisen=await queries.cases_of_campaign(ctx, campaign.id),
            back=url_of(ctx, request, "campaign", campaign_id=campaign.id),
        )

    @get("/export", name="campaign_export", permission=FieldRight.EXPORT)
    async def ask(self, ctx: Ctx, request: AnyRequest, campaign_id: FromPath[UUID]) -> Page:
        """What the targets are taken along for."""
        return await ask_purpose(ctx, request, _asking, campaign_id)

    @post("/export", name="campaign_export_file", permission=FieldRight.EXPORT)
    async def file(
        self, ctx: Ctx, request: AnyRequest, campaign_id: FromPath[UUID]
    ) -> Response[Any]:
        """Every target with how it went."""
        return await take_along(ctx, request, _asking, _taken, campaign_id)


def _grade(progress: Progress | None) -> int:
    """The darkest is for all, the lightest for none: where it was begun it is in between."""
    if progress is None or not progress.done:
        return 0
    if progress.done == progress.total:
        return _GRADES
    return ceil((_GRADES - 1) * progress.done / progress.total)


def _cells(ctx: Context, row: TargetRow, checks: list[str], *, place: str, cases: str) -> list[str]:
    return [
        row.name,
        place,
        STATES[TargetState(row.state)],
        joined(checks[at] for at in row.failed if at < len(checks)),
        row.note,
        row.who,
        minute(ctx, row.at),
        cases,
    ]


async def _taken(ctx: Context, _: AnyRequest, campaign_id: UUID) -> Sheet:
    campaign = await queries.campaign_seen(ctx, campaign_id)
    rows = await queries.targets(ctx, campaign_id, limit=MOST_TARGETS)
    names = await names_at(ctx, [row.node_path for row in rows])
    cases = await queries.cases_of_targets(ctx, [row.id for row in rows])
    return Sheet(
        verb="campaign.exported",
        subject="campaign",
        details={"campaign": str(campaign_id)},
        name=N_("集中排查清单"),
        columns=COLUMNS,
        lines=[
            _cells(
                ctx,
                row,
                campaign.checks,
                place=place_in_words(names, row.node_path),
                cases=joined(case.code for case in cases[row.id]),
            )
            for row in rows
        ],
    )


async def _asking(ctx: Context, request: AnyRequest, campaign_id: UUID) -> Asking:
    campaign = await queries.campaign_seen(ctx, campaign_id)
    counted = await queries.progress(ctx, [campaign_id])
    return Asking(
        title=N_("导出集中排查清单"),
        list=campaign.name,
        back=url_of(ctx, request, "campaign", campaign_id=campaign_id),
        count=counted[campaign_id].total,
    )
