"""What somebody ticked off."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, tenant_index


class YearlyTick(TenantRow):
    """A duty of a year was done on a day, says somebody."""

    __tablename__ = "yearly_ticks"

    duty: Mapped[str]
    year: Mapped[int]
    done_on: Mapped[date]
    note: Mapped[str] = mapped_column(server_default="")
    account_id: Mapped[UUID | None]
    who: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (tenant_index("year", "duty", unique=True),)
