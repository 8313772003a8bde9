"""``gridgov tenant``: check a county's package, put it on the air, suspend and resume it."""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select

from gridgov.cli import reset_admin
from gridgov.cli.registry import Commands
from gridgov.cli.tokens import throw_away, write_tokens
from gridgov.contract.compliance import Switch
from gridgov.kernel.changes import Verb
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.db import Database
from gridgov.kernel.errors import NotFound, Refusal
from gridgov.kernel.ids import tenant_id_of
from gridgov.kernel.settings import Settings
from gridgov.onboarding.actions.carrying import Ground, find_standing, onboard_tenant
from gridgov.onboarding.actions.state import resume_tenant, suspend_tenant
from gridgov.onboarding.rules.compare import TABLES, compare
from gridgov.onboarding.rules.package import Checked, check
from gridgov.onboarding.types import Carried, Change, Diff, Package
from gridgov.policy import Policies
from gridgov.rooms import every_right
from gridgov.tenants.models import TenantRecord

_NEEDS_YES: Final = 2
_SHOWN: Final = 30
_CLIPPED: Final = 40
_VERBS: Final = {Verb.ADDED: "新增", Verb.CHANGED: "变更", Verb.CLOSED: "停用"}
_KEPT_OFF_SCREEN: Final = {"phone", "boundary"}
_STATES: Final = {"onboarding": "开通中", "active": "运行", "suspended": "已暂停"}


class Faulty(Refusal):
    """A package that cannot be carried out; the message lists every fault."""


def register(commands: Commands) -> None:
    """Add ``tenant`` with its verbs."""
    parser = commands.add_parser("tenant", help="the counties on this installation")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verb = verbs.add_parser("validate", help="check a package, name every fault, change nothing")
    verb.add_argument("folder", type=Path, metavar="DIR")
    verb.set_defaults(run=validate)
    verb = verbs.add_parser("onboard", help="open a county, or bring it up to its package")
    verb.add_argument("folder", type=Path, metavar="DIR")
    verb.add_argument("--dry-run", action="store_true", help="do everything, then undo it")
    verb.add_argument("--yes", action="store_true", help="apply changes to an open county")
    verb.add_argument("--tokens", type=Path, metavar="FILE", help="where the one-time tokens go")
    verb.set_defaults(run=onboard)
    verb = verbs.add_parser("list", help="the counties, their plugins and states")
    verb.set_defaults(run=list_tenants)
    for name, run, told in (
        ("suspend", suspend, "take a county off the air; its data stay"),
        ("resume", resume, "put it back on the air"),
    ):
        verb = verbs.add_parser(name, help=told)
        verb.add_argument("slug", metavar="SLUG")
        verb.add_argument("--reason", required=True, help="kept in the county's audit")
        verb.set_defaults(run=run)
    reset_admin.add_to(verbs)


def read_package(folder: Path) -> dict[str, bytes]:
    """The files of a package by name; hidden files and a read-me are no part of it."""
    if not folder.is_dir():
        raise NotFound("没有“{folder}”这个文件夹。", folder=folder)
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith((".", "README"))
    }


def validate(asked: argparse.Namespace) -> int:
    """Print every fault; exit status 1 if there is one."""
    began = time.perf_counter()
    checked = check(read_package(asked.folder), _policies())
    took = time.perf_counter() - began
    if checked.package is None:
        _print_faults(checked)
        return 1
    package = checked.package
    print(
        f"没有发现问题：{len(package.nodes)} 个节点、{len(package.departments)} 个部门、"
        f"{len(package.staff)} 人、{len(package.holdings)} 个岗位、"
        f"{len(package.bindings)} 项授权（用时 {took:.1f} 秒）。"
    )
    return 0


def onboard(asked: argparse.Namespace) -> int:
    """Open the county; an open one shows the difference and asks first."""
    checked = check(read_package(asked.folder), _policies(), on=frozenset(Switch))
    if checked.package is None:
        _print_faults(checked)
        return 1
    settings = Settings.from_env()
    package = checked.package
    if not asked.dry_run and not asked.yes:
        standing, diff = asyncio.run(_preview(settings, package))
        if standing and diff:
            _print_diff(diff)
            if not _agreed():
                print("没有改动。确认无误后加上 --yes 再运行。", file=sys.stderr)
                return _NEEDS_YES
    tokens: Path = asked.tokens or _tokens_file(package)
    carried = asyncio.run(_carry_out(settings, package, None if asked.dry_run else tokens))
    _print_diff(carried.diff)
    if asked.dry_run:
        print("这是试运行，没有改动任何数据。")
    elif carried.tokens:
        print(f"{len(carried.tokens)} 个新账号的一次性口令写在 {tokens}，首次登录时须改成密码。")
    return 0


