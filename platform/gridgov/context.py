"""Who is asking, in which tenant, with what to hand. Nothing works without one."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.contract.actor import Actor
from gridgov.kernel.crypto import Vault
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
    zone: str
    state: str
    plugins: tuple[str, ...]
    settings: Mapping[str, Any]
    brand: Mapping[str, str]
    policy_version: int


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

    def setting(self, code: str) -> Any:
        """A setting of the tenant, or the county's default; KeyError if none is declared."""
        value = self.tenant.settings.get(code)
        return self.policy.defaults[code] if value is None else value


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
