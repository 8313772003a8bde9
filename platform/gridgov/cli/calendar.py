"""``gridgov calendar``: load the year's official notice, and see how far the calendar reaches."""

import argparse
import asyncio
import sys
from pathlib import Path

from gridgov.calendar.loading import load_year
from gridgov.calendar.lookup import horizon_from
from gridgov.calendar.notice import NoticeReading, read_notice
from gridgov.calendar.types import Horizon, YearPlan
from gridgov.cli.registry import Commands
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.db import Database
from gridgov.kernel.settings import Settings


def register(commands: Commands) -> None:
    """Add ``calendar`` with its verbs."""
    parser = commands.add_parser("calendar", help="the working days")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verb = verbs.add_parser("load", help="load the official notice of a year (JSON)")
    verb.add_argument("file", type=Path, metavar="FILE", help="year, papers, days")
    verb.add_argument("--dry-run", action="store_true", help="check the file, change nothing")
    verb.set_defaults(run=load)
    verb = verbs.add_parser("horizon", help="until when the working days are official")
    verb.set_defaults(run=horizon)


def load(asked: argparse.Namespace) -> int:
    """Check the whole file, name every fault; load it if there is none."""
    try:
        reading = read_notice(asked.file.read_bytes())
    except OSError as fault:
        print(f"{asked.file}：打不开（{fault.strerror}）。", file=sys.stderr)
        return 1
    _show(asked.file, reading)
    if reading.plan is None:
        return 1
    if asked.dry_run:
        print(f"{asked.file}：{reading.plan.year} 年，可以装载。没有改动任何数据。")
        return 0
    version = asyncio.run(_load(Settings.from_env(), reading.plan))
    if version is None:
        print(f"{reading.plan.year} 年的安排已经是这样，没有改动。")
    else:
        print(f"{reading.plan.year} 年已装载为第 {version} 版；各县的未结时限随后由后台重算。")
    return 0


def horizon(_: argparse.Namespace) -> int:
    """Tell until when; exit status 2 if the next notice is overdue."""
    reach = asyncio.run(_horizon(Settings.from_env()))
    print(f"工作日历正式到 {reach.official_until}，还有 {reach.days} 天。")
    if reach.alarm:
        print("下一年的放假通知还没有装载：gridgov calendar load FILE", file=sys.stderr)
        return 2
    return 0


def _show(file: Path, reading: NoticeReading) -> None:
    for fault in reading.faults:
        print(f"{file}：{fault}", file=sys.stderr)
    for remark in reading.remarks:
        print(f"{file}：提醒：{remark}", file=sys.stderr)


async def _load(settings: Settings, plan: YearPlan) -> int | None:
    database = Database(settings, pooled=False)
    async with database.shared() as session:
        version = await load_year(session, plan, now=now())
    await database.close()
    return version


async def _horizon(settings: Settings) -> Horizon:
    database = Database(settings, pooled=False)
    async with database.shared() as session:
        reach = await horizon_from(session, now().astimezone(CHINA).date())
    await database.close()
    return reach
