"""What each place has of a standard, and every step on the way there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.cases.models import Case
from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index


class StandardMark(TenantRow):
    """One item of one place: no row means that nothing was ever said of it.

    ``note`` is the evidence in words, ``reason`` why it was sent back; ``case_id`` the case by
    which what is missing is being got.
    """

    __tablename__ = "standard_marks"

    node_id: Mapped[UUID]
    standard: Mapped[str]
    item: Mapped[str]
    state: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")
    claimed_by: Mapped[UUID | None]
    claimed_who: Mapped[str] = mapped_column(server_default="")
    claimed_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_who: Mapped[str] = mapped_column(server_default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")
    case_id: Mapped[UUID | None]

    __table_args__ = (
        *tenant_fk("node_id", GridNode, index=False),
        *tenant_fk("case_id", Case),
        tenant_index("node_id", "standard", "item", unique=True),
        tenant_index("standard", "state"),
        CheckConstraint("state IN ('missing', 'claimed', 'confirmed', 'returned')", name="state"),
    )


class StandardStep(TenantRow):
    """One line of an item's history; only ever added. Its photos are filed under it."""

    __tablename__ = "standard_steps"

    mark_id: Mapped[UUID]
    at: Mapped[datetime]
    action: Mapped[str]
    note: Mapped[str]
    account_id: Mapped[UUID | None]
    who: Mapped[str]

    __table_args__ = (
        *tenant_fk("mark_id", StandardMark, index=False),
        tenant_index("mark_id", "id"),
        {"info": {"append_only": True}},
    )
