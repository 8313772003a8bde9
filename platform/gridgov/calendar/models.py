"""What is kept of days: each load of a year for all counties, and each county's own closures."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import SharedRow, TenantRow, tenant_index


class CalendarYear(SharedRow):
    """One load of one year. Shared: the arrangement is the State Council's, the same for all.

    A calendar at version V is, for each year, its newest load up to V. Loads are never changed, so
    every older version can be shown again. ``digest`` covers this load and all before it.
    """

    __tablename__ = "calendar_years"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int]
    status: Mapped[str]
    notice: Mapped[str]
    digest: Mapped[str]
    loaded_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("status IN ('official', 'provisional')", name="status"),)


class CalendarDay(SharedRow):
    """A day that differs from its weekday, in one load. Shared, as its year."""

    __tablename__ = "calendar_days"

    version: Mapped[int] = mapped_column(ForeignKey(CalendarYear.version), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]

    __table_args__ = (CheckConstraint("kind IN ('holiday', 'in_lieu', 'makeup')", name="kind"),)


class CalendarClosure(TenantRow):
    """A day on which the county's offices are closed by a document of its own (a flood, say).

    Taken back, the row stays. Revisions count the changes of the tenant's closures, so that an
    older calendar can be shown again.
    """

    __tablename__ = "calendar_closures"

    day: Mapped[date]
    reason: Mapped[str]
    document: Mapped[str]
    added_revision: Mapped[int]
    added_by: Mapped[UUID | None]
    added_at: Mapped[datetime]
    removed_revision: Mapped[int | None]
    removed_document: Mapped[str | None]
    removed_by: Mapped[UUID | None]
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        tenant_index("day", unique=True, postgresql_where="removed_revision IS NULL"),
    )


class CalendarHeard(TenantRow):
    """Which national version a tenant has been told of: one row, ``id`` equal to the tenant's."""

    __tablename__ = "calendar_heard"

    version: Mapped[int]
