"""What accounts do by the clock: forget counters and sign-ins of days gone by."""

from datetime import time, timedelta
from typing import Final

from sqlalchemy import delete

from gridgov.accounts.limits import forget_old
from gridgov.accounts.models import SignIn
from gridgov.context import Context
from gridgov.kernel.schedules import Every

_KEPT: Final = timedelta(days=30)


async def tidy(ctx: Context) -> None:
    """Shared by all tenants, so whichever comes first does it for the others."""
    await forget_old(ctx.session, ctx.now)
    await ctx.session.execute(delete(SignIn).where(SignIn.expires_at < ctx.now - _KEPT))


every: Final = {"accounts.tidy": Every(days=1, at=time(3, 20), run=tidy)}
