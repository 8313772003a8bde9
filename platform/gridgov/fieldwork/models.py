"""Lines of ledgers, campaigns with their targets, and the cases that arose from either."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Integer
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.cases.models import Case
from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, path_column, tenant_fk, tenant_index
from gridgov.registry.models import Building


class LedgerLine(TenantRow):
    """One line of a ledger that the county declares.

    ``id`` is made from the moment of writing, so the order of ids is the order of lines. ``at`` is
    the server's time, ``device_at`` what the phone said when it was written. ``said`` holds what
    may be read, by the codes of the ledger's fields; ``sealed`` the rest, as one sealed text.
    ``item`` and ``count`` are what was handed out. ``from_id`` is the line that it was made of.
    ``who`` is the duty of the author. ``expires_on`` is the first day without it. ``words`` is what
    search compares: only what may be read anyway.
    """

    __tablename__ = "ledger_lines"

    ledger: Mapped[str]
    node_id: Mapped[UUID]
    node_path: Mapped[str] = path_column(follows=True)
    building_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    who: Mapped[str]
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    said: Mapped[dict[str, Any]]
    words: Mapped[str] = mapped_column(server_default="")
    sealed: Mapped[bytes | None]
    item: Mapped[str] = mapped_column(server_default="")
    count: Mapped[int | None]
    private: Mapped[bool] = mapped_column(server_default="false")
    from_id: Mapped[UUID | None]
    answer: Mapped[str] = mapped_column(server_default="")
    answered_by: Mapped[str] = mapped_column(server_default="")
    answered_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]

    __table_args__ = (
        *tenant_fk("node_id", GridNode),
        *tenant_fk("building_id", Building),
        *tenant_fk("from_id", "ledger_lines"),
        tenant_index("node_path", "id"),
        tenant_index("ledger", "node_path", "at"),
        tenant_index("account_id", "id"),
        tenant_index("expires_on", postgresql_where="expires_on IS NOT NULL"),
        CheckConstraint("count >= 1", name="count"),
        CheckConstraint("ended_at >= began_at", name="span"),
    )


class LedgerTerm(TenantRow):
    """A pair of neighbouring characters in the ``words`` of a line: the index of text search.

    As ``case_terms``: without a foreign key, and found by its key alone.
    """

    __tablename__ = "ledger_terms"

    term: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-1)
    id: Mapped[UUID] = mapped_column(primary_key=True)  # the line


class LedgerCase(TenantRow):
    """A case that arose from a line of a ledger."""

    __tablename__ = "ledger_cases"

    line_id: Mapped[UUID]
    case_id: Mapped[UUID]

    __table_args__ = (*tenant_fk("line_id", LedgerLine), *tenant_fk("case_id", Case))


class Campaign(TenantRow):
    """An inspection campaign of the county or a town: into its targets, from a day to a day.

    ``checks`` is the checklist as it was when the campaign was made.
    """

    __tablename__ = "campaigns"

    kind: Mapped[str]
    name: Mapped[str]
    document: Mapped[str]
    node_id: Mapped[UUID]
    node_path: Mapped[str] = path_column(follows=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    checks: Mapped[list[str]]
    category: Mapped[str]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    summary: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        *tenant_fk("node_id", GridNode),
        tenant_index("node_path", "id"),
        tenant_index("first_on"),
        CheckConstraint("last_on >= first_on", name="days"),
    )


class CampaignTarget(TenantRow):
    """One unit or building that a campaign goes to, and how it went there the last time."""

    __tablename__ = "campaign_targets"

    campaign_id: Mapped[UUID]
    node_id: Mapped[UUID]
    node_path: Mapped[str] = path_column(follows=True)
    building_id: Mapped[UUID | None]
    name: Mapped[str]
    state: Mapped[str]
    failed: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    note: Mapped[str] = mapped_column(server_default="")
    account_id: Mapped[UUID | None]
    who: Mapped[str] = mapped_column(server_default="")
    at: Mapped[datetime | None]
    device_at: Mapped[datetime | None]

    __table_args__ = (
        *tenant_fk("campaign_id", Campaign, index=False),
        *tenant_fk("node_id", GridNode),
        *tenant_fk("building_id", Building),
        tenant_index("campaign_id", "node_path", "id"),
        tenant_index("node_path", "at"),
        CheckConstraint("state IN ('todo', 'fine', 'away', 'hazard')", name="state"),
    )


class TargetCase(TenantRow):
    """A case that arose from a hazard at a target."""

    __tablename__ = "campaign_cases"

    target_id: Mapped[UUID]
    case_id: Mapped[UUID]

    __table_args__ = (*tenant_fk("target_id", CampaignTarget), *tenant_fk("case_id", Case))
