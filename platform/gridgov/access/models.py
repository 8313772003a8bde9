"""Bindings: this account has this role here. The security admin makes them, nobody else."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index


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
