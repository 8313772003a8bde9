"""A forgotten password, without e-mail: two people at a station, and a slip of paper."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, update

from gridgov.access.models import PasswordReset
from gridgov.access.queries.people import (
    administrators,
    found_people,
    paths_of_people,
    person_of_staff,
    reset_facts,
    resets,
)
from gridgov.access.rules import (
    ResetFacts,
    check_decides,
    check_issues,
    covers,
    state_of,
)
from gridgov.access.types import AccountRow, AccountState, ResetRow, ResetState, Slip
from gridgov.accounts.actions.keeping import issue_token, let_factor_go
from gridgov.accounts.rules import clean_login
from gridgov.accounts.tokens import new_token, token_digest
from gridgov.accounts.types import AccountRight
from gridgov.audit.actions import record
from gridgov.context import Context, tell_rooms
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import Sentence
from gridgov.notices.actions import notify

TOKEN_LASTS: Final = timedelta(days=3)
_RECENT: Final = timedelta(days=30)
_SHOWN: Final = 100


async def ask_reset(ctx: Context, staff_id: UUID, *, reason: str, factor: bool = False) -> UUID:
    """Vouch for somebody who stands here without a password. A second person must approve.

    ``factor``: the phone and the spare keys are lost as well, so a new phone is bound afterwards.
    """
    person = await person_of_staff(ctx, staff_id)
    if person.account_id is None or person.state is AccountState.CLOSED:
        raise Conflict("这个人没有在用的账号，请县级管理员先开通。")
    if person.account_id == ctx.actor.account_id:
        raise NotAllowed("自己的密码在“修改密码”里改。")
    await _check_covers(ctx, AccountRight.RESET, person.staff_id, person.account_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明是怎么核对本人的。"})
    if await _open_request(ctx, person.account_id):
        raise Conflict("这个人已有一个没办完的申请。")
    reset_id = new_id()
    await ctx.session.execute(
        insert(PasswordReset).values(
            tenant_id=ctx.tenant.id,
            id=reset_id,
            account_id=person.account_id,
            staff_id=staff_id,
            reason=reason.strip(),
            asked_by=_me(ctx),
            asked_at=ctx.now,
            factor=factor,
        )
    )
    await _tell(ctx, "account.reset_asked", person.account_id, reset_id)
    return reset_id


async def decide_reset(ctx: Context, reset_id: UUID, *, approve: bool, note: str = "") -> None:
    """Approve or decline, as somebody else than who asked and than the person."""
    row, facts = await _reset(ctx, reset_id)
    await _check_covers(ctx, AccountRight.APPROVE_RESET, row.staff_id, row.account_id)
    check_decides(facts, _me(ctx), ctx.now)
    decided = await ctx.session.execute(
        update(PasswordReset)
        .where(PasswordReset.id == reset_id, PasswordReset.decided_at.is_(None))
        .values(
            decided_by=ctx.actor.account_id,
            decided_at=ctx.now,
            approved=approve,
            note=note.strip(),
        )
        .returning(PasswordReset.id)
    )
    if decided.one_or_none() is None:
        raise Conflict("这个申请刚刚被别人处理了。")
    verb = "account.reset_approved" if approve else "account.reset_declined"
    await _tell(ctx, verb, row.account_id, reset_id)


async def issue_slip(ctx: Context, reset_id: UUID) -> Slip:
    """Print the slip: shown once. From now on the old password and all open browsers are out."""
    row, facts = await _reset(ctx, reset_id)
    await _check_covers(ctx, AccountRight.RESET, row.staff_id, row.account_id)
    check_issues(facts, _me(ctx), ctx.now)
    issued = await ctx.session.execute(
        update(PasswordReset)
        .where(PasswordReset.id == reset_id, PasswordReset.issued_at.is_(None))
        .values(issued_at=ctx.now)
        .returning(PasswordReset.id)
    )
    if issued.one_or_none() is None:
        raise Conflict("这张凭条已经打印过了。")
    person = await person_of_staff(ctx, row.staff_id)
    slip = await _open_anew(ctx, row.account_id, person, factor=row.factor)
    if row.factor:
        await _tell(ctx, "account.factor_removed", row.account_id, reset_id)
    await _tell(ctx, "account.reset_issued", row.account_id, reset_id)
    return slip


async def reset_administrator(
    ctx: Context, login: str, *, reason: str, factor: bool = False
) -> Slip:
    """From above the county, for an administrator: there may be nobody inside who could vouch.

    The county sees it at once: the reason stands in its audit, and every other administrator is
    told. Whoever holds no administrator's role is reset at a station.
    """
    if not reason.strip():
        raise Invalid("请写明是怎么核对本人的。")
    holders = await administrators(ctx, ctx.today)
    name = clean_login(login)
    person = next((holder for holder in holders if holder.login == name), None)
    if person is None or person.account_id is None:
        raise NotFound("“{login}”不是这个县在任的管理员。", login=login)
    slip = await _open_anew(ctx, person.account_id, person, factor=factor)
    record(
        ctx,
        "account.reset_from_above",
        "account",
        person.account_id,
        reason=reason.strip(),
        factor=factor,
    )
    await notify(
        ctx,
        [holder.account_id for holder in holders if holder is not person],
        about=f"account.reset_from_above:{new_id()}",
        text=Sentence("省级管理员重置了管理员账号 {login} 的登录口令。", login=person.login),
        link=f"/{ctx.tenant.slug}/notices",
        urgent=True,
    )
    return slip


async def _open_anew(ctx: Context, account_id: UUID, person: AccountRow, *, factor: bool) -> Slip:
    """Only the one-time token opens the account from now on; with ``factor`` without the phone."""
    token, until = new_token(), ctx.now + TOKEN_LASTS
    await issue_token(ctx.session, account_id, digest=token_digest(token), until=until, now=ctx.now)
    if factor:
        await let_factor_go(ctx.session, account_id)
    return Slip(person.name, person.number, person.login, token, until)


async def people_to_vouch_for(ctx: Context, words: str) -> list[AccountRow]:
    """People of that name or number with an account, as far as they work within one's own reach."""
    rows = [row for row in await found_people(ctx, words=words) if row.account_id is not None]
    accounts = {row.account_id: row.staff_id for row in rows if row.account_id is not None}
    works = await paths_of_people(ctx, accounts, ctx.today)
    scopes = ctx.actor.scopes(AccountRight.RESET)
    return [
        row
        for row in rows
        if row.account_id is not None
        and row.account_id != ctx.actor.account_id
        and row.state is not AccountState.CLOSED
        and covers(scopes, works[row.account_id])
    ]


