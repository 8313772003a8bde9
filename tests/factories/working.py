"""Places to work in, and handlers that leave a trace."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from factories.contexts import Grounds
from factories.packages import tiny_policies
from gridgov.context import Context
from gridgov.kernel.db import Database
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import Event, Handler, emit
from gridgov.kernel.settings import Settings
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplace, Workplaces
from gridgov.testkit.clock import NOON
from gridgov.testkit.counties import ACounty, installed_policies
from gridgov.web.models import Operation


async def a_place(grounds: Grounds) -> Workplace:
    """The tenant as a worker works in it."""
    places = Workplaces(grounds.database, Rulebooks(tiny_policies()), grounds.settings.secret)
    (record,) = await places.records(slug=grounds.tenant.slug)
    return places.of(record)


async def place_in(county: ACounty, database: Database, settings: Settings) -> Workplace:
    """The onboarded county as a worker works in it."""
    rulebooks = Rulebooks(installed_policies())
    places = Workplaces(database, rulebooks, settings.secret, files=settings.files)
    (record,) = await places.records(slug=county.tenant.slug)
    return places.of(record)


async def leave_trace(ctx: Context, event: Event, name: str) -> None:
    """A row for each run: two rows are two effects."""
    await ctx.session.execute(
        insert(Operation).values(
            tenant_id=ctx.tenant.id,
            id=new_id(),
            account_id=event.id,
            digest=b"",
            location=name,
            at=ctx.now,
        )
    )


def tracing(name: str) -> Handler:
    """A handler that leaves a trace."""

    async def run(ctx: Context, event: Event) -> None:
        await leave_trace(ctx, event, name)

    return Handler(name, run)


def failing(name: str, *, times: int = 10**9) -> Handler:
    """A handler that leaves a trace and fails that many times."""
    left = [times]

    async def run(ctx: Context, event: Event) -> None:
        await leave_trace(ctx, event, name)
        if left[0]:
            left[0] -= 1
            raise LookupError("电话 19900000000")

    return Handler(name, run)


async def traces(database: Database, place: Workplace) -> dict[str, int]:
    """How many effects each handler has."""
    async with database.session(place.tenant_id) as session:
        rows = await session.execute(
            select(Operation.location, func.count()).group_by(Operation.location)
        )
        return dict(rows.all())  # type: ignore[arg-type]


async def tell(
    place: Workplace,
    kind: str = "thing.done",
    *,
    times: int = 1,
    at: datetime = NOON,
    **payload: Any,
) -> None:
    """Emit events in one transaction."""
    async with place.transaction("test") as ctx:
        for _ in range(times):
            await emit(ctx.session, place.tenant_id, kind, new_id(), at=at, **payload)
