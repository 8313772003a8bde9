"""Notices to staff."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, tenant_index


class Notice(TenantRow):
    """One line for one account. ``about`` is unique per account, so a repeated event tells once.

    ``text`` holds no personal data (domain.md R5): codes, categories and places of the grid only.
    ``said`` is the sentence in parts, for readers of another language.
    """

    __tablename__ = "notices"

    account_id: Mapped[UUID]
    about: Mapped[str]
    text: Mapped[str]
    said: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
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
