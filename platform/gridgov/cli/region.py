"""``gridgov region``: who may look at the aggregates of a province or a prefecture."""

import argparse
import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.access.types import REGION_ADMIN
from gridgov.accounts.actions.keeping import end_others
from gridgov.accounts.models import Account, RegionRole
from gridgov.accounts.rules import clean_login
from gridgov.accounts.tokens import new_token, token_digest
from gridgov.cli.registry import Commands
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.settings import Settings

Result = TypeVar("Result")

REALM: Final = "province"
TOKEN_LASTS: Final = timedelta(days=30)
_REGION: Final = re.compile(r"province:[0-9]{2}|prefecture:[0-9]{4}")


def register(commands: Commands) -> None:
    """Add ``region`` with its verbs."""
    parser = commands.add_parser("region", help="accounts above the counties: aggregates only")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    granting = verbs.add_parser("grant", help="let an account see a region; prints a token once")
    granting.add_argument("login")
    granting.add_argument("region", help="province:43 or prefecture:4302")
    granting.set_defaults(run=run_grant)
    listing = verbs.add_parser("list", help="who sees which region")
    listing.set_defaults(run=run_list)
    revoking = verbs.add_parser("revoke", help="take it away; the account is signed out at once")
    revoking.add_argument("login")
    revoking.add_argument("region")
    revoking.set_defaults(run=run_revoke)


def run_grant(asked: argparse.Namespace) -> int:
    """Print the one-time token of a new account; an old one keeps its password."""
    token = _in_database(lambda session: grant(session, asked.login, asked.region))
    print(f"“{clean_login(asked.login)}”可以看 {asked.region}。")
    if token:
        print(f"一次性口令，只显示这一次，{TOKEN_LASTS.days} 天内有效：{token}")
    return 0


def run_list(_: argparse.Namespace) -> int:
    """One line for each account and region."""
    for login, region, role, chosen in _in_database(listed):
        state = "" if chosen else "  （还没有登录过）"
        print(f"{region:<16} {login:<24} {role}{state}")
    return 0


def run_revoke(asked: argparse.Namespace) -> int:
    """Say that it is done."""
    _in_database(lambda session: revoke(session, asked.login, asked.region))
    print(f"“{clean_login(asked.login)}”不再能看 {asked.region}。")
    return 0


async def grant(session: AsyncSession, login: str, region: str) -> str:
    """The token, or nothing where the account has a password already."""
    if not _REGION.fullmatch(region):
        raise Invalid("“{region}”不是辖区：要写成 province:43 或 prefecture:4302。", region=region)
    name, token, moment = clean_login(login), new_token(), now()
    account = await session.execute(
        insert(Account)
        .values(id=new_id(), realm=REALM, login=name, created_at=moment)
        .on_conflict_do_nothing()
        .returning(Account.id)
    )
    account_id = account.scalar_one_or_none() or await _account_id(session, name)
    opened = await session.execute(
        update(Account)
        .where(Account.id == account_id, Account.password.is_(None))
        .values(token=token_digest(token), token_until=moment + TOKEN_LASTS)
        .returning(Account.id)
    )
    await session.execute(
        insert(RegionRole)
        .values(account_id=account_id, region=region, role=REGION_ADMIN)
        .on_conflict_do_nothing()
    )
    return token if opened.one_or_none() else ""


async def listed(session: AsyncSession) -> list[tuple[str, str, str, bool]]:
    """Login, region, role, and whether a password has been chosen."""
    found = await session.execute(
        select(Account.login, RegionRole.region, RegionRole.role, Account.password.is_not(None))
        .join(Account, Account.id == RegionRole.account_id)
        .order_by(RegionRole.region, Account.login)
    )
    return [(row[0], row[1], row[2], row[3]) for row in found]


async def revoke(session: AsyncSession, login: str, region: str) -> None:
    """NotFound where there is nothing to take away."""
    account_id = await _account_id(session, clean_login(login))
    gone = await session.execute(
        delete(RegionRole)
        .where(RegionRole.account_id == account_id, RegionRole.region == region)
        .returning(RegionRole.region)
    )
    if gone.one_or_none() is None:
        raise NotFound("“{login}”没有“{region}”的权限。", login=login, region=region)
    await end_others(session, account_id, keep=None, now=now())


async def _account_id(session: AsyncSession, login: str) -> UUID:
    found = await session.scalar(
        select(Account.id).where(Account.realm == REALM, Account.login == login)
    )
    if found is None:
        raise NotFound("没有“{login}”这个账号。", login=login)
    return found


def _in_database(work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        database = Database(Settings.from_env(), pooled=False)
        try:
            async with database.shared() as session:
                return await work(session)
        finally:
            await database.close()

    return asyncio.run(run())
