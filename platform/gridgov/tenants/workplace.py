"""A tenant as a place to work in, for whoever acts without a request: the worker, a command."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gridgov.context import Context, Tenant
from gridgov.contract.actor import system_actor
from gridgov.contract.settings import from_kept
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.crypto import Vault
from gridgov.kernel.db import Database
from gridgov.kernel.together import Together
from gridgov.tenants.models import TenantRecord
from gridgov.tenants.rulebooks import Rulebooks


def tenant_of(row: TenantRecord) -> Tenant:
    """The tenant as every context has it."""
    return Tenant(
        id=row.id,
        code=row.code,
        slug=row.slug,
        name=row.name,
        province=row.province,
        prefecture=row.prefecture,
        zone=ZoneInfo(row.zone),
        state=row.state,
        plugins=tuple(row.plugins),
        settings=from_kept(row.settings),
        brand=row.brand,
        policy_version=row.policy_version,
    )


@dataclass(frozen=True, slots=True)
class Workplace:
    """One tenant with its keys; its policy is read with each transaction."""

    database: Database
    record: TenantRecord
    rulebooks: Rulebooks
    vault: Vault
    together: Together
    files: Path | None = None

    @property
    def tenant_id(self) -> UUID:
        """Whose place it is."""
        return self.record.id

    @property
    def tenant(self) -> Tenant:
        """The tenant as every context has it."""
        return tenant_of(self.record)

    @asynccontextmanager
    async def transaction(
        self, name: str, *, now: datetime | None = None
    ) -> AsyncGenerator[Context]:
        """A context of the system under this name: committed, or undone by an exception.

        PolicyError if what the tenant runs cannot be read.
        """
        async with self.database.session(self.tenant_id) as session:
            yield Context(
                tenant=self.tenant,
                actor=system_actor(name),
                session=session,
                policy=await self.rulebooks.of(session, self.record),
                now=now or this_moment(),
                vault=self.vault,
                together=self.together,
                files=self.files,
            )
        for later in session.info.pop("after_commit", ()):
            later()


@dataclass(frozen=True, slots=True)
class Workplaces:
    """Every tenant's, made from its record."""

    database: Database
    rulebooks: Rulebooks
    secret: bytes
    together: Together = field(default_factory=lambda: Together({}))
    files: Path | None = None

    def of(self, row: TenantRecord) -> Workplace:
        """The place of the tenant with this record."""
        return Workplace(
            database=self.database,
            record=row,
            rulebooks=self.rulebooks,
            vault=Vault.unwrap(self.secret, row.id, row.data_key),
            together=self.together,
            files=self.files,
        )

    async def records(
        self, *, slug: str | None = None, state: str | None = None
    ) -> Sequence[TenantRecord]:
        """The tenants' records, all or those asked for; a code does as well as a slug."""
        query = select(TenantRecord).order_by(TenantRecord.code)
        if slug is not None:
            query = query.where((TenantRecord.slug == slug) | (TenantRecord.code == slug))
        if state is not None:
            query = query.where(TenantRecord.state == state)
        async with self.database.shared() as session:
            return (await session.scalars(query)).all()
