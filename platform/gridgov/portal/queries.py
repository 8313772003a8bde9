"""What a resident may read: their own case, without anything about other people."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from gridgov.cases.models import Case, CaseReporter, CaseStep
from gridgov.context import Context
from gridgov.contract.actor import system_actor
from gridgov.grid.models import GridNode
from gridgov.grid.queries.shapes import shapes_below

_MOST_OUTLINES: Final = 60


async def reporters_of(ctx: Context, code: str) -> Sequence[Any]:
    """Who reported the case with this code, with what opens their page. Nobody for no such code."""
    found = await ctx.session.execute(
        select(CaseReporter.id, CaseReporter.case_id, CaseReporter.phone_tail, CaseReporter.pin)
        .join(Case, (Case.tenant_id == CaseReporter.tenant_id) & (Case.id == CaseReporter.case_id))
        .where(Case.code == code)
    )
    return found.all()


async def followed_case(ctx: Context, case_id: UUID) -> Any:
    """The case as its reporter sees it; after a merge, the one that it was merged into."""
    found = await _case(ctx, case_id)
    if found is not None and found.merged_into is not None:
        return await _case(ctx, found.merged_into)
    return found


async def _case(ctx: Context, case_id: UUID) -> Any:
    statement = select(
        Case.id,
        Case.code,
        Case.kind,
        Case.kind_version,
        Case.title,
        Case.description,
        Case.category,
        Case.place,
        Case.state,
        Case.ends,
        Case.opened_at,
        Case.closed_at,
        Case.promise_at,
        Case.due_at,
        Case.yellow_at,
        Case.paused_at,
        Case.provisional,
        Case.answer,
        Case.merged_into,
    ).where(Case.id == case_id)
    return (await ctx.session.execute(statement)).one_or_none()


async def public_steps(ctx: Context, case_id: UUID) -> Sequence[Any]:
    """The lines of the timeline that the reporter is shown, oldest first."""
    found = await ctx.session.execute(
        select(CaseStep.at, CaseStep.action, CaseStep.note)
        .where(CaseStep.case_id == case_id, CaseStep.public.is_(True))
        .order_by(CaseStep.id)
    )
    return found.all()


async def outline(ctx: Context) -> bytes:
    """The county as GeoJSON: the finest level that still is a map of a few dozen pieces."""
    counted = await ctx.session.execute(
        select(GridNode.level, func.count(), func.min(GridNode.path))
        .where(GridNode.valid_to.is_(None))
        .group_by(GridNode.level)
    )
    counts = {level: (count, path) for level, count, path in counted}
    fitting = [
        level.code
        for level in ctx.policy.county.levels
        if 0 < counts.get(level.code, (0, ""))[0] <= _MOST_OUTLINES
    ]
    root = min((path for _, path in counts.values()), key=len, default="")
    everybody = replace(ctx, actor=system_actor("portal"))
    shapes = await shapes_below(everybody, root, fitting[-1] if fitting else "")
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": shape.node.name},
                    "geometry": shape.geometry,
                }
                for shape in shapes
            ],
        }
    )
