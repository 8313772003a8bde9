"""``gridgov tenant reset-admin``: the way back in for the administrator of a county."""

import argparse
import asyncio
from pathlib import Path

from gridgov.access.actions.resetting import reset_administrator
from gridgov.cli.registry import Commands
from gridgov.cli.tokens import throw_away, write_tokens
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.db import Database
from gridgov.kernel.errors import NotFound
from gridgov.kernel.settings import Settings
from gridgov.onboarding.types import Token
from gridgov.policy import Policies
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces


def add_to(verbs: Commands) -> None:
    """Add the verb to those of ``tenant``."""
    verb = verbs.add_parser("reset-admin", help="a new one-time token for a county's administrator")
    verb.add_argument("slug", metavar="SLUG")
    verb.add_argument("login", metavar="LOGIN")
    verb.add_argument("--reason", required=True, help="kept in the county's audit")
    verb.add_argument("--factor", action="store_true", help="the phone is lost as well")
    verb.add_argument("--tokens", type=Path, metavar="FILE", help="where the token goes")
    verb.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Write the token and say where; the old password and every open browser are out."""
    stamp = f"{now().astimezone(CHINA):%Y%m%d-%H%M%S}"
    file: Path = asked.tokens or Path(f"token-{asked.slug}-{stamp}.csv")
    asyncio.run(_carry_out(Settings.from_env(), asked, file))
    print(f"“{asked.login}”的一次性口令写在 {file}，请当面交给本人，然后删掉文件。")
    return 0


async def _carry_out(settings: Settings, asked: argparse.Namespace, file: Path) -> None:
    """One transaction. The token is on disk before it commits, and gone if it does not."""
    database = Database(settings, pooled=False)
    places = Workplaces(database, Rulebooks(Policies()), settings.secret)
    written: Path | None = None
    try:
        found = await places.records(slug=asked.slug)
        if not found:
            raise NotFound("没有短名为“{slug}”的县。", slug=asked.slug)
        async with places.of(found[0]).transaction("省级管理员") as ctx:
            slip = await reset_administrator(
                ctx, asked.login, reason=asked.reason, factor=asked.factor
            )
            written = write_tokens(file, [Token(slip.login, slip.person, slip.token)])
    except BaseException:
        throw_away(written)
        raise
    finally:
        await database.close()
