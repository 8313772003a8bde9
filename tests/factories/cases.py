"""People of our small county at work on cases, and cases as far along as a test needs them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.cases.actions.performing import Performed, perform
from gridgov.cases.actions.reporting import Reported
from gridgov.cases.jobs import on
from gridgov.context import Context
from gridgov.contract.actor import NOBODY, Actor, system_actor
from gridgov.contract.settings import Versions
from gridgov.kernel.crypto import Vault
from gridgov.kernel.db import Database
from gridgov.kernel.outbox import Event, OutboxEvent
from gridgov.kernel.together import Together
from gridgov.policy import Policy
from gridgov.testkit import cases
from gridgov.testkit.clock import NOON
from gridgov.testkit.contexts import in_role
from gridgov.testkit.counties import ACounty, Node


@dataclass
class Crew:
    """The people of a county: ``crew.acting("dispatcher")`` opens a transaction of one of them."""

    database: Database
    county: ACounty
    now: datetime = NOON
    settings: Versions = ()
    together: Together = field(default_factory=lambda: Together({}))

    @property
    def policy(self) -> Policy:
        """What the county declares."""
        return self.county.policy

    def later(self, **by: float) -> datetime:
        """Turn the clock forward."""
        self.now += timedelta(**by)
        return self.now

    def actor(self, role: str, **where: Any) -> Actor:
        """The county's account with the role, or another person with it elsewhere."""
        return in_role(self.county, role, **where)

    @asynccontextmanager
    async def as_actor(
        self, actor: Actor, *, now: datetime | None = None
    ) -> AsyncIterator[Context]:
        """One transaction of this actor."""
        async with self.database.session(self.county.tenant.id) as session:
            yield self.context(session, actor, now=now)

    def context(
        self, session: AsyncSession, actor: Actor, *, now: datetime | None = None
    ) -> Context:
        """This actor in a transaction that has begun."""
        tenant = replace(self.county.tenant, settings=self.settings)
        return Context(
            tenant=tenant,
            actor=actor,
            session=session,
            policy=self.policy,
            now=now or self.now,
            vault=Vault(tenant.id, bytes(32)),
            together=self.together,
        )

    @asynccontextmanager
    async def acting(self, role: str, **where: Any) -> AsyncIterator[Context]:
        """One transaction of a person with the role."""
        async with self.as_actor(self.actor(role, **where)) as ctx:
            yield ctx

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Context]:
        """One transaction of a job."""
        async with self.as_actor(system_actor("测试")) as ctx:
            yield ctx

    @asynccontextmanager
    async def resident(self) -> AsyncIterator[Context]:
        """One transaction of somebody without an account."""
        async with self.as_actor(NOBODY) as ctx:
            yield ctx

    async def report(self, role: str = "worker", **what: Any) -> Reported:
        """A new case by a person with the role."""
        async with self.acting(role) as ctx:
            return await a_case(ctx, self.county.at("grid"), **what)

    async def does(
        self,
        role: str,
        case_id: UUID,
        code: str,
        fields: Mapping[str, Any] | None = None,
        **where: Any,
    ) -> Performed:
        """One action in a transaction of its own."""
        async with self.acting(role, **where) as ctx:
            return await perform(ctx, case_id, code, {**self.filled(code), **(fields or {})})

    def filled(self, code: str) -> dict[str, Any]:
        """Something plausible for every field that an action requires."""
        kind = self.policy.county.case_kinds[0]
        return cases.filled(self.county, next(a for a in kind.actions if a.code == code), {})

    async def brought_to(self, state: str, **what: Any) -> UUID:
        """A case that went the usual way as far as ``state``."""
        case_id = (await self.report(**what)).case_id
        for reached, role, code in USUAL_WAY:
            if state == "reported":
                break
            await self.does(role, case_id, code)
            if reached == state:
                break
        return case_id


USUAL_WAY = (
    ("filed", "dispatcher", "file"),
    ("dispatched", "dispatcher", "dispatch"),
    ("handling", "handler", "accept"),
    ("handled", "handler", "finish"),
    ("closed", "dispatcher", "close"),
    ("evaluated", "worker", "rate"),
)
"""State reached, who does it, and by what. The dispatcher of the centre may work at every desk."""


async def a_case(ctx: Context, node: Node, *, category: str = "E0102", **what: Any) -> Reported:
    """A new case on the node."""
    return await cases.a_case(ctx, node, category=category, **what)


async def run_events(crew: Crew, *kinds: str) -> None:
    """What the relay would do: every handler once for every event."""
    async with crew.system() as ctx:
        rows = (await ctx.session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))).all()
        for row in rows:
            if row.kind in on and (not kinds or row.kind in kinds):
                event = Event(
                    row.id, row.tenant_id, row.kind, row.subject, row.actor, row.payload, row.at
                )
                handlers = on[row.kind]
                for run in handlers if isinstance(handlers, list) else [handlers]:
                    await run(ctx, event)
