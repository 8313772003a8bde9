"""What changes a tenant's own record."""

from sqlalchemy import update

from gridgov.context import Context
from gridgov.tenants.models import TenantRecord


async def count_policy_up(ctx: Context) -> None:
    """Who may do what has changed: every process compiles its actors anew at their next request.

    Called first, it also makes those who change rights at the same time wait for one another.
    """
    await ctx.session.execute(
        update(TenantRecord)
        .where(TenantRecord.id == ctx.tenant.id)
        .values(policy_version=TenantRecord.policy_version + 1)
        .execution_options(synchronize_session=False)
    )
