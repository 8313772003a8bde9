"""Screens on the wall of a hall: each with an address of its own, opened and revoked."""

import secrets
from typing import Final
from uuid import UUID

from sqlalchemy import insert, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.stations.actions.places import workplace
from gridgov.stations.models import HallScreen
from gridgov.stations.queries.halls import screens_of
from gridgov.stations.types import StationRight

_LONGEST: Final = 20
_MOST: Final = 10
_TOKEN_BYTES: Final = 16


async def open_screen(ctx: Context, node_id: UUID, *, name: str) -> UUID:
    """An address for a screen, by which nobody is signed in."""
    await workplace(ctx, node_id, StationRight.HALL)
    words = " ".join(name.split())
    if not words or len(words) > _LONGEST:
        raise Invalid(fields={"name": "请写屏在哪里，最多 {most} 个字。"}, most=_LONGEST)
    if len(await screens_of(ctx, node_id)) >= _MOST:
        raise Conflict("一个大厅最多 {n} 块屏，请先作废不用的。", n=_MOST)
    screen_id = new_id()
    await ctx.session.execute(
        insert(HallScreen).values(
            tenant_id=ctx.tenant.id,
            id=screen_id,
            node_id=node_id,
            token=secrets.token_urlsafe(_TOKEN_BYTES),
            name=words,
            opened_at=ctx.now,
            opened_by=ctx.actor.account_id,
        )
    )
    record(ctx, "hall.screen_opened", "hall_screen", screen_id)
    return screen_id


async def revoke_screen(ctx: Context, node_id: UUID, screen_id: UUID) -> None:
    """The address shows nothing any more, on every screen that has it."""
    await workplace(ctx, node_id, StationRight.HALL)
    gone = await ctx.session.scalar(
        update(HallScreen)
        .where(
            HallScreen.id == screen_id,
            HallScreen.node_id == node_id,
            HallScreen.revoked_at.is_(None),
        )
        .values(revoked_at=ctx.now, revoked_by=ctx.actor.account_id)
        .returning(HallScreen.id)
    )
    if gone is None:
        raise NotFound
    record(ctx, "hall.screen_revoked", "hall_screen", screen_id)
