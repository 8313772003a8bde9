"""Which roles who holds where."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from gridgov.access.models import Binding
from gridgov.access.queries.opening import bindings_of
from gridgov.access.rules import Reach, shortest
from gridgov.access.types import BindingRow
from gridgov.accounts.models import Account, Membership
from gridgov.context import Context
from gridgov.contract.actor import Scope
from gridgov.grid.models import GridNode
from gridgov.grid.rules.codes import prefixes
from gridgov.kernel.db import within
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, after
from gridgov.staff.models import Department, StaffMember

PAGE: Final = 50
_giver = aliased(Membership)
_giver_staff = aliased(StaffMember)


def present(day: date) -> Any:
    """Bindings that hold on the day or will hold later."""
    return or_(Binding.valid_to.is_(None), Binding.valid_to > day)


def bindings(ctx: Context) -> Select[*tuple[Any, ...]]:
    """Every binding of the tenant with the names that pages show."""
    tenant = ctx.tenant.id
    columns: tuple[Any, ...] = (
        Binding.id,
        Binding.account_id,
        StaffMember.id.label("staff_id"),
        StaffMember.name.label("person"),
        StaffMember.number,
        Binding.role,
        GridNode.name.label("node"),
        GridNode.code.label("node_code"),
        GridNode.path,
        Binding.departments,
        Binding.categories,
        Binding.valid_from,
        Binding.valid_to,
        _giver_staff.name.label("granted_by"),
        Binding.granted_at,
    )
    return (
        select(*columns)
        .select_from(Binding)
        .join(GridNode, tied(GridNode.id, Binding.node_id))
        .join(
            Membership,
            and_(Membership.account_id == Binding.account_id, Membership.tenant_id == tenant),
        )
        .join(
            StaffMember,
            and_(StaffMember.tenant_id == Binding.tenant_id, StaffMember.id == Membership.staff_id),
        )
        .outerjoin(
            _giver, and_(_giver.account_id == Binding.granted_by, _giver.tenant_id == tenant)
        )
        .outerjoin(
            _giver_staff,
            and_(_giver_staff.tenant_id == Binding.tenant_id, _giver_staff.id == _giver.staff_id),
        )
    )


async def found_bindings(
    ctx: Context, day: date, *, words: str = "", role: str = "", cursor: Cursor | None = None
) -> list[BindingRow]:
    """A page of bindings, the newest first; ``words``: a person's, or a node's with all below."""
    statement = bindings(ctx).where(present(day))
    if role:
        statement = statement.where(Binding.role == role)
    if words:
        statement = statement.where(or_(person_says(words), await _place_says(ctx, words)))
    statement = after(statement, (Binding.granted_at, Binding.id), cursor, descending=True).limit(
        PAGE + 1
    )
    return await binding_rows(ctx, statement)


async def bindings_of_account(ctx: Context, account_id: UUID, day: date) -> list[BindingRow]:
    """What one account holds now and later."""
    statement = bindings(ctx).where(Binding.account_id == account_id, present(day))
    return await binding_rows(ctx, statement.order_by(GridNode.path, Binding.role))


async def binding_rows(ctx: Context, statement: Select[*tuple[Any, ...]]) -> list[BindingRow]:
    """Rows with the words of the county for departments and categories."""
    found = (await ctx.session.execute(statement)).all()
    if not found:
        return []
    names = await department_names(ctx) if any(row.departments for row in found) else {}
    return [
        BindingRow(
            id=row.id,
            account_id=row.account_id,
            staff_id=row.staff_id,
            person=row.person,
            number=row.number,
            role=row.role,
            node=row.node,
            node_code=row.node_code,
            path=row.path,
            departments=tuple(names.get(one, "") for one in row.departments),
            categories=tuple(
                one.name for one in shortest(row.categories, ctx.policy.county.categories)
            ),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            granted_by=row.granted_by or "",
            granted_at=row.granted_at,
        )
        for row in found
    ]


async def department_names(ctx: Context) -> dict[UUID, str]:
    """The tenant's open departments by id."""
    found = await ctx.session.execute(
        select(Department.id, Department.name)
        .where(Department.closed_on.is_(None))
        .order_by(Department.code)
    )
    return {row.id: row.name for row in found}


def person_says(words: str) -> Any:
    """Part of a name, or a number or log-in from its beginning on."""
    return or_(
        StaffMember.name.contains(words, autoescape=True),
        StaffMember.number == words,
        Membership.account_id.in_(select(Account.id).where(Account.login == words.lower())),
    )


async def _place_says(ctx: Context, words: str) -> Any:
    found = await ctx.session.execute(
        select(GridNode.path).where(
            GridNode.valid_to.is_(None), or_(GridNode.code == words, GridNode.name == words)
        )
    )
    return or_(False, *(within(GridNode.path, row.path) for row in found))  # noqa: FBT003


async def reaches_of(ctx: Context, account_id: UUID, day: date) -> list[Reach]:
    """Today's bindings of an account as the rules see them: a group is all that it stands for."""
    found = await ctx.session.execute(bindings_of(account_id, day))
    return [
        Reach(
            row.role,
            Scope(row.path, tuple(row.departments), ctx.policy.cut_to(row.categories)),
        )
        for row in found
    ]


async def places_named(ctx: Context, words: str, *, limit: int = 12) -> Sequence[Any]:
    """Nodes of today by code, or by name in full or in part."""
    exact = select(GridNode.id, GridNode.code, GridNode.name, GridNode.path, GridNode.level).where(
        GridNode.valid_to.is_(None)
    )
    named = exact.where(or_(GridNode.code == words, GridNode.name == words))
    found = (await ctx.session.execute(named.order_by(GridNode.path).limit(limit))).all()
    if found:
        return found
    part = exact.where(GridNode.name.contains(words, autoescape=True))
    return (await ctx.session.execute(part.order_by(GridNode.path).limit(limit))).all()


async def accounts_with(ctx: Context, right: str, path: str | None = None) -> list[UUID]:
    """Who holds the right today: anywhere, or where it reaches ``path``."""
    roles = [role.code for role in ctx.policy.county.roles if right in role.rights]
    found = (
        select(Binding.account_id)
        .distinct()
        .where(Binding.role.in_(roles), Binding.valid_from <= ctx.today, present(ctx.today))
    )
    if path is not None:
        found = found.join(GridNode, tied(GridNode.id, Binding.node_id)).where(
            GridNode.path.in_(prefixes(path))
        )
    return [*await ctx.session.scalars(found.order_by(Binding.account_id))]