def onboard_package(settings: Settings, folder: Path, *, tokens: Path) -> Carried:
    """Open or update a county without asking, for the demo; raises Faulty with every fault."""
    checked = check(read_package(folder), _policies(), on=frozenset(Switch))
    if checked.package is None:
        raise Faulty("\n".join(str(fault) for fault in checked.faults).replace("{", "{{"))
    return asyncio.run(_carry_out(settings, checked.package, tokens))


def list_tenants(_: argparse.Namespace) -> int:
    """One line for each county."""
    for row in asyncio.run(_tenants(Settings.from_env())):
        plugins = "、".join(row.plugins) or "没有插件"
        print(f"{row.code}  {row.slug:20}  {_STATES[row.state]}  {row.name}  {plugins}")
    return 0


def suspend(asked: argparse.Namespace) -> int:
    """Pages answer with an explanation, jobs rest."""
    asyncio.run(_set_state(Settings.from_env(), asked, active=False))
    print(f"“{asked.slug}”已暂停。")
    return 0


def resume(asked: argparse.Namespace) -> int:
    """As it was before."""
    asyncio.run(_set_state(Settings.from_env(), asked, active=True))
    print(f"“{asked.slug}”已恢复。")
    return 0


async def _preview(settings: Settings, package: Package) -> tuple[bool, Diff]:
    database = Database(settings, pooled=False)
    tenant_id = tenant_id_of(package.manifest.code)
    try:
        async with database.session(tenant_id) as session:
            ground = Ground(session, Policies(), settings.secret, now())
            there = await find_standing(ground, package.manifest.code)
            return there is not None, compare(there.package if there else None, package)
    finally:
        await database.close()


async def _carry_out(settings: Settings, package: Package, tokens: Path | None) -> Carried:
    """One transaction. The tokens are on disk before it commits, and gone if it does not."""
    database = Database(settings, pooled=False)
    written: Path | None = None
    try:
        async with database.open(tenant_id_of(package.manifest.code)) as session:
            ground = Ground(session, Policies(), settings.secret, now())
            carried = await onboard_tenant(ground, package)
            if tokens is None:
                await session.rollback()
                return carried
            if carried.tokens:
                written = write_tokens(tokens, carried.tokens)
            await session.commit()
            return carried
    except BaseException:
        throw_away(written)
        raise
    finally:
        await database.close()


def _tokens_file(package: Package) -> Path:
    return Path(f"tokens-{package.manifest.slug}-{now().astimezone(CHINA):%Y%m%d-%H%M%S}.csv")


async def _tenants(settings: Settings) -> Sequence[TenantRecord]:
    database = Database(settings, pooled=False)
    try:
        async with database.shared() as session:
            found = await session.scalars(select(TenantRecord).order_by(TenantRecord.code))
            return found.all()
    finally:
        await database.close()


async def _set_state(settings: Settings, asked: argparse.Namespace, *, active: bool) -> None:
    database = Database(settings, pooled=False)
    try:
        tenant_id = await _id_of(database, asked.slug)
        async with database.session(tenant_id) as session:
            ground = Ground(session, Policies(), settings.secret, now())
            act = resume_tenant if active else suspend_tenant
            await act(ground, asked.slug, reason=asked.reason)
    finally:
        await database.close()


async def _id_of(database: Database, slug: str) -> UUID:
    async with database.shared() as session:
        found = await session.scalar(select(TenantRecord.id).where(TenantRecord.slug == slug))
    if found is None:
        raise NotFound("没有短名为“{slug}”的县。", slug=slug)
    return found


def _agreed() -> bool:
    return sys.stdin.isatty() and input("应用这些变更？输入 yes：").strip() == "yes"


def _print_faults(checked: Checked) -> None:
    for fault in checked.faults:
        print(fault)
    print(f"共 {len(checked.faults)} 处问题，没有改动任何数据。", file=sys.stderr)


def _print_diff(diff: Diff) -> None:
    if not diff:
        print("与已开通的内容一致，没有变更。")
        return
    for table, name in TABLES.items():
        parts = [f"{word} {n}" for verb, word in _VERBS.items() if (n := len(diff.of(table, verb)))]
        if parts:
            print(f"{name}：{'，'.join(parts)}")
    telling = [change for change in diff.changes if change.verb is not Verb.ADDED]
    for change in telling[:_SHOWN]:
        print(f"  {_VERBS[change.verb]} {TABLES[change.table]} {change.key}{_told(change)}")
    if len(telling) > _SHOWN:
        print(f"  ……另有 {len(telling) - _SHOWN} 处变更或停用")


def _told(change: Change) -> str:
    said = [
        name if name in _KEPT_OFF_SCREEN else f"{name} {_clip(old)} → {_clip(new)}"
        for name, old, new in change.fields
    ]
    return f"：{'；'.join(said)}" if said else ""


def _clip(value: object) -> str:
    text = str(value)
    return text if len(text) <= _CLIPPED else text[:_CLIPPED] + "…"


def _policies() -> Policies:
    """With all rights that rooms and plugins know, for a manifest may name others in its roles."""
    policies = Policies()
    policies.rights = every_right()
    return policies
