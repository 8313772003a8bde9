"""A county of its own and contexts in it, for tests of the ground floor."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert

from factories.packages import tiny_policies
from gridgov.audit.models import AuditHead
from gridgov.context import Context, Tenant
from gridgov.contract.actor import Actor, Scope
from gridgov.contract.settings import ALWAYS, Chosen, Value, Versions
from gridgov.kernel.clock import CHINA
from gridgov.kernel.crypto import Vault, new_data_key
from gridgov.kernel.db import Database
from gridgov.kernel.ids import new_id
from gridgov.kernel.settings import Settings
from gridgov.kernel.together import Together
from gridgov.tenants.models import TenantRecord
from gridgov.tenants.rulebooks import keep_rulebook
from gridgov.testkit.clock import NOON


def chosen(since: date = ALWAYS, **values: Value | None) -> Versions:
    """What a tenant chose from a day on; several are added to one another."""
    return (Chosen(since, values),)


@dataclass(frozen=True)
class Grounds:
    """A tenant with nothing in it but what every tenant has."""

    database: Database
    settings: Settings
    tenant: Tenant
    vault: Vault

    @asynccontextmanager
    async def opened(
        self,
        *rights: str,
        account: UUID | None = None,
        now: datetime = NOON,
        settings: Versions = (),
        keep: bool = True,
    ) -> AsyncIterator[Context]:
        """One transaction of an actor with these rights; ``keep=False`` rolls it back."""
        actor = Actor(
            account_id=account or new_id(),
            staff_id=None,
            name="测试·王一",
            title="测试员",
            rights={right: (Scope(""),) for right in rights},
        )
        tenant = replace(self.tenant, settings=settings)
        async with self.database.open(tenant.id) as session:
            policy = tiny_policies().of(tenant.plugins)
            yield Context(
                tenant,
                actor,
                session,
                policy,
                now,
                self.vault,
                Together({}),
                files=self.settings.files,
            )
            await (session.commit() if keep else session.rollback())


async def a_tenant(database: Database, settings: Settings) -> Grounds:
    """A new active tenant under a made-up code."""
    tenant_id = new_id()
    code = f"99{secrets.randbelow(10_000):04d}"
    wrapped = new_data_key(settings.secret, tenant_id)
    tenant = Tenant(
        id=tenant_id,
        code=code,
        slug=secrets.token_hex(8).translate(str.maketrans("0123456789", "ghijklmnop")),
        name="测试县",
        province="99",
        prefecture=code[:4],
        zone=CHINA,
        state="active",
        plugins=("tiny",),
        settings=(),
        brand={"accent": "qinghua", "mark": "测"},
        policy_version=1,
    )
    async with database.session(tenant_id) as session:
        await session.execute(
            insert(TenantRecord).values(
                id=tenant_id,
                code=f"{code}-{tenant.slug}",
                slug=tenant.slug,
                name=tenant.name,
                province=tenant.province,
                prefecture=tenant.prefecture,
                zone=tenant.zone.key,
                state=tenant.state,
                plugins=list(tenant.plugins),
                settings=[],
                tables={},
                brand=dict(tenant.brand),
                data_key=wrapped,
                created_at=NOON,
            )
        )
        await keep_rulebook(
            session, tenant_id, tiny_policies().resolve(tenant.plugins), at=NOON, by="测试"
        )
        await session.execute(
            insert(AuditHead).values(tenant_id=tenant_id, id=tenant_id, seq=0, hash=bytes(32))
        )
    return Grounds(database, settings, tenant, Vault.unwrap(settings.secret, tenant_id, wrapped))
