"""The audit: entries are only ever added; the head is where the next one is chained on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, tenant_index


class AuditHead(TenantRow):
    """The end of the tenant's chain: one row, ``id`` equal to the tenant's."""

    __tablename__ = "audit_heads"

    seq: Mapped[int]
    hash: Mapped[bytes]


class AuditEntry(TenantRow):
    """One act or one look at a personal record.

    ``digest`` is a keyed hash of the content; ``hash`` chains it to the entry before (audit.chain).
    ``kind`` is ``act`` or ``reveal``; ``purpose`` belongs to a reveal.
    """

    __tablename__ = "audit_entries"

    seq: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    verb: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    who: Mapped[str]
    device: Mapped[str] = mapped_column(server_default="")
    purpose: Mapped[str] = mapped_column(server_default="")
    details: Mapped[dict[str, Any]]
    digest: Mapped[bytes]
    hash: Mapped[bytes]

    __table_args__ = (
        tenant_index("seq", unique=True),
        tenant_index("subject_id", "seq"),
        tenant_index("account_id", "seq"),
        tenant_index("kind", "seq"),
        tenant_index("at"),
        {"info": {"append_only": True}},
    )