async def resets_seen(ctx: Context) -> list[ResetRow]:
    """The requests of the last month that concern people within one's own reach."""
    statement = (
        resets(ctx)
        .where(PasswordReset.asked_at > ctx.now - _RECENT)
        .order_by(PasswordReset.asked_at.desc())
        .limit(_SHOWN)
    )
    seen: list[ResetRow] = []
    found = (await ctx.session.execute(statement)).all()
    today = ctx.today
    works = await paths_of_people(ctx, {row.account_id: row.staff_id for row in found}, today)
    for row in found:
        paths = works[row.account_id]
        asks = covers(ctx.actor.scopes(AccountRight.RESET), paths)
        decides = covers(ctx.actor.scopes(AccountRight.APPROVE_RESET), paths)
        if asks or decides:
            seen.append(_row(ctx, row, reset_facts(row, paths), decides=decides))
    return seen


def _row(ctx: Context, row: Row[*tuple[Any, ...]], facts: ResetFacts, *, decides: bool) -> ResetRow:
    state, me = state_of(facts, ctx.now), ctx.actor.account_id
    return ResetRow(
        id=row.id,
        person=row.person,
        number=row.number,
        reason=row.reason,
        asked_by=row.asker or "",
        asked_at=row.asked_at,
        decided_by=row.decider or "",
        decided_at=row.decided_at,
        note=row.note,
        factor=row.factor,
        state=state,
        may_decide=decides
        and state is ResetState.WAITING
        and me not in (row.asked_by, row.account_id),
        may_issue=state is ResetState.APPROVED and me == row.asked_by,
    )


def _me(ctx: Context) -> UUID:
    """A person: jobs vouch for nobody."""
    if ctx.actor.account_id is None:
        raise NotAllowed("您的岗位没有这项权限。")
    return ctx.actor.account_id


async def _reset(ctx: Context, reset_id: UUID) -> tuple[Row[*tuple[Any, ...]], ResetFacts]:
    row = (await ctx.session.execute(resets(ctx).where(PasswordReset.id == reset_id))).one_or_none()
    if row is None:
        raise NotFound
    return row, reset_facts(row, ())


async def _check_covers(ctx: Context, right: str, staff_id: UUID, account_id: UUID) -> None:
    """Somebody outside one's own reach is not found, like everything else out there."""
    today = ctx.today
    paths = (await paths_of_people(ctx, {account_id: staff_id}, today))[account_id]
    if not covers(ctx.actor.scopes(right), paths):
        raise NotFound


async def _open_request(ctx: Context, account_id: UUID) -> bool:
    asked = resets(ctx).where(
        PasswordReset.account_id == account_id, PasswordReset.issued_at.is_(None)
    )
    found = await ctx.session.execute(asked)
    states = [state_of(reset_facts(row, ()), ctx.now) for row in found]
    return any(state in (ResetState.WAITING, ResetState.APPROVED) for state in states)


async def _tell(ctx: Context, verb: str, account_id: UUID, reset_id: UUID) -> None:
    record(ctx, verb, "account", account_id, reset=str(reset_id))
    await tell_rooms(
        ctx,
        verb,
        account_id,
        reset=str(reset_id),
    )
