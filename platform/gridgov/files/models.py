"""What is known of each kept photo. The bytes lie on disk under names of our own, sealed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, tenant_index


class StoredFile(TenantRow):
    """A photo. ``owner_kind`` and ``owner_id`` are empty until it is attached.

    ``sha256`` is of what we keep, not of what was sent: two reports with the very same picture can
    be shown to a reviewer. What a file was called is not kept: it may hold the name of a person.
    """

    __tablename__ = "files"

    mime: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    owner_kind: Mapped[str | None]
    owner_id: Mapped[UUID | None]
    position: Mapped[int] = mapped_column(server_default="0")
    expires_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("(owner_kind IS NULL) = (owner_id IS NULL)", name="owner"),
        tenant_index("owner_kind", "owner_id", "position"),
        tenant_index("created_at", postgresql_where="owner_id IS NULL"),
        tenant_index("expires_on", postgresql_where="expires_on IS NOT NULL"),
        tenant_index("sha256"),
    )
