"""What the holder of an account does with it: password, devices, second factor, spare keys."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.accounts.actions.entering import WORKDAY, open_sign_in
from gridgov.accounts.models import Account, RecoveryCode, SignIn
from gridgov.accounts.second_factor import CODES, DIGITS, matching_step, open_secret
from gridgov.accounts.tokens import new_recovery_code, token_digest
from gridgov.accounts.types import Entered, SignedIn
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whose account, by which sign-in, when."""

    session: AsyncSession
    sign_in: SignedIn
    now: datetime


async def set_password(keeper: Keeper, hashed: str) -> Entered:
    """Keep the new password. All other browsers are signed out; this one gets a new secret.

    The first password uses up the one-time token: of two who hold it, the first to choose wins.
    """
    account_id = keeper.sign_in.account_id
    changed = update(Account).where(Account.id == account_id)
    if keeper.sign_in.wall:
        changed = changed.where(Account.password.is_(None), Account.token.is_not(None))
    row = await keeper.session.execute(
        changed.values(
            password=hashed, password_changed_at=keeper.now, token=None, token_until=None
        ).returning(Account.id)
    )
    if row.one_or_none() is None:
        raise Conflict("这张一次性凭条已经用过了，请用新密码登录。")
    entered = await rotate(keeper, second_factor=keeper.sign_in.second_factor)
    await end_others(keeper.session, account_id, keep=entered.id, now=keeper.now)
    return entered


async def rotate(keeper: Keeper, *, second_factor: bool) -> Entered:
    """A new secret for the same browser; the old one ends. Whoever comes second loses."""
    ended = await keeper.session.execute(
        update(SignIn)
        .where(SignIn.id == keeper.sign_in.id, SignIn.revoked_at.is_(None))
        .values(revoked_at=keeper.now)
        .returning(SignIn.device)
    )
    row = ended.one_or_none()
    if row is None:
        raise Conflict("登录状态刚刚变了，请重新登录。")
    return await open_sign_in(
        keeper.session,
        keeper.sign_in.account_id,
        device=row.device,
        now=keeper.now,
        until=keeper.now + WORKDAY,
        second_factor=second_factor,
    )


async def end_others(
    session: AsyncSession, account_id: UUID, *, keep: UUID | None, now: datetime
) -> int:
    """Sign out every browser of the account but one; how many there were."""
    ended = update(SignIn).where(SignIn.account_id == account_id, SignIn.revoked_at.is_(None))
    if keep is not None:
        ended = ended.where(SignIn.id != keep)
    rows = await session.execute(ended.values(revoked_at=now).returning(SignIn.id))
    return len(rows.all())


async def end_device(keeper: Keeper, sign_in_id: UUID) -> str:
    """Sign out one browser of one's own; its name."""
    ended = await keeper.session.execute(
        update(SignIn)
        .where(
            SignIn.id == sign_in_id,
            SignIn.account_id == keeper.sign_in.account_id,
            SignIn.revoked_at.is_(None),
        )
        .values(revoked_at=keeper.now)
        .returning(SignIn.device)
    )
    row = ended.one_or_none()
    if row is None:
        raise NotFound
    return str(row.device)


async def enrol(keeper: Keeper, sealed: bytes, step: int) -> tuple[Entered, list[str]]:
    """Keep the second factor after its first code; new spare keys, a new secret for the browser."""
    account_id = keeper.sign_in.account_id
    kept = await keeper.session.execute(
        update(Account)
        .where(Account.id == account_id, Account.totp_secret.is_(None))
        .values(totp_secret=sealed, totp_last_step=step)
        .returning(Account.id)
    )
    if kept.one_or_none() is None:
        raise Conflict("这个账号已经绑定过动态码了。")
    codes = await renew_recovery_codes(keeper.session, account_id)
    return await rotate(keeper, second_factor=True), codes


async def renew_recovery_codes(session: AsyncSession, account_id: UUID) -> list[str]:
    """New spare keys, shown once; the old ones are gone."""
    codes = [new_recovery_code() for _ in range(CODES)]
    await session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    await session.execute(
        insert(RecoveryCode),
        [
            {"id": new_id(), "account_id": account_id, "digest": token_digest(code)}
            for code in codes
        ],
    )
    return codes


async def use_step(session: AsyncSession, account_id: UUID, step: int) -> bool:
    """Use up a time step. Of twenty who send the same code at once, one comes through."""
    used = await session.execute(
        update(Account)
        .where(
            Account.id == account_id,
            or_(Account.totp_last_step.is_(None), Account.totp_last_step < step),
        )
        .values(totp_last_step=step)
        .returning(Account.id)
    )
    return used.one_or_none() is not None


async def use_recovery_code(
    session: AsyncSession, account_id: UUID, code: str, now: datetime
) -> bool:
    """Use up a spare key."""
    used = await session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.digest == token_digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return used.one_or_none() is not None


async def issue_token(
    session: AsyncSession, account_id: UUID, *, digest: bytes, until: datetime, now: datetime
) -> None:
    """From now on only the one-time token opens this account: no password, no open browser."""
    await session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(password=None, token=digest, token_until=until)
    )
    await end_others(session, account_id, keep=None, now=now)


async def let_factor_go(session: AsyncSession, account_id: UUID) -> None:
    """The phone is no longer asked for; nor do its spare keys open anything."""
    await session.execute(update(Account).where(Account.id == account_id).values(totp_secret=None))
    await session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


async def use_code(keeper: Keeper, settings: Settings, code: str) -> bool:
    """Use up six digits or a spare key; whether it was a spare key. Invalid if it is neither."""
    account_id = keeper.sign_in.account_id
    sealed = await keeper.session.scalar(
        select(Account.totp_secret).where(Account.id == account_id)
    )
    if sealed is None:
        raise Invalid(fields={"code": "这个账号没有绑定动态码。"})
    if len("".join(code.split())) != DIGITS:
        if await use_recovery_code(keeper.session, account_id, code, keeper.now):
            return True
        raise Invalid(fields={"code": "动态码是 6 位数字；备用码不对，或者已经用过。"})
    step = matching_step(open_secret(settings, account_id, sealed), code, keeper.now)
    if step is None:
        raise Invalid(fields={"code": "动态码不对。请看手机时间是否准确，等下一个码再试。"})
    if not await use_step(keeper.session, account_id, step):
        raise Invalid(fields={"code": "这个动态码已经用过，请等下一个码。"})
    return False
