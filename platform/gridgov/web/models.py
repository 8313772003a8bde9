"""What the shell itself keeps."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, tenant_index


class Operation(TenantRow):
    """A form sent once: ``id`` is made by the browser, ``location`` is the first sending's answer.

    ``account_id`` and ``digest`` tell who sent what, so that nobody gets an answer to other words
    than their own. Kept for good: a phone may send again after weeks without a network.
    """

    __tablename__ = "operations"

    account_id: Mapped[UUID | None]
    digest: Mapped[bytes]
    location: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime]

    __table_args__ = (tenant_index("at"),)
