"""Which accounts and sign-ins."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from gridgov.accounts.models import Account, SignIn


def account_of(realm: str, login: str) -> Select[Any]:
    """What a log-in compares with."""
    return select(
        Account.id, Account.password, Account.token, Account.token_until, Account.disabled_at
    ).where(Account.realm == realm, Account.login == login)


def devices_of(account_id: UUID, now: datetime) -> Select[Any]:
    """The browsers that are signed in, the last used first."""
    return (
        select(SignIn.id, SignIn.device, SignIn.created_at, SignIn.seen_at, SignIn.expires_at)
        .where(
            SignIn.account_id == account_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now
        )
        .order_by(SignIn.seen_at.desc())
    )
