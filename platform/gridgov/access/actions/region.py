"""Above the counties: who may see the aggregates of a province or a prefecture."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import update

from gridgov.access.actions.deciding import region_rights_of
from gridgov.access.queries.opening import region_opening
from gridgov.accounts.models import SignIn
from gridgov.accounts.tokens import session_digest
from gridgov.accounts.types import SignedIn, Wall
from gridgov.context import RegionContext
from gridgov.kernel.db import Database
from gridgov.kernel.errors import NotAllowed, Unauthenticated
from gridgov.kernel.settings import Settings

_IDLE: Final = timedelta(minutes=15)
_SEEN_EVERY: Final = timedelta(minutes=1)


async def open_region(
    database: Database, settings: Settings, secret: str, *, now: datetime, locale: str
) -> tuple[RegionContext, SignedIn]:
    """The context of a signed-in account of a region; Unauthenticated without one.

    A password that must be chosen and a second factor that is due are walls here as everywhere;
    outside the demo the second factor is due for everyone above the counties.
    """
    async with database.shared() as session:
        row = (
            (await session.execute(region_opening(session_digest(secret), now))).first()
            if secret
            else None
        )
        if row is None or row.seen_at + _IDLE <= now:
            raise Unauthenticated("请先登录。")
        if now - row.seen_at >= _SEEN_EVERY:
            await session.execute(
                update(SignIn)
                .where(SignIn.id == row.sign_in_id, SignIn.seen_at < now)
                .values(seen_at=now)
            )
    wall = Wall.NONE
    if row.must_choose:
        wall = Wall.PASSWORD
    elif row.has_second_factor or not settings.demo:
        wall = Wall.NONE if row.second_factor else Wall.VERIFY
    sign_in = SignedIn(
        row.sign_in_id,
        row.account_id,
        row.login,
        row.has_second_factor,
        row.second_factor,
        wall,
    )
    if not region_rights_of(row.region, row.role):
        raise NotAllowed("你的岗位没有这项权限。")
    return (
        RegionContext(
            account_id=row.account_id,
            name=row.login,
            region=row.region,
            role=row.role,
            now=now,
            sessions=partial(database.region, row.region),
            locale=locale,
        ),
        sign_in,
    )
