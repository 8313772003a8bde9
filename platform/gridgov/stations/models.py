"""What is kept of working places and their hall."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.cases.models import Case
from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index
from gridgov.staff.models import StaffMember


class Station(TenantRow):
    """The office of a node whose level has a desk. ``hours`` hold on working days.

    The phone is the office's, posted at its door; ``synthetic`` says that the row is made up.
    """

    __tablename__ = "stations"

    node_id: Mapped[UUID]
    address: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    hours: Mapped[str] = mapped_column(server_default="")
    rest_hours: Mapped[str] = mapped_column(server_default="")
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime]

    __table_args__ = (
        *tenant_fk("node_id", GridNode, index=False),
        tenant_index("node_id", unique=True),
    )


class StationSeat(TenantRow):
    """A seat of a hall: its phone, and where in the hall it is."""

    __tablename__ = "station_seats"

    node_id: Mapped[UUID]
    seat: Mapped[str]
    phone: Mapped[str] = mapped_column(server_default="")
    place: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        *tenant_fk("node_id", GridNode, index=False),
        tenant_index("node_id", "seat", unique=True),
    )


class DutyTurn(TenantRow):
    """Who is on duty at a seat of a hall, on which day and in which shift."""

    __tablename__ = "duty_turns"

    node_id: Mapped[UUID]
    day: Mapped[date]
    seat: Mapped[str]
    shift: Mapped[str]
    staff_id: Mapped[UUID]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]

    __table_args__ = (
        *tenant_fk("node_id", GridNode, index=False),
        *tenant_fk("staff_id", StaffMember),
        tenant_index("node_id", "day", "seat", "shift", unique=True),
    )


class HallNumber(TenantRow):
    """A number that somebody took in a zone of the hall: no name, and from 1 again each day."""

    __tablename__ = "hall_numbers"

    node_id: Mapped[UUID]
    day: Mapped[date]
    zone: Mapped[str]
    number: Mapped[int]
    state: Mapped[str]
    called_to: Mapped[str] = mapped_column(server_default="")
    taken_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    calls: Mapped[int] = mapped_column(server_default="0")
    ended_at: Mapped[datetime | None]
    case_id: Mapped[UUID | None]

    __table_args__ = (
        *tenant_fk("node_id", GridNode, index=False),
        *tenant_fk("case_id", Case),
        tenant_index("node_id", "day", "zone", "number", unique=True),
        CheckConstraint("state IN ('waiting', 'called', 'done', 'missed')", name="state"),
    )


class HallScreen(TenantRow):
    """A screen on the wall: its address holds a ``token`` that cannot be guessed, and no name.

    Whoever knows the address sees called numbers and notices, until it is revoked.
    """

    __tablename__ = "hall_screens"

    node_id: Mapped[UUID]
    token: Mapped[str]
    name: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]

    __table_args__ = (
        *tenant_fk("node_id", GridNode),
        tenant_index("token", unique=True),
    )


class HallNotice(TenantRow):
    """A line on the hall's screen until a day, unless it is taken down before."""

    __tablename__ = "hall_notices"

    node_id: Mapped[UUID]
    text: Mapped[str]
    until: Mapped[date]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        *tenant_fk("node_id", GridNode, index=False),
        tenant_index("node_id", "until"),
    )
