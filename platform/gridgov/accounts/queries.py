"""Which accounts and sign-ins."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select

from gridgov.accounts.models import Account, SignIn

_COMPARED: Final[tuple[Any, ...]] = (
    Account.id,
    Account.password,
    Account.token,
    Account.token_until,
    Account.disabled_at,
)
_SHOWN: Final[tuple[Any, ...]] = (
    SignIn.id,
    SignIn.device,
    SignIn.created_at,
    SignIn.seen_at,
    SignIn.expires_at,
)


def account_of(realm: str, login: str) -> Select[*tuple[Any, ...]]:
    """What a log-in compares with."""
    return select(*_COMPARED).where(Account.realm == realm, Account.login == login)


def password_of(account_id: UUID) -> Select[str | None]:
    """The hash that an account keeps; none before the first password."""
    return select(Account.password).where(Account.id == account_id)


def devices_of(account_id: UUID, now: datetime) -> Select[*tuple[Any, ...]]:
    """The browsers that are signed in, the last used first."""
    return (
        select(*_SHOWN)
        .where(
            SignIn.account_id == account_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now
        )
        .order_by(SignIn.seen_at.desc())
    )
