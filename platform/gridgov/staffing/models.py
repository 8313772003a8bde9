"""What was handed out for work."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index
from gridgov.staff.models import StaffMember


class KitPiece(TenantRow):
    """One thing that was handed out. ``mark`` is its number, if it has one.

    ``node_id`` is the unit that it is used on; ``staff_id`` is empty for what the unit itself has.
    ``ended_on`` is the day on which it was given back or found missing; ``struck_off_for`` why it
    is looked for no more.
    """

    __tablename__ = "kit_pieces"

    item: Mapped[str]
    node_id: Mapped[UUID]
    staff_id: Mapped[UUID | None]
    state: Mapped[str]
    mark: Mapped[str] = mapped_column(server_default="")
    issued_on: Mapped[date]
    ended_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(server_default="")
    struck_off_for: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        *tenant_fk("node_id", GridNode),
        *tenant_fk("staff_id", StaffMember, index=False),
        tenant_index("staff_id", postgresql_where="staff_id IS NOT NULL"),
        tenant_index("state", "item"),
        CheckConstraint("state IN ('out', 'returned', 'missing', 'struck_off')", name="state"),
    )
