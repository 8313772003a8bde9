"""Which places have what of a standard."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.contract.standards import Standard
from gridgov.files.queries import files_of
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import nodes_seen_by, present
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import Ready, one_of
from gridgov.standards.models import StandardMark, StandardStep
from gridgov.standards.types import PHOTO_OWNER, Mark, MarkState, Site, Step

_SITE: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    GridNode.id,
    GridNode.path,
    GridNode.code,
    GridNode.name,
    GridNode.level,
)
_MARK: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    StandardMark.node_id,
    StandardMark.item,
    StandardMark.id,
    StandardMark.state,
    StandardMark.note,
    StandardMark.claimed_by,
    StandardMark.claimed_who,
    StandardMark.claimed_at,
    StandardMark.decided_who,
    StandardMark.decided_at,
    StandardMark.reason,
    StandardMark.case_id,
)
_MARKED: Final = tied(StandardMark.node_id, GridNode.id)

Rows = Select[*tuple[Any, ...]]


def sites_seen_by(actor: Actor, standard: Standard) -> Rows:
    """The present places that are held to the standard and that the actor may see."""
    seen = present(nodes_seen_by(actor)).with_only_columns(*_SITE)
    return seen.where(one_of(GridNode.level, standard.levels))


async def sites(ctx: Context, standard: Standard, *, path: str = "", words: str = "") -> list[Site]:
    """Them, in the order of the tree; by name, code or pinyin initials if words are given."""
    found = sites_seen_by(ctx.actor, standard).where(within(GridNode.path, path))
    if q := words.strip():
        found = found.where(
            or_(
                func.strpos(GridNode.name, q) > 0,
                func.strpos(GridNode.code, q) == 1,
                func.strpos(GridNode.initials, q.lower()) > 0,
            )
        )
    return [Site(*row) for row in await Ready(found.order_by(GridNode.path)).rows(ctx.session)]


async def site_seen(ctx: Context, standard: Standard, node_id: UUID) -> Site:
    """The place, if the actor may see it and it is held to the standard."""
    found = sites_seen_by(ctx.actor, standard).where(GridNode.id == node_id)
    row = await Ready(found).row(ctx.session)
    if row is None:
        raise NotFound
    return Site(*row)


async def marks_under(ctx: Context, standard: Standard, path: str = "") -> list[Mark]:
    """What is kept of all places that the actor may see under a path, in one statement."""
    found = (
        sites_seen_by(ctx.actor, standard)
        .with_only_columns(*_MARK)
        .select_from(GridNode)
        .join(StandardMark, _MARKED)
        .where(StandardMark.standard == standard.code, within(GridNode.path, path))
    )
    return [_mark(row) for row in await Ready(found).rows(ctx.session)]


def _mark(row: Any) -> Mark:
    node_id, item, mark_id, state, *rest = row
    return Mark(node_id, item, mark_id, MarkState(state), *rest)


async def marks_of(ctx: Context, standard: Standard, node_id: UUID) -> dict[str, Mark]:
    """Every item of one place by its code, in the order of the standard."""
    open_cases = cases_seen_by(ctx.actor).with_only_columns(Case.id)
    found = select(*_MARK, StandardMark.case_id.in_(open_cases)).where(
        StandardMark.node_id == node_id, StandardMark.standard == standard.code
    )
    kept = {mark.item: mark for mark in map(_mark, await Ready(found).rows(ctx.session))}
    return {item.code: kept.get(item.code) or Mark(node_id, item.code) for item in standard.items}


async def claimed(ctx: Context, standard: Standard) -> list[tuple[Site, Mark]]:
    """What waits to be confirmed where the actor sees, the oldest first."""
    found = (
        sites_seen_by(ctx.actor, standard)
        .with_only_columns(*_SITE, *_MARK)
        .select_from(GridNode)
        .join(StandardMark, _MARKED)
        .where(
            StandardMark.standard == standard.code, StandardMark.state == MarkState.CLAIMED.value
        )
        .order_by(StandardMark.claimed_at, StandardMark.id)
    )
    rows = await Ready(found).rows(ctx.session)
    size = len(_SITE)
    return [(Site(*row[:size]), _mark(row[size:])) for row in rows]


_STEPS: Final = Ready(
    select(
        StandardStep.id, StandardStep.at, StandardStep.action, StandardStep.note, StandardStep.who
    )
    .where(StandardStep.mark_id == bindparam("mark"))
    .order_by(StandardStep.id.desc())
)


async def history_of(ctx: Context, mark_id: UUID) -> list[Step]:
    """Every step of an item, the latest first."""
    return [Step(*row) for row in await _STEPS.rows(ctx.session, mark=mark_id)]


async def photos_of_steps(ctx: Context, steps: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The photos of each step."""
    found: dict[UUID, list[UUID]] = {}
    for row in await Ready(files_of(ctx, PHOTO_OWNER, steps)).rows(ctx.session):
        found.setdefault(row.owner_id, []).append(row.id)
    return found


async def mark_seen(ctx: Context, mark_id: UUID) -> bool:
    """Whether the actor sees the place of an item."""
    found = _seen_marks(ctx).where(StandardMark.id == mark_id)
    return await Ready(found).scalar(ctx.session) is not None


async def photo_seen(ctx: Context, owner_id: UUID) -> bool:
    """Whether the actor may see the photos of a step: as far as they see the place."""
    of_mark = tied(StandardStep.mark_id, StandardMark.id)
    found = _seen_marks(ctx).join(StandardStep, of_mark).where(StandardStep.id == owner_id)
    return await Ready(found).scalar(ctx.session) is not None


def _seen_marks(ctx: Context) -> Rows:
    return (
        nodes_seen_by(ctx.actor)
        .with_only_columns(StandardMark.id)
        .select_from(GridNode)
        .join(StandardMark, _MARKED)
    )
