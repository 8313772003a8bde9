"""A tenant as a place to work in, for whoever acts without a request: the worker, a command."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from gridgov.context import Context, Tenant
from gridgov.contract.actor import system_actor
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.crypto import Vault
from gridgov.kernel.db import Database
from gridgov.kernel.together import Together
from gridgov.policy import Policies, Policy
from gridgov.tenants.models import TenantRecord


def tenant_of(row: TenantRecord) -> Tenant:
    """The tenant as every context has it."""
    return Tenant(
        id=row.id,
        code=row.code,
        slug=row.slug,
        name=row.name,
        province=row.province,
        prefecture=row.prefecture,
        zone=row.zone,
        state=row.state,
        plugins=tuple(row.plugins),
        settings=row.settings,
        brand=row.brand,
        policy_version=row.policy_version,
    )


@dataclass(frozen=True, slots=True)
class Workplace:
    """One tenant with its policy and its keys."""

    database: Database
    tenant: Tenant
    policy: Policy
    vault: Vault
    together: Together
    files: Path | None = None

    @property
    def tenant_id(self) -> UUID:
        """Whose place it is."""
        return self.tenant.id

    @asynccontextmanager
    async def transaction(
        self, name: str, *, now: datetime | None = None
    ) -> AsyncGenerator[Context]:
        """A context of the system under this name: committed, or undone by an exception."""
        async with self.database.session(self.tenant.id) as session:
            yield Context(
                tenant=self.tenant,
                actor=system_actor(name),
                session=session,
                policy=self.policy,
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
    policies: Policies
    secret: bytes
    together: Together = field(default_factory=lambda: Together({}))
    files: Path | None = None

    def of(self, row: TenantRecord) -> Workplace:
        """Raises PolicyError if the tenant's plugins are not installed or do not fit together."""
        return Workplace(
            database=self.database,
            tenant=tenant_of(row),
            policy=self.policies.of(row.plugins),
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
