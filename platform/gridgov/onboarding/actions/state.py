"""Suspending and resuming: a suspended tenant's pages and jobs rest, its data stay."""

from sqlalchemy import select

from gridgov.audit.actions import record
from gridgov.kernel.errors import Conflict, NotFound
from gridgov.onboarding.actions.carrying import Ground, context_of
from gridgov.tenants.models import TenantRecord


async def suspend_tenant(ground: Ground, slug: str, *, reason: str) -> None:
    """Take a county off the air until it is resumed."""
    await _set_state(ground, slug, "suspended", reason)


async def resume_tenant(ground: Ground, slug: str, *, reason: str) -> None:
    """Put a suspended county back on the air."""
    await _set_state(ground, slug, "active", reason)


async def _set_state(ground: Ground, slug: str, state: str, reason: str) -> None:
    row = await ground.session.scalar(
        select(TenantRecord).where(TenantRecord.slug == slug).with_for_update()
    )
    if row is None:
        raise NotFound("没有短名为“{slug}”的县。", slug=slug)
    if row.state == state:
        raise Conflict("“{name}”已经是这个状态。", name=row.name)
    row.state = state
    await ground.session.flush()
    verb = "tenant.suspended" if state == "suspended" else "tenant.resumed"
    record(await context_of(ground, row), verb, "tenant", row.id, reason=reason)
