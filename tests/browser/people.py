"""People who are signed in already: the secrets of their sessions, to be put into a browser."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import update

from gridgov.accounts.actions.entering import open_sign_in
from gridgov.accounts.models import Account
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.testkit.counties import ACounty
from gridgov.testkit.signing_in import HASHED


async def signed_in(database: Database, county: ACounty, roles: Iterable[str]) -> dict[str, str]:
    """By role, the secret of a sign-in of the county's person with it."""
    secrets = {}
    for role in roles:
        person = county.accounts[role].account_id
        async with database.shared() as session:
            mine = update(Account).where(Account.id == person)
            await session.execute(mine.values(password=HASHED, token=None, token_until=None))
            entered = await open_sign_in(
                session,
                person,
                device="Windows · Edge",
                now=now(),
                until=now() + timedelta(hours=12),
                second_factor=True,
            )
            await session.commit()
        secrets[role] = entered.secret
    return secrets
