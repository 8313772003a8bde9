"""Teams with members and activities, meetings with items."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.cases.models import Case
from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index
from gridgov.staff.models import StaffMember


class Team(TenantRow):
    """A team of a declared kind on a unit. ``name`` is empty where the kind says enough."""

    __tablename__ = "teams"

    kind: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    node_id: Mapped[UUID]
    formed_on: Mapped[date]
    ended_on: Mapped[date | None]
    synthetic: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (
        *tenant_fk("node_id", GridNode, index=False),
        tenant_index("node_id", "kind"),
    )


class TeamMember(TenantRow):
    """Somebody in a team: a person of the staff, a resident, or ``count`` people of a role.

    A resident's name and phone are sealed, and there only because they agreed (``consent_on``).
    """

    __tablename__ = "team_members"

    team_id: Mapped[UUID]
    staff_id: Mapped[UUID | None]
    role: Mapped[str]
    count: Mapped[int] = mapped_column(server_default="1")
    name: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    consent_on: Mapped[date | None]
    since: Mapped[date]
    until: Mapped[date | None]

    __table_args__ = (
        *tenant_fk("team_id", Team),
        *tenant_fk("staff_id", StaffMember),
        CheckConstraint("name IS NULL OR consent_on IS NOT NULL", name="consent"),
    )


class Meeting(TenantRow):
    """A meeting of a declared kind at a unit, or (``case_id``) about a case.

    ``attendance`` are those who were asked: post or department, place, and whether they came.
    ``held_at`` is when its minutes were kept; empty while it lies ahead. ``earlier`` is what stood
    there before it was mended: until when, by whose hand, the minutes, and what was resolved.
    """

    __tablename__ = "meetings"

    kind: Mapped[str]
    node_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    at: Mapped[datetime]
    place: Mapped[str] = mapped_column(server_default="")
    minutes: Mapped[str] = mapped_column(server_default="")
    conclusion: Mapped[str] = mapped_column(server_default="")
    next_step: Mapped[str] = mapped_column(server_default="")
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    attendance: Mapped[list[dict[str, Any]]]
    called_by: Mapped[UUID | None]
    held_at: Mapped[datetime | None]

    __table_args__ = (
        *tenant_fk("node_id", GridNode, index=False),
        *tenant_fk("case_id", Case, index=False),
        tenant_index("node_id", "kind", "at"),
        tenant_index("case_id", postgresql_where="case_id IS NOT NULL"),
        tenant_index("at", "id"),
    )


class MeetingItem(TenantRow):
    """One matter of a meeting: a case, what was left open last time, or what somebody raised.

    ``title`` is empty for a case: it is the case's, for those who may see it.
    """

    __tablename__ = "meeting_items"

    meeting_id: Mapped[UUID]
    title: Mapped[str]
    reason: Mapped[str]
    resolution: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="open")
    case_id: Mapped[UUID | None]
    led_to: Mapped[UUID | None]

    __table_args__ = (
        *tenant_fk("meeting_id", Meeting),
        *tenant_fk("case_id", Case, index=False),
        *tenant_fk("led_to", Case, index=False),
        tenant_index("case_id", postgresql_where="case_id IS NOT NULL"),
        tenant_index("led_to", postgresql_where="led_to IS NOT NULL"),
        CheckConstraint("state IN ('open', 'done', 'carried')", name="state"),
    )


class Activity(TenantRow):
    """What a team did at a unit, or the unit's people together (``team_id`` empty)."""

    __tablename__ = "activities"

    node_id: Mapped[UUID]
    team_id: Mapped[UUID | None]
    meeting_id: Mapped[UUID | None]
    on: Mapped[date]
    place: Mapped[str] = mapped_column(server_default="")
    what: Mapped[str]
    took_part: Mapped[int]
    made_by: Mapped[UUID | None]

    __table_args__ = (
        *tenant_fk("node_id", GridNode, index=False),
        *tenant_fk("team_id", Team, index=False),
        *tenant_fk("meeting_id", Meeting, index=False),
        tenant_index("node_id", "on"),
        tenant_index("team_id", "on", postgresql_where="team_id IS NOT NULL"),
        tenant_index("meeting_id", postgresql_where="meeting_id IS NOT NULL"),
        tenant_index("on", "id"),
    )
