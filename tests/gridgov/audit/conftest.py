"""A chain, and somebody with all powers over the database who tampers with it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import make_url

from factories.contexts import Grounds, a_tenant
from factories.working import a_place
from gridgov.audit.actions import record
from gridgov.audit.chain import Fault, Head, Verdict
from gridgov.audit.verifying import verify
from gridgov.tenants.workplace import Workplace


@dataclass(frozen=True)
class Chain:
    """A tenant's chain of entries, numbered from 1."""

    grounds: Grounds
    place: Workplace
    sql: Callable[[str], list[str]]

    async def write(self, *verbs: str) -> None:
        """One entry per transaction."""
        for verb in verbs:
            async with self.place.transaction("tester") as ctx:
                record(ctx, verb, "thing", ctx.tenant.id, level=1, share=0.5, note="中文")

    def tamper(self, statement: str) -> None:
        """As a superuser, on this tenant's rows; ``{mine}`` is the condition for them."""
        self.sql(statement.format(mine=f"tenant_id = '{self.grounds.tenant.id}'"))

    async def check(self, checkpoint: Head | None = None) -> Verdict:
        """Look at the whole chain."""
        async with self.place.transaction("tester") as ctx:
            return await verify(ctx, checkpoint=checkpoint)

    async def faults(self, checkpoint: Head | None = None) -> list[tuple[int, Fault]]:
        """What is wrong."""
        verdict = await self.check(checkpoint)
        return [(finding.seq, finding.fault) for finding in verdict.findings]


@pytest.fixture
async def chain(database, settings, stack) -> Chain:
    grounds = await a_tenant(database, settings)
    name = make_url(settings.database_url).database
    made = Chain(
        grounds, await a_place(grounds), lambda sql: stack.sql(sql, database=name or "postgres")
    )
    await made.write(*(f"thing.done{number}" for number in range(1, 9)))
    return made
