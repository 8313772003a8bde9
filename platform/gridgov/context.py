"""Who is asking, in which tenant, with what to hand. Nothing works without one."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.contract.actor import Actor
from gridgov.contract.settings import Versions, value_on
from gridgov.kernel import clock
from gridgov.kernel.crypto import Vault
from gridgov.kernel.outbox import emit
from gridgov.kernel.together import Together
from gridgov.policy import Policy


@dataclass(frozen=True, slots=True)
class Tenant:
    """One county on the platform, as every request sees it."""

    id: UUID
    code: str
    slug: str
    name: str
    province: str
    prefecture: str
    zone: ZoneInfo
    state: str
    plugins: tuple[str, ...]
    settings: Versions
    brand: Mapping[str, str]
    policy_version: int

    def day_of(self, at: datetime) -> date:
        """Which day it is there."""
        return self.local(at).date()

    def last_day(self, end: datetime) -> date:
        """The last day of a time that ends there."""
        return clock.last_day(end, self.zone)

    def local(self, at: datetime) -> datetime:
        """What the clocks there show."""
        return at.astimezone(self.zone)

    def midnight(self, day: date) -> datetime:
        """When a day begins there."""
        return datetime.combine(day, time(), self.zone)


@dataclass(frozen=True, slots=True)
class Context:
    """A request opens one, a job opens one, a test opens one."""

    tenant: Tenant
    actor: Actor
    session: AsyncSession  # cut to the tenant, see kernel.db
    policy: Policy
    now: datetime  # one clock per request
    vault: Vault
    together: Together
    locale: str = "zh"
    files: Path | None = None  # the root of the kept files; None where none are touched

    @property
    def today(self) -> date:
        """The day in the tenant's zone."""
        return self.tenant.day_of(self.now)

    def setting(self, code: str, on: date | None = None) -> Any:
        """What holds on a day, today unless another is named; KeyError for what never was."""
        chosen = value_on(self.tenant.settings, code, on or self.today)
        return self.policy.defaults_ever[code] if chosen is None else chosen


async def tell_rooms(ctx: Context, kind: str, subject: UUID, **payload: Any) -> None:
    """Write an event for whoever listens: rooms above, and the county's plugins."""
    actor = ctx.actor.account_id
    await emit(ctx.session, ctx.tenant.id, kind, subject, at=ctx.now, actor=actor, **payload)


@dataclass(frozen=True, slots=True)
class RegionContext:
    """A request above the counties. ``sessions()`` opens a read-only transaction on the region."""

    account_id: UUID
    name: str
    region: str
    role: str
    now: datetime
    sessions: Callable[[], AbstractAsyncContextManager[AsyncSession]]
    locale: str = "zh"
