"""What the residents' pages share: addresses, and counting who asks how often."""

from datetime import timedelta
from typing import Final

from gridgov.accounts.limits import Limit, first_refused, give_back
from gridgov.context import Context
from gridgov.kernel.db import Database
from gridgov.kernel.errors import TooMany
from gridgov.web.address import client_address
from gridgov.web.guard import release
from gridgov.web.urls import AnyRequest

GUESSES: Final = 30
"""So many addresses that nobody gave out may somebody try in an hour."""
_HOUR: Final = timedelta(hours=1)


async def count(
    ctx: Context, request: AnyRequest, what: str, most: int, *, also: str = ""
) -> list[Limit]:
    """Refuse who asks too often: by address, and by what is asked about.

    The count is kept whatever becomes of the request, so this one's connection is given back first.
    """
    await release(ctx)
    database: Database = request.app.state.database
    keys = [f"{what}|{ctx.tenant.id}|{client_address(request)}"]
    keys += [f"{what}|{ctx.tenant.id}|{also}"] if also else []
    limits = [Limit(key, most, _HOUR) for key in keys]
    if await first_refused(database, limits, now=ctx.now) is not None:
        raise TooMany("一小时内次数太多了，请过一会儿再试；急事请拨打 12345 或 110。")
    return limits


async def uncount(ctx: Context, limits: list[Limit]) -> None:
    """The same form sent twice is one report."""
    for limit in limits:
        await give_back(ctx.session, limit, ctx.now)
