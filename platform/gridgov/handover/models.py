"""Hand-overs of one post, and sheets of many."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index
from gridgov.staff.models import StaffMember


class Handover(TenantRow):
    """A post that passes from one person to another.

    ``things`` is what passed on with it, written down when it was done. ``given_for`` is the reason
    for which somebody above signed for an absent leaver.
    """

    __tablename__ = "handovers"

    kind: Mapped[str]
    holding_id: Mapped[UUID]
    post: Mapped[str]
    node_id: Mapped[UUID]
    leaver_id: Mapped[UUID]
    successor_id: Mapped[UUID]
    on: Mapped[date]
    note: Mapped[str] = mapped_column(server_default="")
    opened_by: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime | None]
    given_for: Mapped[str] = mapped_column(server_default="")
    taken_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    things: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        *tenant_fk("node_id", GridNode),
        *tenant_fk("leaver_id", StaffMember),
        *tenant_fk("successor_id", StaffMember),
        tenant_index("opened_at", "id"),
        tenant_index(
            "holding_id",
            unique=True,
            postgresql_where="done_at IS NULL AND cancelled_at IS NULL",
        ),
        CheckConstraint("kind IN ('transfer', 'leave', 'term')", name="kind"),
    )


class Turnover(TenantRow):
    """Many posts that change on one day, from one sheet. ``counters`` is what it takes back.

    ``agreed_by`` let the rights go over with the posts.
    """

    __tablename__ = "turnovers"

    state: Mapped[str]
    effective_on: Mapped[date]
    document: Mapped[str]
    moves: Mapped[list[dict[str, Any]]]
    counters: Mapped[UUID | None]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    agreed_by: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        *tenant_fk("counters", "turnovers"),
        tenant_index("made_at", "id"),
        tenant_index("state", "effective_on"),
        CheckConstraint(
            "state IN ('draft', 'planned', 'applied', 'withdrawn', 'refused')", name="state"
        ),
    )
