"""``gridgov plugin list, preview, enable, disable, upgrade``: which county runs which plugins."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from gridgov.cli.registry import Commands
from gridgov.context import Context
from gridgov.grid.queries.nodes import node_by_code
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Conflict, NotFound
from gridgov.kernel.settings import Settings
from gridgov.policy import Policies
from gridgov.rulebook.actions.changing import change_rules, preview_change
from gridgov.rulebook.queries.standing import wish_of
from gridgov.rulebook.rules.plugins import rows_of, with_plugin, without_plugin
from gridgov.rulebook.types import Preview, Verb, Wish
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces

OPERATOR: Final = "平台运维"
_NEEDS_YES: Final = 2
_VERBS: Final = {Verb.NEW: "新增", Verb.CHANGED: "有变", Verb.GONE: "去掉"}

T = TypeVar("T")
Work = Callable[[Context, Policies], Awaitable[T]]


def register(verbs: Commands) -> None:
    """Add the verbs."""
    verb = verbs.add_parser("list", help="what is installed, what is left out and why, who runs it")
    verb.set_defaults(run=_list)
    for name, wished, told in (
        ("enable", _enabled, "let a county run it, as it is installed now"),
        ("disable", _disabled, "let a county run without it; its data stay"),
        ("upgrade", _upgraded, "let a county run what is installed now instead of what it kept"),
        ("preview", _previewed, "what enable, or upgrade, would change; changes nothing"),
    ):
        verb = verbs.add_parser(name, help=told)
        verb.add_argument("name", metavar="NAME")
        verb.add_argument("--tenant", required=True, help="slug or division code")
        if name in {"enable", "preview"}:
            verb.add_argument("--at", default="", metavar="CODE", help="only below this node")
        if name != "preview":
            verb.add_argument("--yes", action="store_true", help="without asking")
        verb.set_defaults(run=_change if name != "preview" else _preview, wished=wished)


async def _enabled(ctx: Context, asked: argparse.Namespace) -> Wish:
    wish = await wish_of(ctx)
    if not asked.at:
        return with_plugin(wish, asked.name)
    node = await node_by_code(ctx, asked.at)
    if node is None:
        raise NotFound("没有编码为“{code}”的网格单元。", code=asked.at)
    return with_plugin(wish, asked.name, path=node.path)


async def _disabled(ctx: Context, asked: argparse.Namespace) -> Wish:
    return without_plugin(await wish_of(ctx), asked.name)


async def _upgraded(ctx: Context, asked: argparse.Namespace) -> Wish:
    wish = await wish_of(ctx)
    if asked.name not in ctx.policy.plugins:
        raise Conflict("“{name}”没有启用。", name=asked.name)
    return wish


async def _previewed(ctx: Context, asked: argparse.Namespace) -> Wish:
    enabled = asked.name in ctx.policy.plugins
    return await (_upgraded if enabled else _enabled)(ctx, asked)


def _list(_: argparse.Namespace) -> int:
    """Each plugin with its version; under it the counties that run it, and what waits there."""
    return asyncio.run(_listed(Settings.from_env()))


async def _listed(settings: Settings) -> int:
    policies = Policies()
    database = Database(settings, pooled=False)
    places = Workplaces(database, Rulebooks(policies), settings.secret)
    lines: dict[str, list[str]] = {plugin.name: [] for plugin in policies.plugins}
    try:
        for record in await places.records():
            async with places.of(record).transaction("plugin list") as ctx:
                wish = await wish_of(ctx)
                waits = (await preview_change(ctx, policies, wish)).differences
                running = ctx.policy.editions[0].rulebook
                for row in rows_of(running, wish, policies.plugins):
                    if row.runs is not None:
                        told = f"  {record.slug:20}  {row.runs or '—'}  {record.name}"
                        told += "  有新版本可以换上" if waits else ""
                        lines.setdefault(row.name, []).append(told)
    finally:
        await database.close()
    for name, counties in lines.items():
        plugin = policies.plugins.loaded.get(name)
        print(f"{name:22}  {plugin.version or '—' if plugin else '没有安装'}")
        print("\n".join(counties) if counties else "  没有县启用")
    for reason in policies.plugins.left_out.values():
        print(f"不能用  {reason}")
    return 0


def _preview(asked: argparse.Namespace) -> int:
    async def previewed(ctx: Context, policies: Policies) -> int:
        preview = await preview_change(ctx, policies, await asked.wished(ctx, asked))
        _tell(preview)
        return 1 if preview.reasons else 0

    return _run(asked, previewed)


def _change(asked: argparse.Namespace) -> int:
    async def changed(ctx: Context, policies: Policies) -> int:
        wish = await asked.wished(ctx, asked)
        preview = await preview_change(ctx, policies, wish)
        _tell(preview)
        if preview.reasons:
            return 1
        if preview.anything and not asked.yes and not _agreed():
            print("没有改动。确认无误后加上 --yes 再运行。", file=sys.stderr)
            return _NEEDS_YES
        if preview.anything:
            await change_rules(ctx, policies, wish, seen=preview.digest)
            print(f"“{ctx.tenant.name}”从现在起按这套规则办。")
        return 0

    return _run(asked, changed)


def _tell(preview: Preview) -> None:
    """Every difference, what becomes of open cases, and every reason against it."""
    for one in preview.differences:
        print(f"{_VERBS[one.verb]} {one.group} {one.name} {one.code}".rstrip())
        for detail in one.details:
            print(f"     {detail.what}：{detail.before or '—'} → {detail.after or '—'}")
    for carry, count in preview.carried:
        moved = f"从“{carry.state}”转到“{carry.to.name}”，改按第 {carry.to_version} 版办"
        print(f"{count} 件事件{moved}。")
    if preview.reasons:
        print("不能这样改：", file=sys.stderr)
    if preview.unusable:
        print("插件自己有错，要由它的作者改好。下面是给作者的原文。", file=sys.stderr)
    for reason in preview.reasons:
        print(f"  {reason}", file=sys.stderr)
    if not preview.anything and not preview.reasons:
        print("安装的插件和正在运行的规则一样，没有要改的。")


def _agreed() -> bool:
    return sys.stdin.isatty() and input("这样改？输入 yes：").strip() == "yes"


def upgrade(settings: Settings, tenant: str) -> Preview:
    """Let the county run what is installed, unless something stands against it; for the demo."""

    async def upgraded(ctx: Context, policies: Policies) -> Preview:
        preview = await preview_change(ctx, policies, wish := await wish_of(ctx))
        if preview.anything and not preview.reasons:
            await change_rules(ctx, policies, wish)
        return preview

    return asyncio.run(_in_county(settings, tenant, upgraded))


def _run(asked: argparse.Namespace, work: Work[int]) -> int:
    return asyncio.run(_in_county(Settings.from_env(), asked.tenant, work))


async def _in_county(settings: Settings, tenant: str, work: Work[T]) -> T:
    policies = Policies()
    database = Database(settings, pooled=False)
    try:
        places = Workplaces(database, Rulebooks(policies), settings.secret)
        for record in await places.records(slug=tenant):
            async with places.of(record).transaction(OPERATOR) as ctx:
                return await work(ctx, policies)
        raise NotFound("没有“{tenant}”这个县。", tenant=tenant)
    finally:
        await database.close()
