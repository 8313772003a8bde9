"""Opening, renaming and closing the accounts of a tenant's people."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from gridgov.accounts.models import Account, Membership, SignIn
from gridgov.accounts.tokens import new_token, token_digest
from gridgov.kernel.ids import new_id
from gridgov.onboarding.actions.writing import Writing
from gridgov.onboarding.types import Token

TOKEN_LASTS = timedelta(days=30)


async def open_accounts(writing: Writing, people: Sequence[tuple[str, str, str]]) -> list[Token]:
    """An account for each (number, login, name), with a one-time token to choose a password by."""
    ctx = writing.ctx
    tokens: list[Token] = []
    accounts: list[dict[str, Any]] = []
    memberships: list[dict[str, Any]] = []
    for number, login, name in people:
        token = new_token()
        tokens.append(Token(login, name, token))
        opened = {
            "login": login,
            "password": None,
            "token": token_digest(token),
            "token_until": ctx.now + TOKEN_LASTS,
        }
        if number in writing.ids.accounts:
            await _reopen_account(writing, number, opened)
            continue
        account_id = writing.ids.accounts[number] = new_id()
        accounts.append(
            {"id": account_id, "realm": ctx.tenant.slug, "created_at": ctx.now, **opened}
        )
        memberships.append(
            {
                "account_id": account_id,
                "tenant_id": ctx.tenant.id,
                "staff_id": writing.ids.staff[number],
            }
        )
    if accounts:
        await ctx.session.execute(insert(Account), accounts)
        await ctx.session.execute(insert(Membership), memberships)
    return tokens


async def rename_account(writing: Writing, number: str, login: str) -> None:
    """A new log-in name; the password stays."""
    await writing.ctx.session.execute(
        update(Account).where(Account.id == writing.ids.accounts[number]).values(login=login)
    )


async def close_account(writing: Writing, number: str) -> None:
    """Nobody gets in by it any more, and whoever is in is out."""
    account_id = writing.ids.accounts.get(number)
    if account_id is None:
        return
    now = writing.ctx.now
    session = writing.ctx.session
    closed = update(Account).where(Account.id == account_id)
    await session.execute(closed.values(disabled_at=now, token=None, password=None))
    await session.execute(_membership(writing, number).values(ended_at=now))
    signed_in = update(SignIn).where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None))
    await session.execute(signed_in.values(revoked_at=now))


async def _reopen_account(writing: Writing, number: str, opened: dict[str, Any]) -> None:
    account = update(Account).where(Account.id == writing.ids.accounts[number])
    await writing.ctx.session.execute(account.values(disabled_at=None, **opened))
    await writing.ctx.session.execute(_membership(writing, number).values(ended_at=None))


def _membership(writing: Writing, number: str) -> Any:
    return update(Membership).where(
        Membership.account_id == writing.ids.accounts[number],
        Membership.tenant_id == writing.ctx.tenant.id,
    )
