"""Above the counties: who may see the aggregates of a province or a prefecture."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import update

from gridgov.access.actions.deciding import region_rights_of
from gridgov.access.actions.opening import IDLE_MINUTES, wall_before
from gridgov.access.queries.opening import REGION_OPENING
from gridgov.accounts.models import SignIn
from gridgov.accounts.tokens import session_digest
from gridgov.accounts.types import SignedIn
from gridgov.context import RegionContext
from gridgov.kernel.db import Database
from gridgov.kernel.errors import NotAllowed

_IDLE: Final = timedelta(minutes=IDLE_MINUTES)
_SEEN_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RegionSignIn:
    """A valid sign-in above the counties, with the first region of the account."""

    sign_in: SignedIn
    region: str
    role: str


async def region_sign_in(
    database: Database, secret: str, *, now: datetime, factor_needed: bool
) -> RegionSignIn | None:
    """Who is signed in above the counties; outside the demo they all need a second factor."""
    if not secret:
        return None
    async with database.shared() as session:
        row = (
            await session.execute(REGION_OPENING, {"digest": session_digest(secret), "moment": now})
        ).first()
        if row is None or row.seen_at + _IDLE <= now:
            return None
        if now - row.seen_at >= _SEEN_EVERY:
            await session.execute(
                update(SignIn)
                .where(SignIn.id == row.sign_in_id, SignIn.seen_at < now)
                .values(seen_at=now)
            )
    sign_in = SignedIn(
        row.sign_in_id,
        row.account_id,
        row.login,
        row.has_second_factor,
        row.second_factor,
        wall_before(row, factor_needed=factor_needed),
    )
    return RegionSignIn(sign_in, row.region, row.role)


def open_region(
    database: Database, signed: RegionSignIn, *, now: datetime, locale: str
) -> RegionContext:
    """The context of a request above the counties, for a role that has a right there."""
    if not region_rights_of(signed.region, signed.role):
        raise NotAllowed("您的岗位没有这项权限。")
    return RegionContext(
        account_id=signed.sign_in.account_id,
        name=signed.sign_in.login,
        region=signed.region,
        role=signed.role,
        now=now,
        sessions=partial(database.region, signed.region),
        locale=locale,
    )
