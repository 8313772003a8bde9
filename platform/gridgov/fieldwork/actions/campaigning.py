"""Inspection campaigns: made by a town or the county, looked at target by target, closed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.fieldwork.models import Campaign, CampaignTarget
from gridgov.fieldwork.queries.campaigns import (
    buildings_meant,
    campaign_seen,
    target_seen,
    units_meant,
)
from gridgov.fieldwork.rules import campaign_of, checklist
from gridgov.fieldwork.types import FieldRight, TargetState
from gridgov.grid.queries.nodes import children_of, node_of
from gridgov.grid.queries.places import hold_still
from gridgov.grid.types import NodeRow
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import id_at, new_id
from gridgov.kernel.sentences import N_, Sentence

MOST_TARGETS: Final = 5000
_NAME: Final = 40
_NOTE: Final = 300
_SUMMARY: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A campaign as somebody asks for it. ``checks`` is the checklist, one line a check.

    ``places`` are the units below the node, or the buildings of it, to which it goes; None for all.
    """

    kind: str
    name: str
    document: str
    node_id: UUID
    first_on: date
    last_on: date
    checks: str
    uses: Sequence[str] = ()
    levels: Sequence[str] = ()
    places: Sequence[UUID] | None = None


async def make_campaign(ctx: Context, planned: Planned) -> UUID:
    """Make it with all its targets: the units and buildings that are there now."""
    kind = campaign_of(ctx.policy.county.campaigns, planned.kind)
    checks = checklist(planned.checks)
    _check(planned)
    await hold_still(ctx)
    node = await node_of(ctx, planned.node_id)
    if node is None or not ctx.actor.may(FieldRight.CAMPAIGN, path=node.path):
        raise NotFound
    if node.valid_to is not None:
        raise Invalid(fields={"node": N_("没有这个网格，请重新选择。")})
    chosen = await _chosen(ctx, planned, node)
    uses = [use for use in kind.uses if not planned.uses or use in planned.uses]
    levels = [level for level in kind.levels if not planned.levels or level in planned.levels]
    meant = [
        *await ctx.session.execute(units_meant(kind, levels, chosen.paths)),
        *await ctx.session.execute(buildings_meant(uses, chosen.paths)),
    ]
    if chosen.buildings:
        meant = [row for row in meant if row.building_id in chosen.buildings]
    if not meant:
        words = N_("这里还没有登记这一类房屋，先在“房屋登记”里登记，或者换一类对象。")
        raise Invalid(fields={"kind": words})
    if len(meant) > MOST_TARGETS:
        words = Sentence(
            "对象有 {n} 个，太多了；请缩小范围，最多 {m} 个。", n=len(meant), m=MOST_TARGETS
        )
        raise Invalid(fields={"node": words})
    campaign_id = id_at(ctx.now)
    await ctx.session.execute(
        insert(Campaign).values(
            tenant_id=ctx.tenant.id,
            id=campaign_id,
            kind=kind.code,
            name=planned.name.strip(),
            document=planned.document.strip(),
            node_id=node.id,
            node_path=node.path,
            first_on=planned.first_on,
            last_on=planned.last_on,
            checks=checks,
            category=kind.category,
            made_by=ctx.actor.account_id,
            made_at=ctx.now,
        )
    )
    await ctx.session.execute(
        insert(CampaignTarget),
        [_target(ctx, campaign_id, row) for row in meant],
    )
    record(ctx, "campaign.made", "campaign", campaign_id, count=len(meant))
    return campaign_id


