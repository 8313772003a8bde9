"""Which people and accounts, and which requests for a new one-time token."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.orm import aliased

from gridgov.access.models import Binding, PasswordReset
from gridgov.access.queries.bindings import present
from gridgov.access.rules import ResetFacts
from gridgov.access.types import AccountRow, AccountState
from gridgov.accounts.models import Account, Membership
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, after
from gridgov.staff.models import Department, PostHolding, StaffMember

PAGE: Final = 50
_asker, _asker_staff = aliased(Membership), aliased(StaffMember)
_decider, _decider_staff = aliased(Membership), aliased(StaffMember)


def people(ctx: Context) -> Select[*tuple[Any, ...]]:
    """Everybody who works for the county, with the account if there is one."""
    columns: tuple[Any, ...] = (
        StaffMember.id.label("staff_id"),
        StaffMember.number,
        StaffMember.name,
        StaffMember.title,
        Department.name.label("department"),
        StaffMember.left_on,
        Account.id.label("account_id"),
        Account.realm,
        Account.login,
        Account.password.is_(None).label("fresh"),
        Account.disabled_at,
        Membership.ended_at,
    )
    return (
        select(*columns)
        .select_from(StaffMember)
        .outerjoin(Department, tied(Department.id, StaffMember.department_id))
        .outerjoin(
            Membership,
            and_(Membership.staff_id == StaffMember.id, Membership.tenant_id == ctx.tenant.id),
        )
        .outerjoin(Account, Account.id == Membership.account_id)
    )


async def found_people(
    ctx: Context, *, words: str = "", state: str = "", cursor: Cursor | None = None
) -> list[AccountRow]:
    """A page of people in the order of their numbers."""
    statement = people(ctx)
    if words:
        statement = statement.where(
            or_(
                StaffMember.name.contains(words, autoescape=True),
                StaffMember.number == words,
                StaffMember.initials == words.lower(),
                Account.login == words.lower(),
            )
        )
    if state in _STATES:
        statement = statement.where(_STATES[state])
    statement = after(
        statement, (StaffMember.number, StaffMember.id), cursor, descending=False
    ).limit(PAGE + 1)
    return [account_row(row) for row in await ctx.session.execute(statement)]


_CLOSED: Final = or_(Account.disabled_at.is_not(None), Membership.ended_at.is_not(None))
_STATES: Final[dict[str, Any]] = {
    AccountState.NONE: Account.id.is_(None),
    AccountState.FRESH: and_(Account.password.is_(None), Account.id.is_not(None), ~_CLOSED),
    AccountState.OPEN: and_(Account.password.is_not(None), ~_CLOSED),
    AccountState.CLOSED: _CLOSED,
}


def account_row(row: Row[*tuple[Any, ...]]) -> AccountRow:
    """What the list of people shows."""
    state = AccountState.OPEN
    if row.account_id is None:
        state = AccountState.NONE
    elif row.disabled_at is not None or row.ended_at is not None:
        state = AccountState.CLOSED
    elif row.fresh:
        state = AccountState.FRESH
    return AccountRow(
        staff_id=row.staff_id,
        number=row.number,
        name=row.name,
        title=row.title,
        department=row.department or "",
        left_on=row.left_on,
        account_id=row.account_id,
        login=row.login or "",
        state=state,
    )


async def person_of_staff(ctx: Context, staff_id: UUID) -> AccountRow:
    """One person by the entry in the staff list."""
    row = (await ctx.session.execute(people(ctx).where(StaffMember.id == staff_id))).one_or_none()
    if row is None:
        raise NotFound
    return account_row(row)


async def person_of_account(ctx: Context, account_id: UUID) -> AccountRow:
    """One person by the account."""
    statement = people(ctx).where(Membership.account_id == account_id)
    row = (await ctx.session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return account_row(row)


async def administrators(ctx: Context, day: date) -> list[AccountRow]:
    """Who holds an administrator's role on the day and has an account in use."""
    roles = [role.code for role in ctx.policy.county.roles if role.administrator]
    held = select(Binding.account_id).where(
        Binding.role.in_(roles), Binding.valid_from <= day, present(day)
    )
    statement = people(ctx).where(Account.id.in_(held), ~_CLOSED).order_by(StaffMember.number)
    return [account_row(row) for row in await ctx.session.execute(statement)]


async def paths_of_people(
    ctx: Context, accounts: Mapping[UUID, UUID], day: date
) -> dict[UUID, tuple[str, ...]]:
    """Where each works, by account: the nodes of all bindings and posts, now and later.

    ``accounts`` gives the staff entry of each. Who is bound nowhere belongs to the whole county.
    """
    people = {staff_id: account_id for account_id, staff_id in accounts.items()}
    bound = (
        select(Binding.account_id, GridNode.path)
        .join(GridNode, tied(Binding.node_id, GridNode.id))
        .where(Binding.account_id.in_(list(accounts)), present(day))
    )
    posted = (
        select(PostHolding.staff_id, GridNode.path)
        .join(GridNode, tied(PostHolding.node_id, GridNode.id))
        .where(
            PostHolding.staff_id.in_(list(people)),
            or_(PostHolding.valid_to.is_(None), PostHolding.valid_to > day),
        )
    )
    found: dict[UUID, set[str]] = {account_id: set() for account_id in accounts}
    for account_id, path in await ctx.session.execute(bound):
        found[account_id].add(path)
    for staff_id, path in await ctx.session.execute(posted):
        found[people[staff_id]].add(path)
    top = await root_path(ctx)
    return {account_id: tuple(sorted(paths)) or (top,) for account_id, paths in found.items()}


async def root_path(ctx: Context) -> str:
    """The whole county."""
    root = select(GridNode.path).where(GridNode.parent_id.is_(None), GridNode.valid_to.is_(None))
    return str(await ctx.session.scalar(root))


def resets(ctx: Context) -> Select[*tuple[Any, ...]]:
    """Requests with the names of all who took part."""
    tenant = ctx.tenant.id
    columns: tuple[Any, ...] = (
        PasswordReset.id,
        PasswordReset.account_id,
        PasswordReset.staff_id,
        PasswordReset.reason,
        PasswordReset.asked_by,
        PasswordReset.asked_at,
        PasswordReset.decided_by,
        PasswordReset.decided_at,
        PasswordReset.approved,
        PasswordReset.note,
        PasswordReset.issued_at,
        PasswordReset.factor,
        StaffMember.name.label("person"),
        StaffMember.number,
        _asker_staff.name.label("asker"),
        _decider_staff.name.label("decider"),
    )
    statement = (
        select(*columns)
        .select_from(PasswordReset)
        .join(StaffMember, tied(StaffMember.id, PasswordReset.staff_id))
    )
    for member, staff, column in (
        (_asker, _asker_staff, PasswordReset.asked_by),
        (_decider, _decider_staff, PasswordReset.decided_by),
    ):
        statement = statement.outerjoin(
            member, and_(member.account_id == column, member.tenant_id == tenant)
        ).outerjoin(
            staff,
            and_(staff.tenant_id == PasswordReset.tenant_id, staff.id == member.staff_id),
        )
    return statement


def reset_facts(row: Row[*tuple[Any, ...]], paths: tuple[str, ...]) -> ResetFacts:
    """As the rules see it."""
    return ResetFacts(
        worker=row.account_id,
        paths=paths,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        approved=row.approved,
        issued_at=row.issued_at,
    )
