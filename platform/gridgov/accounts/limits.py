"""How often something may be done, counted in the database so that all processes agree.

A counter is spent in a transaction of its own: what is then refused has still been counted. The
window slides: what is left of the one before weighs in, so that no moment allows twice as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from gridgov.accounts.models import Attempt
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.db import Database
from gridgov.kernel.ready import Ready

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
_KEPT: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` times ``per`` this span, for this key (what|tenant|who)."""

    key: str
    most: int
    per: timedelta

    def window(self, now: datetime) -> datetime:
        """Where the running window began."""
        return _EPOCH + (now - _EPOCH) // self.per * self.per


async def allow(
    database: Database, key: str, limit: int, per: timedelta, *, now: datetime | None = None
) -> bool:
    """Count one use of ``key``; False if it was one too many. Exact over all processes.

    Needs a connection of its own: a request that holds one gives it back first (``guard.release``).
    """
    return await first_refused(database, [Limit(key, limit, per)], now=now) is None


async def first_refused(
    database: Database, limits: Sequence[Limit], *, now: datetime | None = None
) -> Limit | None:
    """Count one use of each, up to the first that refuses."""
    moment = now or this_moment()
    async with database.shared() as session:
        for limit in limits:
            if not await _spend(session, limit, moment):
                return limit
    return None


_BEFORE: Final = aliased(Attempt)
_SPENDING: Final = Ready(
    insert(Attempt)
    .values(key=bindparam("key"), since=bindparam("since"), count=1)
    .on_conflict_do_update(
        index_elements=[Attempt.key, Attempt.since],
        set_={"count": func.least(Attempt.count + 1, bindparam("most", type_=BigInteger) + 1)},
    )
    .returning(
        Attempt.count,
        func.coalesce(
            select(_BEFORE.count)
            .where(_BEFORE.key == bindparam("key"), _BEFORE.since == bindparam("before"))
            .scalar_subquery(),
            0,
        ),
    )
)


async def _spend(session: AsyncSession, limit: Limit, now: datetime) -> bool:
    since = limit.window(now)
    found: Any = await _SPENDING.row(
        session, key=limit.key, since=since, before=since - limit.per, most=limit.most
    )
    count, earlier = found
    left = 1 - (now - since) / limit.per
    return int(count) + int(min(earlier, limit.most) * left) <= limit.most


async def give_back(session: AsyncSession, limit: Limit, now: datetime) -> None:
    """This use was a good one and shall not count."""
    await session.execute(
        update(Attempt)
        .where(Attempt.key == limit.key, Attempt.since == limit.window(now), Attempt.count > 0)
        .values(count=Attempt.count - 1)
    )


async def forget(session: AsyncSession, keys: Sequence[str]) -> None:
    """A success wipes what was counted against these keys."""
    await session.execute(delete(Attempt).where(Attempt.key.in_(keys)))


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Counters of days gone by."""
    await session.execute(delete(Attempt).where(Attempt.since < now - _KEPT))
