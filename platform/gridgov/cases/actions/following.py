"""A re-division of the grid takes its cases along, in the same transaction."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from gridgov.cases.models import Case, CaseCount
from gridgov.cases.queries.desks import desks_above
from gridgov.context import Context
from gridgov.grid.types import Redivision
from gridgov.kernel.db import within
from gridgov.kernel.ids import new_id


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """Bring the cases of a re-divided place along, and count them again.

    Those on an ended node go to the successor that holds their point; open ones to the desk of
    their level above the new place.

    The node that a case was opened on stays with it: statistics may look at either boundary.
    """
    ended = [node.path for node in change.before]
    after = list(change.after)
    kept = {node.path for node in after}
    if len(after) > 1 or set(ended) - kept:
        await _rehome(ctx, change, ended)
    await _leave_ended_desks(ctx, set(ended) - kept, after[0].path)
    for node in after:
        await _bring_to_desks(ctx, node.path)
    await _count_again(ctx, {*ended, *kept})


async def _rehome(ctx: Context, change: Redivision, ended: list[str]) -> None:
    found = await ctx.session.execute(
        select(Case.id, Case.node_path, Case.lon, Case.lat)
        .where(Case.node_path.in_(ended))
        .with_for_update()
    )
    rows: list[dict[str, Any]] = []
    for case_id, path, lon, lat in found:
        to = change.place_of(lon, lat).path
        if to != path:
            rows.append({"tenant_id": ctx.tenant.id, "id": case_id, "node_path": to})
    if rows:
        await ctx.session.execute(update(Case), rows)


async def _leave_ended_desks(ctx: Context, gone: set[str], heir: str) -> None:
    """Closed cases too: a desk that was merged away goes by the path of what it became.

    What it had passed up is called back by nobody.
    """
    for column, value in ((Case.desk_path, heir), (Case.passed_from, None)) if gone else ():
        await ctx.session.execute(
            update(Case)
            .where(column.in_(sorted(gone)))
            .values({column.key: value})
            .execution_options(synchronize_session=False)
        )


async def _bring_to_desks(ctx: Context, path: str) -> None:
    """Open cases below ``path`` whose desk no longer stands above them: to that of its level."""
    for desk in await desks_above(ctx, path):
        await ctx.session.execute(
            update(Case)
            .where(
                within(Case.node_path, path),
                Case.level == desk.level,
                Case.desk_path != desk.path,
                Case.ends.in_(("", "merged")),
            )
            .values(desk_path=desk.path)
            .execution_options(synchronize_session=False)
        )


async def _count_again(ctx: Context, paths: Iterable[str]) -> None:
    ordered = sorted(paths)
    await ctx.session.execute(
        delete(CaseCount)
        .where(or_(*(within(CaseCount.node_path, path) for path in ordered)))
        .execution_options(synchronize_session=False)
    )
    counted = await ctx.session.execute(
        select(Case.node_path, Case.state, func.count())
        .where(or_(*(within(Case.node_path, path) for path in ordered)))
        .group_by(Case.node_path, Case.state)
    )
    rows = [
        {"tenant_id": ctx.tenant.id, "id": new_id(), "node_path": p, "state": s, "count": n}
        for p, s, n in counted
    ]
    if rows:
        await ctx.session.execute(insert(CaseCount), rows)
