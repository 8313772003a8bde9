"""What a county shows to those above it: numbers of a day, and nothing that tells of anybody."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from gridgov.kernel.db import TenantRow, tenant_index


class CaseFigure(TenantRow):
    """One day's figures; the present day's row is counted again until the day is over.

    ``open_*`` are of the moment of counting, ``reported``, ``closed`` and ``on_time`` of the thirty
    days that end with the day, ``overdue`` the open ones whose promise is broken.
    """

    __tablename__ = "case_figures"

    day: Mapped[date]
    open_red: Mapped[int]
    open_yellow: Mapped[int]
    open_green: Mapped[int]
    open_paused: Mapped[int]
    reported: Mapped[int]
    closed: Mapped[int]
    on_time: Mapped[int]
    overdue: Mapped[int]
    last_activity: Mapped[datetime | None]
    counted_at: Mapped[datetime]

    __table_args__ = (tenant_index("day", unique=True), {"info": {"province": True}})
