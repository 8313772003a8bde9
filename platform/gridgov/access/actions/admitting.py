"""Accounts for people: opened, closed, opened again. No rights come with them."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from gridgov.access.queries.people import person_of_staff
from gridgov.access.types import AccountState, Slip
from gridgov.accounts.actions.keeping import end_others
from gridgov.accounts.models import Account, Membership
from gridgov.accounts.rules import clean_login
from gridgov.accounts.tokens import new_token, token_digest
from gridgov.audit.actions import record
from gridgov.context import Context, tell_rooms
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed
from gridgov.kernel.ids import new_id

TOKEN_LASTS: Final = timedelta(days=30)
_SHORTEST_LOGIN: Final = 2


async def create_account(ctx: Context, staff_id: UUID, *, login: str) -> Slip:
    """Open an account for somebody of the staff list; the slip is shown once and kept nowhere."""
    person = await person_of_staff(ctx, staff_id)
    if person.state is not AccountState.NONE:
        raise Conflict("这个人已经有账号了。")
    if person.left_on is not None and person.left_on <= ctx.today:
        raise Conflict("这个人已经离岗，不能开账号。")
    name = clean_login(login or person.number)
    if len(name) < _SHORTEST_LOGIN or not name.isprintable() or " " in name:
        raise Invalid(fields={"login": "账号要 2 到 64 个字，中间不能有空格。"})
    account_id, token = new_id(), new_token()
    until = ctx.now + TOKEN_LASTS
    opened = await ctx.session.execute(
        insert(Account)
        .values(
            id=account_id,
            realm=ctx.tenant.slug,
            login=name,
            token=token_digest(token),
            token_until=until,
            created_at=ctx.now,
        )
        .on_conflict_do_nothing()
        .returning(Account.id)
    )
    if opened.one_or_none() is None:
        raise Invalid(fields={"login": "这个账号名已经有人用了，请换一个。"})
    await ctx.session.execute(
        insert(Membership).values(account_id=account_id, tenant_id=ctx.tenant.id, staff_id=staff_id)
    )
    await _tell(ctx, "account.created", account_id)
    return Slip(person.name, person.number, name, token, until)


async def close_account(ctx: Context, staff_id: UUID) -> None:
    """Nobody gets in by it any more, and whoever is in is out at the next click."""
    person = await person_of_staff(ctx, staff_id)
    if person.account_id is None or person.state is AccountState.CLOSED:
        raise Conflict("这个人没有在用的账号。")
    if person.account_id == ctx.actor.account_id:
        raise NotAllowed("不能停用自己的账号，请另一位管理员来办。")
    await ctx.session.execute(
        update(Account)
        .where(Account.id == person.account_id, Account.realm == ctx.tenant.slug)
        .values(disabled_at=ctx.now, token=None, token_until=None)
    )
    await _set_membership(ctx, person.account_id, open_=False)
    await end_others(ctx.session, person.account_id, keep=None, now=ctx.now)
    await _tell(ctx, "account.closed", person.account_id)


async def reopen_account(ctx: Context, staff_id: UUID) -> None:
    """With the password that it had; whoever has none asks for a slip at the station."""
    person = await person_of_staff(ctx, staff_id)
    if person.account_id is None or person.state is not AccountState.CLOSED:
        raise Conflict("这个账号没有停用。")
    if person.left_on is not None and person.left_on <= ctx.today:
        raise Conflict("这个人已经离岗，不能恢复账号。")
    await ctx.session.execute(
        update(Account)
        .where(Account.id == person.account_id, Account.realm == ctx.tenant.slug)
        .values(disabled_at=None)
    )
    await _set_membership(ctx, person.account_id, open_=True)
    await _tell(ctx, "account.reopened", person.account_id)


async def _set_membership(ctx: Context, account_id: UUID, *, open_: bool) -> None:
    await ctx.session.execute(
        update(Membership)
        .where(Membership.account_id == account_id, Membership.tenant_id == ctx.tenant.id)
        .values(ended_at=None if open_ else ctx.now)
    )


async def _tell(ctx: Context, verb: str, account_id: UUID) -> None:
    record(ctx, verb, "account", account_id)
    await tell_rooms(ctx, verb, account_id)
