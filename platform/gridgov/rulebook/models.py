"""What is kept of a county's rules beside the editions themselves."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, tenant_index


class HookFault(TenantRow):
    """Code of a plugin that raised or took too long: one row, however often it happens.

    ``number`` is told to people; ``what`` is the kind of fault and where, never anybody's data.
    """

    __tablename__ = "hook_faults"

    number: Mapped[str]
    plugin: Mapped[str]
    hook: Mapped[str]
    what: Mapped[str]
    count: Mapped[int] = mapped_column(server_default="1")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    __table_args__ = (tenant_index("number", unique=True), tenant_index("last_at"))