async def look_at_target(
    ctx: Context,
    target_id: UUID,
    state: TargetState | None,
    *,
    failed: Sequence[int] = (),
    note: str = "",
    device_at: datetime | None = None,
) -> TargetState:
    """How it went at a target, as it is kept. Looked at again, the later finding counts.

    A line that was found wanting is a hazard, whether it was called one or not.
    """
    target = await target_seen(ctx, target_id)
    if not ctx.actor.may(FieldRight.RECORD, path=target.node_path):
        raise NotFound
    campaign = await campaign_seen(ctx, target.campaign_id)
    if campaign.closed_at is not None:
        raise Conflict("这次排查已经总结，不能再登记。")
    if campaign.first_on > ctx.today:
        raise Conflict("这次排查 {day} 才开始。", day=campaign.first_on)
    wanting = sorted({place for place in failed if 0 <= place < len(campaign.checks)})
    if len(note.strip()) > _NOTE:
        raise Invalid(fields={"note": N_("写得太长了，最多 {n} 个字。")}, n=_NOTE)
    state = _finding(state, wanting=bool(wanting), said=bool(note.strip()))
    await ctx.session.execute(
        update(CampaignTarget)
        .where(CampaignTarget.id == target_id)
        .values(
            state=state,
            failed=wanting,
            note=note.strip(),
            account_id=ctx.actor.account_id,
            who=ctx.actor.title or ctx.actor.name,
            at=ctx.now,
            device_at=device_at,
        )
        .execution_options(synchronize_session=False)
    )
    record(ctx, "campaign.looked", "campaign_target", target_id)
    return state


def _finding(state: TargetState | None, *, wanting: bool, said: bool) -> TargetState:
    """What is kept, of what was chosen and what was ticked."""
    if wanting and state is TargetState.AWAY:
        raise Invalid(fields={"state": N_("勾了不合格的，就是查过了；没有人在，就把勾去掉。")})
    if wanting:
        return TargetState.HAZARD
    if state is None:
        raise Invalid(fields={"state": N_("请选一种情况，或者勾出不合格的。")})
    if state is TargetState.HAZARD and not said:
        raise Invalid(fields={"failed": N_("请勾选哪一条有问题，或者写一句。")})
    return state


async def close_campaign(ctx: Context, campaign_id: UUID, *, summary: str) -> None:
    """It is over: what was not looked at stays so, and the report stands."""
    found = await campaign_seen(ctx, campaign_id, FieldRight.CAMPAIGN)
    if found.closed_at is not None:
        raise Conflict("这次排查已经总结过了。")
    words = summary.strip()
    if not words or len(words) > _SUMMARY:
        raise Invalid(fields={"summary": N_("请写总结，最多 1000 个字。")})
    await ctx.session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id)
        .values(closed_at=ctx.now, summary=words)
        .execution_options(synchronize_session=False)
    )
    record(ctx, "campaign.closed", "campaign", campaign_id)


def _check(planned: Planned) -> None:
    faults: dict[str, str] = {}
    if not planned.name.strip() or len(planned.name.strip()) > _NAME:
        faults["name"] = N_("请写名称，最多 40 个字。")
    if planned.last_on < planned.first_on:
        faults["last_on"] = N_("结束的日子不能早于开始的日子。")
    if faults:
        raise Invalid(fields=faults)


@dataclass(frozen=True, slots=True)
class _Chosen:
    paths: Sequence[str]
    buildings: Collection[UUID] = ()


async def _chosen(ctx: Context, planned: Planned, node: NodeRow) -> _Chosen:
    """Where it goes: all of the node, the units below it or, in a leaf, the buildings chosen."""
    if planned.places is None:
        return _Chosen([node.path])
    below = {one.id: one.path for one in await children_of(ctx, node.id)}
    places = set(planned.places)
    if places and not below:
        return _Chosen([node.path], places)
    if not places or not below.keys() >= places:
        raise Invalid(fields={"places": N_("请至少选一处要查的地方。")})
    return _Chosen([below[place] for place in places])


def _target(ctx: Context, campaign_id: UUID, row: Any) -> dict[str, Any]:
    node_id, path, building_id, name = row
    return {
        "tenant_id": ctx.tenant.id,
        "id": new_id(),
        "campaign_id": campaign_id,
        "node_id": node_id,
        "node_path": path,
        "building_id": building_id,
        "name": name,
        "state": TargetState.TODO,
        "failed": [],
    }
