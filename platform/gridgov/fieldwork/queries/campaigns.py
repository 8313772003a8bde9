"""Which campaigns, which of their targets, and how far they are."""

from collections import Counter
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, literal, or_, select

from gridgov.cases.models import Case
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.contract.fieldwork import CampaignKind
from gridgov.fieldwork.models import Campaign, CampaignTarget, TargetCase
from gridgov.fieldwork.queries.lines import CaseOf, cases_arisen
from gridgov.fieldwork.types import (
    CampaignRow,
    Choice,
    FieldRight,
    Progress,
    TargetRow,
    TargetState,
)
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import children_of
from gridgov.grid.rules.codes import at_depth, depth_of
from gridgov.grid.types import NodeRow
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, Rows, after
from gridgov.kernel.ready import one_of
from gridgov.registry.models import Building

PAGE: Final = 60

COLUMNS: Final = (
    Campaign.id,
    Campaign.kind,
    Campaign.name,
    Campaign.document,
    Campaign.node_id,
    Campaign.node_path,
    Campaign.first_on,
    Campaign.last_on,
    Campaign.checks,
    Campaign.category,
    Campaign.made_at,
    Campaign.closed_at,
    Campaign.summary,
)
"""What a :class:`CampaignRow` is made of."""

TARGET_COLUMNS: Final = (
    CampaignTarget.id,
    CampaignTarget.campaign_id,
    CampaignTarget.node_id,
    CampaignTarget.node_path,
    CampaignTarget.building_id,
    CampaignTarget.name,
    CampaignTarget.state,
    CampaignTarget.failed,
    CampaignTarget.note,
    CampaignTarget.who,
    CampaignTarget.at,
)
"""What a :class:`TargetRow` is made of."""


def campaigns_seen_by(actor: Actor, right: FieldRight = FieldRight.READ) -> Rows:
    """The campaigns that reach into where the actor holds the right, or were made there.

    To change one, it must have been made there: the right must reach the place that made it.
    """
    made_there = [within(Campaign.node_path, scope.path) for scope in actor.scopes(right)]
    if right is not FieldRight.READ:
        return select(*COLUMNS).where(or_(*made_there) if made_there else false())
    above = [
        func.starts_with(literal(scope.path), Campaign.node_path)
        for scope in actor.scopes(right)
        if scope.path
    ]
    ways = [*made_there, *above]
    return select(*COLUMNS).where(or_(*ways) if ways else false())


async def campaign_seen(
    ctx: Context, campaign_id: UUID, right: FieldRight = FieldRight.READ
) -> CampaignRow:
    """The campaign, if the actor may see it."""
    found = campaigns_seen_by(ctx.actor, right).where(Campaign.id == campaign_id)
    row = (await ctx.session.execute(found)).one_or_none()
    if row is None:
        raise NotFound
    return CampaignRow(*row)


async def campaigns(
    ctx: Context, *, cursor: Cursor | None = None, running: bool = False
) -> list[CampaignRow]:
    """One page, the newest first, and one row more if there is a next page."""
    found = campaigns_seen_by(ctx.actor)
    if running:
        found = found.where(Campaign.closed_at.is_(None), Campaign.first_on <= ctx.today)
    page = after(found, (Campaign.id,), cursor, descending=True).limit(PAGE + 1)
    return [CampaignRow(*row) for row in await ctx.session.execute(page)]


def _targets_seen(actor: Actor) -> ColumnElement[bool]:
    places = [
        within(CampaignTarget.node_path, scope.path) for scope in actor.scopes(FieldRight.READ)
    ]
    return or_(*places) if places else false()


async def targets(
    ctx: Context,
    campaign_id: UUID,
    *,
    path: str = "",
    state: str = "",
    cursor: Cursor | None = None,
    limit: int = PAGE,
) -> list[TargetRow]:
    """One page of the targets where the actor may look, and one row more for the next page."""
    found = select(*TARGET_COLUMNS).where(
        CampaignTarget.campaign_id == campaign_id,
        within(CampaignTarget.node_path, path),
        _targets_seen(ctx.actor),
    )
    if state:
        found = found.where(CampaignTarget.state == state)
    order = (CampaignTarget.node_path, CampaignTarget.id)
    page = after(found, order, cursor, descending=False).limit(limit + 1)
    return [TargetRow(*row) for row in await ctx.session.execute(page)]


async def target_seen(ctx: Context, target_id: UUID) -> TargetRow:
    """The target, if the actor may see it."""
    found = select(*TARGET_COLUMNS).where(CampaignTarget.id == target_id, _targets_seen(ctx.actor))
    row = (await ctx.session.execute(found)).one_or_none()
    if row is None:
        raise NotFound
    return TargetRow(*row)


