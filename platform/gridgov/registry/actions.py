"""Recording buildings and counting them; saying that nothing changed; taking one out."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.grid.queries.nodes import node_seen
from gridgov.grid.queries.places import hold_still
from gridgov.grid.rules.codes import parent_path
from gridgov.grid.types import NodeRow, Redivision
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import id_at, new_id
from gridgov.kernel.sentences import N_, Sentence
from gridgov.registry.models import Building, BuildingCount
from gridgov.registry.queries import building_seen
from gridgov.registry.rules import faults_of_count
from gridgov.registry.types import BuildingRow, RegistryRight

_NAME: Final = 40
_SOURCE: Final = 60
ON_SITE: Final = N_("现场核对")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What somebody counted. None is what they could not tell."""

    use: str
    storeys: int | None = None
    dwellings: int | None = None
    households: int | None = None
    source: str = ""


async def add_building(
    ctx: Context, node_id: UUID, *, name: str, count: Count, synthetic: bool = False
) -> UUID:
    """Record a building of a leaf of the grid, with its first count."""
    await hold_still(ctx)
    node = await _leaf(ctx, node_id)
    name = name.strip()
    faults: dict[str, str] = {}
    if not name or len(name) > _NAME:
        faults["name"] = N_("请写楼栋的名称或编号，最多 40 个字。")
    values = _checked(ctx, count, faults)
    building_id = id_at(ctx.now)
    await ctx.session.execute(
        insert(Building).values(
            tenant_id=ctx.tenant.id,
            id=building_id,
            node_id=node.id,
            node_path=node.path,
            name=name,
            counted_at=ctx.now,
            made_at=ctx.now,
            synthetic=synthetic,
            **values,
        )
    )
    await _note(ctx, building_id, values, changed=True)
    record(ctx, "registry.building_added", "building", building_id)
    return building_id


async def count_building(ctx: Context, building_id: UUID, count: Count) -> None:
    """Keep a new count. The one before stays in the history."""
    await _standing(ctx, building_id)
    values = _checked(ctx, count, {})
    await ctx.session.execute(
        update(Building)
        .where(Building.id == building_id)
        .values(counted_at=ctx.now, **values)
        .execution_options(synchronize_session=False)
    )
    await _note(ctx, building_id, values, changed=True)
    record(ctx, "registry.building_counted", "building", building_id)


async def confirm_building(ctx: Context, building_id: UUID) -> None:
    """Nothing changed: the numbers stand, with today's date."""
    found = await _standing(ctx, building_id)
    await ctx.session.execute(
        update(Building)
        .where(Building.id == building_id)
        .values(counted_at=ctx.now)
        .execution_options(synchronize_session=False)
    )
    values = {name: getattr(found, name) for name in _COUNTED} | {"source": str(ON_SITE)}
    await _note(ctx, building_id, values, changed=False)
    record(ctx, "registry.building_confirmed", "building", building_id)


async def remove_building(ctx: Context, building_id: UUID) -> None:
    """It no longer stands. Its counts stay."""
    await _standing(ctx, building_id)
    await ctx.session.execute(
        update(Building)
        .where(Building.id == building_id)
        .values(gone_on=ctx.today)
        .execution_options(synchronize_session=False)
    )
    record(ctx, "registry.building_removed", "building", building_id)


async def move_building(ctx: Context, building_id: UUID, node_id: UUID) -> None:
    """It lies in a grid beside: after a split only people on the spot know which part it is in.

    What was written of it before stays where it was written.
    """
    await hold_still(ctx)
    found = await _standing(ctx, building_id)
    node = await _leaf(ctx, node_id)
    if node.id == found.node_id or parent_path(node.path) != parent_path(found.node_path):
        raise Invalid(fields={"node": N_("只能改到同一个村（社区）的别的网格。")})
    await ctx.session.execute(
        update(Building)
        .where(Building.id == building_id)
        .values(node_id=node.id, node_path=node.path)
        .execution_options(synchronize_session=False)
    )
    record(ctx, "registry.building_moved", "building", building_id, node=node.code)


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """Buildings of an ended grid belong to its successor.

    Without a point of their own, those of a split grid stay with the part that keeps the code;
    :func:`move_building` brings each to its own.
    """
    heir = change.place_of(None, None)
    ended = [node.id for node in change.before]
    if heir.id in ended:
        return
    await ctx.session.execute(
        update(Building)
        .where(Building.node_id.in_(ended))
        .values(node_id=heir.id, node_path=heir.path)
        .execution_options(synchronize_session=False)
    )


_COUNTED: Final = ("use", "storeys", "dwellings", "households")


async def _leaf(ctx: Context, node_id: UUID) -> NodeRow:
    node = await node_seen(ctx, node_id)
    if not ctx.actor.may(RegistryRight.COUNT, path=node.path):
        raise NotFound
    if not ctx.policy.levels[node.level].base or node.valid_to is not None:
        raise Invalid(fields={"node": N_("房屋登记在最基层的网格，请先选网格。")})
    return node


async def _standing(ctx: Context, building_id: UUID) -> BuildingRow:
    found = await building_seen(ctx, building_id, RegistryRight.COUNT)
    if found.gone_on is not None:
        raise Conflict("这栋房屋已注销，不能再更新。")
    return found


def _checked(ctx: Context, count: Count, before: dict[str, str]) -> dict[str, Any]:
    """The numbers as they are kept; else all that is wrong is told at once, beside ``before``."""
    values: dict[str, Any] = {name: getattr(count, name) for name in _COUNTED}
    faults = before | faults_of_count(ctx.policy.county.building_uses, **values)
    source = count.source.strip() or str(ON_SITE)
    if len(source) > _SOURCE:
        faults["source"] = Sentence("写得太长了，最多 {n} 个字。", n=_SOURCE)
    if faults:
        raise Invalid(fields=faults)
    return values | {"source": source}


async def _note(ctx: Context, building_id: UUID, values: dict[str, Any], *, changed: bool) -> None:
    await ctx.session.execute(
        insert(BuildingCount).values(
            tenant_id=ctx.tenant.id,
            id=new_id(),
            building_id=building_id,
            at=ctx.now,
            changed=changed,
            account_id=ctx.actor.account_id,
            who=ctx.actor.title or ctx.actor.name,
            **values,
        )
    )
