"""Codes at doors, stairs and in grids: issued, revoked, replaced."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.audit.actions import record
from gridgov.cases.rules.fields import check_texts
from gridgov.context import Context
from gridgov.grid.queries.nodes import node_of
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.services.models import PlaceCode
from gridgov.services.queries.codes import codes_seen_by
from gridgov.services.types import CodeKind, RevokedFor, ServiceRight

_TOKEN_BYTES = 16
"""128 bits: whoever could try a billion a second would not live to find one."""
_AT_ONCE = 48


async def issue_codes(
    ctx: Context, node_id: UUID, *, kind: CodeKind, places: Sequence[str]
) -> list[UUID]:
    """A code for each place of a grid; one for the grid itself needs no place."""
    node = await node_of(ctx, node_id)
    if (
        node is None
        or node.valid_to is not None
        or not ctx.actor.may(ServiceRight.CODES, path=node.path)
    ):
        raise NotFound
    wanted = [node.name] if kind is CodeKind.GRID else [one for one in places if one.strip()]
    if not wanted:
        raise Invalid(fields={"places": "请写明贴在哪里，一行一处。"})
    if len(wanted) > _AT_ONCE:
        raise Invalid(fields={"places": "一次最多 {n} 处。"}, n=_AT_ONCE)
    made: list[UUID] = []
    for place in wanted:
        text = check_texts({"places": place}, {"places": 40})["places"]
        made.append(new_id())
        await ctx.session.execute(
            insert(PlaceCode).values(
                tenant_id=ctx.tenant.id,
                id=made[-1],
                token=secrets.token_urlsafe(_TOKEN_BYTES),
                kind=kind,
                node_id=node.id,
                node_path=node.path,
                place=text,
                issued_at=ctx.now,
                issued_by=ctx.actor.account_id,
            )
        )
    record(ctx, "service.codes_issued", "place_code", made[0], count=len(made))
    return made


async def replace_code(ctx: Context, code_id: UUID, *, why: RevokedFor, again: bool) -> None:
    """Revoke a code: whoever scans it finds nothing. ``again`` issues another for the place."""
    row = (
        await ctx.session.execute(
            select(PlaceCode.kind, PlaceCode.node_id, PlaceCode.place, PlaceCode.revoked_at)
            .where(PlaceCode.id == code_id, codes_seen_by(ctx.actor))
            .with_for_update()
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.revoked_at is not None:
        raise Conflict("这个码已经作废了。")
    await ctx.session.execute(
        update(PlaceCode)
        .where(PlaceCode.id == code_id)
        .values(revoked_at=ctx.now, revoked_by=ctx.actor.account_id, revoked_why=why)
        .execution_options(synchronize_session=False)
    )
    record(ctx, "service.code_revoked", "place_code", code_id, why=why)
    if again:
        await issue_codes(ctx, row.node_id, kind=CodeKind(row.kind), places=[row.place])
