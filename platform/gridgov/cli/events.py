"""``gridgov events``: what waits, what is parked, which schedules fail; and trying again."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import select

from gridgov.audit.actions import record
from gridgov.cli.registry import Commands
from gridgov.context import Context
from gridgov.kernel import queue
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.db import Database
from gridgov.kernel.errors import NotFound
from gridgov.kernel.schedules import Schedule
from gridgov.kernel.settings import Settings
from gridgov.policy import Policies
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces

_STUCK = 2
_EVERY = "all"


def register(commands: Commands) -> None:
    """Add ``events`` with its verbs."""
    parser = commands.add_parser("events", help="what the worker has left to do")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    status = verbs.add_parser("status", help="what waits, is parked or fails (exit status 2)")
    status.add_argument("tenant", help="slug or division code")
    status.set_defaults(run=_status)
    replay = verbs.add_parser("replay", help="try again what was parked")
    replay.add_argument("tenant", help="slug or division code")
    replay.add_argument("delivery", help=f"its id as status tells it, or '{_EVERY}'")
    replay.set_defaults(run=_replay)


def _status(asked: argparse.Namespace) -> int:
    return _run(asked.tenant, "events status", _tell)


def _replay(asked: argparse.Namespace) -> int:
    async def replayed(ctx: Context) -> int:
        rows = await queue.parked(ctx.session, most=10_000)
        wanted = [row for row in rows if asked.delivery in (_EVERY, str(row.id))]
        if not wanted:
            raise NotFound("没有搁置的“{delivery}”。", delivery=asked.delivery)
        for row in wanted:
            await queue.replay(ctx.session, row.id, now=ctx.now)
            record(ctx, "event.replayed", "event", row.event_id, handler=row.handler)
        print(f"{len(wanted)} will be tried again.")
        return 0

    return _run(asked.tenant, "events replay", replayed)


async def _tell(ctx: Context) -> int:
    waiting, since = await queue.backlog(ctx.session)
    late = f", the oldest for {(now() - since).total_seconds():,.0f} s" if since else ""
    print(f"{waiting:,} events wait{late}.")
    parked = await queue.parked(ctx.session)
    for row in parked:
        when = row.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        print(f"parked {row.id}  {row.kind} for {row.handler}: {row.error}, {when}")
    failing = select(Schedule.job, Schedule.failures, Schedule.error).where(Schedule.failures > 0)
    jobs = (await ctx.session.execute(failing.order_by(Schedule.job))).all()
    for job in jobs:
        print(f"fails  {job.job}: {job.error}, {job.failures} times")
    return _STUCK if parked or jobs else 0


def _run(tenant: str, name: str, work: Callable[[Context], Awaitable[int]]) -> int:
    async def worked(settings: Settings) -> int:
        database = Database(settings, pooled=False)
        try:
            places = Workplaces(database, Rulebooks(Policies()), settings.secret)
            for one in await places.records(slug=tenant):
                async with places.of(one).transaction(name) as ctx:
                    return await work(ctx)
            raise NotFound("没有“{tenant}”这个县。", tenant=tenant)
        finally:
            await database.close()

    return asyncio.run(worked(Settings.from_env()))
