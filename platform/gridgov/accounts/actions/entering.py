"""Logging in. Nobody is signed in yet, so this is no action of a context: it opens its own doors.

A stranger learns nothing from answer or delay: a wrong name, a wrong password, a disabled account
take the same statements, the same hash and the same sentence, and are throttled by the same count.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.accounts.limits import Limit, first_refused, forget, give_back
from gridgov.accounts.models import SignIn
from gridgov.accounts.passwords import verify_password
from gridgov.accounts.queries import account_of
from gridgov.accounts.rules import clean_login, clean_password
from gridgov.accounts.tokens import new_session_secret, session_digest, token_digest
from gridgov.accounts.types import Entered, Visit
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Invalid, TooMany
from gridgov.kernel.ids import new_id

WORKDAY: Final = timedelta(hours=12)
"""A sign-in ends after this, however busy."""
ONLY_TO_CHOOSE: Final = timedelta(minutes=30)
"""A sign-in by one-time token lasts this long: enough to choose a password."""

_WINDOW: Final = timedelta(minutes=15)
_DAY: Final = timedelta(days=1)
_MOST_OF_ACCOUNT: Final = 10
_MOST_OF_ACCOUNT_A_DAY: Final = 50
_MOST_OF_ADDRESS: Final = 100


@dataclass(frozen=True, slots=True)
class Try:
    """One try to come in: where, as whom, with which password or token."""

    realm: str
    login: str
    secret: str
    visit: Visit
    now: datetime


class Refused(Invalid):
    """Wrong name or password, or no longer allowed: one sentence for all."""

    def __init__(self, account_id: UUID | None) -> None:
        super().__init__("账号或密码不对，请再试一次。连续输错会暂时锁定。")
        self.account_id = account_id


def account_limits(realm: str, login: str, known: str = "") -> tuple[Limit, Limit]:
    """What locks an account, or the name of none: wrong passwords are counted.

    A browser in which the log-in has succeeded before has a count of its own, so that strangers
    who lock an account from afar do not lock its holder out (OWASP: device cookies).
    """
    who = sha256(clean_login(login).encode()).hexdigest()[:32] + known
    return (
        Limit(f"log-in|{realm}|{who}", _MOST_OF_ACCOUNT, _WINDOW),
        Limit(f"log-in-day|{realm}|{who}", _MOST_OF_ACCOUNT_A_DAY, _DAY),
    )


async def enter(database: Database, tried: Try, *, old_secret: str = "") -> Entered:
    """Check the password or the one-time token and open a new sign-in with a new random secret.

    Whatever sign-in the browser brought along ends. Raises Refused, or TooMany while locked.
    """
    address = Limit(f"log-in-from|{tried.visit.address}", _MOST_OF_ADDRESS, _WINDOW)
    limits = account_limits(tried.realm, tried.login, tried.visit.known)
    await _check_throttle(database, [address, *limits], tried.now)
    async with database.shared() as session:
        row = (
            await session.execute(account_of(tried.realm, clean_login(tried.login)))
        ).one_or_none()
    right = await verify_password(row.password if row else None, clean_password(tried.secret))
    by_token = row is not None and _is_token(row, tried)
    if row is None or row.disabled_at is not None or not (right or by_token):
        raise Refused(row.id if row else None)
    async with database.shared() as session:
        await forget(session, [limit.key for limit in limits])
        await give_back(session, address, tried.now)
        if old_secret:
            await end_sign_in(session, old_secret, tried.now)
        lasts = WORKDAY if right else ONLY_TO_CHOOSE
        return await open_sign_in(
            session, row.id, device=tried.visit.device, now=tried.now, until=tried.now + lasts
        )


async def _check_throttle(database: Database, limits: Sequence[Limit], now: datetime) -> None:
    refused = await first_refused(database, limits, now=now)
    if refused is None:
        return
    if refused is limits[0]:
        raise TooMany("从这里登录的次数太多，请过一会儿再试。")
    minutes = int((refused.window(now) + refused.per - now).total_seconds()) // 60 + 1
    if refused.per == _DAY:
        raise TooMany("今天输错的次数太多，这个账号已锁定到明天。急用请到所在站点当面重置密码。")
    raise TooMany(
        "连续输错的次数太多，这个账号已暂时锁定，请 {minutes} 分钟后再试；"
        "忘了密码可以到所在站点当面重置。",
        minutes=minutes,
    )


def _is_token(row: Row[*tuple[Any, ...]], tried: Try) -> bool:
    """A one-time token opens nothing but the page where a password is chosen (see Wall)."""
    return (
        row.password is None
        and row.token is not None
        and row.token_until is not None
        and row.token_until > tried.now
        and hmac.compare_digest(row.token, token_digest(tried.secret))
    )


async def open_sign_in(
    session: AsyncSession,
    account_id: UUID,
    *,
    device: str,
    now: datetime,
    until: datetime,
    second_factor: bool = False,
) -> Entered:
    """A new sign-in with a secret that nobody could have planted."""
    entered = Entered(new_id(), account_id, new_session_secret())
    await session.execute(
        insert(SignIn).values(
            id=entered.id,
            digest=session_digest(entered.secret),
            account_id=account_id,
            device=device,
            second_factor=second_factor,
            created_at=now,
            seen_at=now,
            expires_at=until,
        )
    )
    return entered


async def end_sign_in(session: AsyncSession, secret: str, now: datetime) -> None:
    """Log out: final, for nothing ever clears ``revoked_at``."""
    await session.execute(
        update(SignIn)
        .where(SignIn.digest == session_digest(secret), SignIn.revoked_at.is_(None))
        .values(revoked_at=now)
    )
