"""``gridgov audit``: is the chain whole, and where does it stand?"""

import argparse
import asyncio
import time
from pathlib import Path

from gridgov.audit import checkpoints
from gridgov.audit.chain import Fault, Head, Verdict
from gridgov.audit.checkpoints import Checkpoint
from gridgov.audit.verifying import head, verify
from gridgov.cli.registry import Commands
from gridgov.context import Context
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.errors import NotFound
from gridgov.kernel.settings import Settings
from gridgov.policy import Policies
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplace, Workplaces

_BROKEN = 2
_SENTENCES = {
    Fault.CHANGED: "第 {seq} 条和当初写下的不一样",
    Fault.MISSING: "第 {seq} 条起的记录不在了",
    Fault.MOVED: "第 {seq} 条接不上前一条：是插进来的，或者挪动过",
    Fault.CUT: "第 {seq} 条起的记录被截掉了",
    Fault.FOREIGN: "第 {seq} 条不是存证里的那一条：整条链重写过",
}


def register(commands: Commands) -> None:
    """Add ``audit`` with its verbs."""
    parser = commands.add_parser("audit", help="check that nobody has changed the audit")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    checking = verbs.add_parser("verify", help="find changed, missing, inserted and moved entries")
    checking.add_argument("tenant", help="slug or division code")
    checking.add_argument("--against", type=Path, help="a checkpoint's file: finds a cut tail too")
    checking.set_defaults(run=run_verify)
    marking = verbs.add_parser("checkpoint", help="write down where the chain stands, signed")
    marking.add_argument("tenant", help="slug or division code")
    marking.add_argument("--file", type=Path, help="add it as a line to this file")
    marking.set_defaults(run=run_checkpoint)


def run_verify(asked: argparse.Namespace) -> int:
    """Say what was found; status 2 if anything."""
    settings = Settings.from_env()
    return asyncio.run(_verify(settings, asked.tenant, asked.against))


def run_checkpoint(asked: argparse.Namespace) -> int:
    """Print the checkpoint, and keep it if asked to."""
    settings = Settings.from_env()
    line = asyncio.run(_checkpoint(settings, asked.tenant))
    print(line, end="")
    if asked.file is not None:
        with asked.file.open("a") as file:
            file.write(line)
    return 0


async def _verify(settings: Settings, tenant: str, against: Path | None) -> int:
    database = Database(settings, pooled=False)
    try:
        place = await _place(settings, database, tenant)
        mark = None if against is None else _mark(settings, against, place)
        began = time.perf_counter()
        async with place.transaction("audit verify") as ctx:
            verdict = await verify(ctx, checkpoint=mark)
        return _tell(verdict, place, mark, time.perf_counter() - began)
    finally:
        await database.close()


async def _checkpoint(settings: Settings, tenant: str) -> str:
    database = Database(settings, pooled=False)
    try:
        place = await _place(settings, database, tenant)
        async with place.transaction("audit checkpoint") as ctx:
            return checkpoints.write(await _mark_of(settings, ctx))
    finally:
        await database.close()


async def _mark_of(settings: Settings, ctx: Context) -> Checkpoint:
    kept = await head(ctx)
    if kept is None:
        raise NotFound("“{tenant}”还没有审计记录。", tenant=ctx.tenant.slug)
    said = Checkpoint(
        tenant=ctx.tenant.code, seq=kept.seq, hash=kept.hash.hex(), at=now().isoformat()
    )
    return checkpoints.sign(settings.secret, said)


async def _place(settings: Settings, database: Database, tenant: str) -> Workplace:
    places = Workplaces(database, Rulebooks(Policies()), settings.secret)
    for record in await places.records(slug=tenant):
        return places.of(record)
    raise NotFound("没有“{tenant}”这个县。", tenant=tenant)


def _mark(settings: Settings, path: Path, place: Workplace) -> Head:
    text = path.read_text()
    return checkpoints.read(settings.secret, text, tenant=place.tenant.code).head


def _tell(verdict: Verdict, place: Workplace, mark: Head | None, seconds: float) -> int:
    rate = verdict.entries / seconds if seconds else 0.0
    print(f"{place.tenant.slug}：{verdict.entries:,} 条记录，每秒核对 {rate:,.0f} 条")
    for finding in verdict.findings:
        print(f"  {_SENTENCES[finding.fault].format(seq=finding.seq)}")
    if verdict.faults > len(verdict.findings):
        print(f"  ……另有 {verdict.faults - len(verdict.findings):,} 处")
    if verdict.faults:
        print("审计链断了。")
        return _BROKEN
    print("审计链完整" + (f"，存证里的第 {mark.seq:,} 条也在。" if mark else "。"))
    return 0
