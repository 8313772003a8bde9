"""Bindings: this account has this role here. The security admin makes them, nobody else."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index
from gridgov.staff.models import StaffMember


class Binding(TenantRow):
    """A role held by an account on a node, narrowed to departments and categories where given."""

    __tablename__ = "bindings"

    account_id: Mapped[UUID]
    role: Mapped[str]
    node_id: Mapped[UUID]
    departments: Mapped[list[UUID]] = mapped_column(server_default="{}")
    categories: Mapped[list[str]] = mapped_column(server_default="{}")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    granted_by: Mapped[UUID | None]
    granted_at: Mapped[datetime]

    __table_args__ = (
        *tenant_fk("node_id", GridNode),
        tenant_index("account_id"),
        tenant_index("role"),
    )


class PasswordReset(TenantRow):
    """A worker without a password, vouched for at a station by one person and approved by another.

    ``issued_at`` is when the one-time token was shown, once, to the person who asked. ``factor``:
    the phone is lost too, so the second factor is let go with the password.
    """

    __tablename__ = "password_resets"

    account_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    reason: Mapped[str]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]
    note: Mapped[str] = mapped_column(server_default="")
    issued_at: Mapped[datetime | None]
    factor: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (
        *tenant_fk("staff_id", StaffMember),
        tenant_index("account_id", postgresql_where="issued_at IS NULL"),
        tenant_index("asked_at"),
    )
