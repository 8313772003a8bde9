"""What is kept of a switch."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, tenant_index


class SwitchGrant(TenantRow):
    """On what basis something is on, until when; asked by one person and confirmed by another.

    ``warned_at`` is when its asker was told that it ends soon.
    """

    __tablename__ = "switch_grants"

    switch: Mapped[str]
    document: Mapped[str]
    article: Mapped[str]
    reason: Mapped[str]
    expires_on: Mapped[date]
    state: Mapped[str]
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    asker: Mapped[str]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decider: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")
    warned_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        tenant_index("switch", unique=True, postgresql_where="state IN ('asked', 'on')"),
        tenant_index("asked_at"),
        CheckConstraint("state IN ('asked', 'on', 'declined', 'over')", name="state"),
    )
