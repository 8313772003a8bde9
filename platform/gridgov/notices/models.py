"""Notices to staff."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from gridgov.kernel.db import TenantRow, tenant_index


class Notice(TenantRow):
    """One line for one account. ``about`` is unique per account, so a repeated event tells once.

    ``text`` holds no personal data (domain.md R5): codes, categories and places of the grid only.
    """

    __tablename__ = "notices"

    account_id: Mapped[UUID]
    about: Mapped[str]
    text: Mapped[str]
    link: Mapped[str]
    urgent: Mapped[bool]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        tenant_index("account_id", "about", unique=True),
        tenant_index("account_id", "at", "id"),
        tenant_index("account_id", postgresql_where="read_at IS NULL"),
        tenant_index("at"),
    )
