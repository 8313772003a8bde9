"""What a request needs to know of who is asking: in one statement, and what compiles an actor."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    LargeBinary,
    Select,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from gridgov.access.models import Binding
from gridgov.accounts.models import Account, Membership, RegionRole, SignIn
from gridgov.grid.models import GridNode
from gridgov.kernel.db import WALL
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import Ready
from gridgov.notices.models import Notice
from gridgov.staff.models import Department, PostHolding, StaffMember
from gridgov.tenants.models import TenantRecord

_DIGEST: Final = bindparam("digest", type_=LargeBinary)
_TENANT: Final = bindparam(WALL, type_=Uuid)
_MOMENT: Final = bindparam("moment", type_=DateTime(timezone=True))


def _alive() -> ColumnElement[bool]:
    return and_(SignIn.digest == _DIGEST, SignIn.revoked_at.is_(None), SignIn.expires_at > _MOMENT)


_UNREAD: Final = (
    select(func.count())
    .select_from(Notice)
    .where(Notice.tenant_id == _TENANT, Notice.account_id == Account.id, Notice.read_at.is_(None))
    .correlate(Account)
    .scalar_subquery()
)
_SIGN_IN: Final[tuple[Any, ...]] = (
    SignIn.id.label("sign_in_id"),
    SignIn.seen_at,
    SignIn.second_factor,
    Account.id.label("account_id"),
    Account.login,
    Account.password.is_(None).label("must_choose"),
    Account.totp_secret.is_not(None).label("has_second_factor"),
)
_COLUMNS: Final[tuple[Any, ...]] = (
    *TenantRecord.__table__.c,
    *_SIGN_IN,
    Membership.staff_id,
    StaffMember.name.label("staff_name"),
    StaffMember.left_on,
    _UNREAD.label("unread"),
)

OPENING: Final = Ready(
    select(*_COLUMNS)
    .select_from(TenantRecord)
    .outerjoin(SignIn, _alive())
    .outerjoin(Account, and_(Account.id == SignIn.account_id, Account.disabled_at.is_(None)))
    .outerjoin(
        Membership,
        and_(
            Membership.account_id == Account.id,
            Membership.tenant_id == TenantRecord.id,
            Membership.ended_at.is_(None),
        ),
    )
    .outerjoin(
        StaffMember,
        and_(StaffMember.tenant_id == TenantRecord.id, StaffMember.id == Membership.staff_id),
    )
    .where(TenantRecord.id == _TENANT)
)
"""All that a request needs to know of tenant and sign-in; asked at every request, so made once.

The sign-in's columns are None unless it is unrevoked, unexpired and of an open account that is
still a member here. Idling is the tenant's setting, so that is judged afterwards.
"""


_REGION: Final[tuple[Any, ...]] = (*_SIGN_IN, RegionRole.region, RegionRole.role)

REGION_OPENING: Final[Select[*tuple[Any, ...]]] = (
    select(*_REGION)
    .select_from(SignIn)
    .join(Account, and_(Account.id == SignIn.account_id, Account.disabled_at.is_(None)))
    .join(RegionRole, RegionRole.account_id == Account.id)
    .where(_alive())
    .order_by(RegionRole.region)
)
"""The same above the counties: the sign-in and the account's regions."""


def bindings_of(account_id: UUID, today: date) -> Select[*tuple[Any, ...]]:
    """The bindings of an account that hold today, with the path where each reaches."""
    columns: tuple[Any, ...] = (
        Binding.id,
        Binding.role,
        GridNode.path,
        GridNode.name.label("node_name"),
        Binding.departments,
        Binding.categories,
    )
    return (
        select(*columns)
        .join(GridNode, tied(GridNode.id, Binding.node_id))
        .where(
            Binding.account_id == account_id,
            Binding.valid_from <= today,
            or_(Binding.valid_to.is_(None), Binding.valid_to > today),
        )
        .order_by(GridNode.path, Binding.role, Binding.id)
    )


def duty_of(staff_id: UUID, today: date) -> Select[*tuple[Any, ...]]:
    """The person's first post of today with its place, own title and department."""
    columns: tuple[Any, ...] = (
        PostHolding.post,
        PostHolding.acting,
        GridNode.name.label("node_name"),
        StaffMember.title,
        Department.name.label("department"),
    )
    return (
        select(*columns)
        .select_from(StaffMember)
        .outerjoin(
            PostHolding,
            and_(
                tied(PostHolding.staff_id, StaffMember.id),
                PostHolding.valid_from <= today,
                or_(PostHolding.valid_to.is_(None), PostHolding.valid_to > today),
            ),
        )
        .outerjoin(GridNode, tied(GridNode.id, PostHolding.node_id))
        .outerjoin(Department, tied(Department.id, StaffMember.department_id))
        .where(StaffMember.id == staff_id)
        .order_by(PostHolding.acting, GridNode.path)
        .limit(1)
    )
