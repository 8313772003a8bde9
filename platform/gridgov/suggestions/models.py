"""Suggestions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridgov.kernel.db import TenantRow, tenant_index


class Suggestion(TenantRow):
    """What somebody says about the system, with the page they were on, and what was answered.

    Shown to all staff without the writer's name.
    """

    __tablename__ = "suggestions"

    text: Mapped[str]
    page: Mapped[str]
    account_id: Mapped[UUID]
    at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]

    __table_args__ = (tenant_index("at", "id"),)
