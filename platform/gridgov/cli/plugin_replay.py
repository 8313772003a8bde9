"""``gridgov plugin replay``: what a plugin, as installed now, would decide of recorded cases."""

import argparse
import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from gridgov.cases.actions.replaying import DEADLINE, LIGHT, ROUTE, Differs, Replayed, replay
from gridgov.cases.types import LIGHTS, Light
from gridgov.cli.registry import Commands
from gridgov.context import Context
from gridgov.kernel.db import Database
from gridgov.kernel.errors import NotFound
from gridgov.kernel.settings import Settings
from gridgov.policy import Policies, Policy
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplace, Workplaces

_SHOWN: Final = 40
_NAMES: Final = {ROUTE: "派遣", DEADLINE: "期限", LIGHT: "灯色"}


class _Undo(Exception):
    """Ends the transaction without keeping anything of it."""


def register(verbs: Commands) -> None:
    """Add ``replay``."""
    verb = verbs.add_parser("replay", help="a shadow run: nothing is written")
    verb.add_argument("name", metavar="NAME", help="the plugin, as it is installed now")
    verb.add_argument("--tenant", required=True, metavar="SLUG")
    verb.add_argument("--since", required=True, type=date.fromisoformat, metavar="DATE")
    verb.add_argument("--all", action="store_true", help="every difference, not the first 40")
    verb.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print what would differ; exit status 0 whether or not something does."""
    found = asyncio.run(_replay(Settings.from_env(), asked))
    shown = found.differences if asked.all else found.differences[:_SHOWN]
    for one in shown:
        print(f"{one.case}  {_NAMES[one.what]}  {told(one)}")
    if len(shown) < len(found.differences):
        print(f"……另有 {len(found.differences) - len(shown)} 处，加上 --all 全部列出")
    counts = "，".join(f"{name}不同 {found.count(what)} 件" for what, name in _NAMES.items())
    print(f"{asked.since} 以来 {found.cases} 件：{counts}。没有改动任何数据。")
    return 0


def told(one: Differs) -> str:
    """What differs, in the words of the pages."""
    before, after = (_lit(one, end) or "—" for end in (one.before, one.after))
    return f"{before} → {after}" + (f"（{one.why}）" if one.why else "")


def _lit(one: Differs, end: str) -> str:
    """A light in the words of the pages; one that is out says nothing."""
    return LIGHTS.get(Light(end), "") if one.what == LIGHT else end


async def _replay(settings: Settings, asked: argparse.Namespace) -> Replayed:
    policies = Policies()
    database = Database(settings, pooled=False)
    found: list[Replayed] = []
    try:
        place = await _place(database, policies, settings, asked.tenant)
        async with place.transaction("plugin.replay") as ctx:
            other = _changed(ctx, policies, asked.name, place.record.tables)
            found.append(await replay(ctx, other, since=asked.since))
            raise _Undo
    except _Undo:
        return found[0]
    finally:
        await database.close()


async def _place(
    database: Database, policies: Policies, settings: Settings, slug: str
) -> Workplace:
    places = Workplaces(database, Rulebooks(policies), settings.secret)
    for record in await places.records(slug=slug):
        return places.of(record)
    raise NotFound("没有“{tenant}”这个县。", tenant=slug)


def _changed(ctx: Context, policies: Policies, name: str, tables: Mapping[str, Any]) -> Policy:
    """The tenant's policy with what is installed now; the plugin is added if it has none such."""
    names = ctx.tenant.plugins if name in ctx.policy.plugins else (*ctx.tenant.plugins, name)
    where = ctx.policy.where
    rulebook = policies.resolve(names, parts=where, tables=tables)
    return Policy(
        rulebook,
        policies.plugins,
        tenant=ctx.tenant.slug,
        editions=ctx.policy.editions,
        where=where,
        changes=ctx.policy.changes,
    )