async def progress(ctx: Context, campaign_ids: Iterable[UUID]) -> dict[UUID, Progress]:
    """How far campaigns are, of the targets where the actor may look."""
    wanted = list(campaign_ids)
    counted: dict[UUID, dict[str, int]] = {campaign_id: {} for campaign_id in wanted}
    if wanted:
        rows = await ctx.session.execute(
            select(CampaignTarget.campaign_id, CampaignTarget.state, func.count())
            .where(one_of(CampaignTarget.campaign_id, wanted), _targets_seen(ctx.actor))
            .group_by(CampaignTarget.campaign_id, CampaignTarget.state)
        )
        for campaign_id, state, count in rows:
            counted[campaign_id][state] = count
    return {campaign_id: Progress(**states) for campaign_id, states in counted.items()}


async def progress_by_path(ctx: Context, campaign_id: UUID) -> dict[str, Progress]:
    """How far a campaign is at each place, by the path of its targets."""
    rows = await ctx.session.execute(
        select(CampaignTarget.node_path, CampaignTarget.state, func.count())
        .where(CampaignTarget.campaign_id == campaign_id, _targets_seen(ctx.actor))
        .group_by(CampaignTarget.node_path, CampaignTarget.state)
    )
    counted: dict[str, dict[str, int]] = {}
    for path, state, count in rows:
        counted.setdefault(path, {})[state] = count
    return {path: Progress(**states) for path, states in counted.items()}


async def failed_checks(ctx: Context, campaign_id: UUID) -> dict[int, int]:
    """How often each line of the checklist was found wanting, by its place."""
    place = func.unnest(CampaignTarget.failed).label("place")
    found = (
        select(place)
        .where(
            CampaignTarget.campaign_id == campaign_id,
            CampaignTarget.state == TargetState.HAZARD,
            _targets_seen(ctx.actor),
        )
        .subquery()
    )
    rows = await ctx.session.execute(select(found.c.place, func.count()).group_by(found.c.place))
    return {place: count for place, count in rows}  # noqa: C416  (typed)


async def cases_of_targets(ctx: Context, target_ids: Iterable[UUID]) -> dict[UUID, list[CaseOf]]:
    """The cases that arose from these targets."""
    return await cases_arisen(ctx, TargetCase, TargetCase.target_id, target_ids)


async def cases_of_campaign(ctx: Context, campaign_id: UUID) -> tuple[int, int]:
    """How many cases arose from a campaign where the actor may look, and how many have ended."""
    row = (
        await ctx.session.execute(
            select(func.count(), func.count().filter(Case.ends != ""))
            .select_from(TargetCase)
            .join(CampaignTarget, tied(CampaignTarget.id, TargetCase.target_id))
            .join(Case, tied(Case.id, TargetCase.case_id))
            .where(CampaignTarget.campaign_id == campaign_id, _targets_seen(ctx.actor))
        )
    ).one()
    return row[0], row[1]


async def choices_below(
    ctx: Context, kind: CampaignKind, node: NodeRow
) -> tuple[int, list[Choice]]:
    """How many targets a campaign of the kind would find at a node, and where they can be chosen.

    Right below the node the units that have any; in a leaf its buildings.
    """
    counted: Counter[str] = Counter()
    depth = depth_of(node.path) + 1
    houses = buildings_meant(kind.uses, [node.path])
    for meant in (units_meant(kind, kind.levels, [node.path]), houses):
        each = meant.subquery()
        rows = await ctx.session.execute(select(each.c.path, func.count()).group_by(each.c.path))
        for path, count in rows:
            counted[at_depth(path, depth)] += count
    units = await children_of(ctx, node.id)
    choices = [Choice(one.id, one.name, counted[one.path]) for one in units if counted[one.path]]
    if not units:
        found = await ctx.session.execute(houses.order_by(Building.name))
        choices = [Choice(building, name) for _, _, building, name in found]
    return counted.total(), choices


def units_meant(kind: CampaignKind, levels: Iterable[str], paths: Iterable[str]) -> Rows:
    """The units of these levels below places, as targets: node, path, no building, name."""
    found = select(
        GridNode.id, GridNode.path, literal(None).label("building_id"), GridNode.name
    ).where(
        GridNode.level.in_(list(levels)),
        or_(*(within(GridNode.path, path) for path in paths)),
        GridNode.valid_to.is_(None),
    )
    return found.where(GridNode.area_type == kind.area) if kind.area else found


def buildings_meant(uses: Iterable[str], paths: Iterable[str]) -> Rows:
    """The buildings of these uses below places, as targets."""
    return select(
        Building.node_id,
        Building.node_path.label("path"),
        Building.id.label("building_id"),
        Building.name,
    ).where(
        Building.use.in_(list(uses)),
        or_(*(within(Building.node_path, path) for path in paths)),
        Building.gone_on.is_(None),
    )
