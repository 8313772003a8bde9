"""The directory of tenants. Shared: it is read before anybody knows the tenant."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import SharedRow, TenantRow, path_column, tenant_index


class TenantRecord(SharedRow):
    """One county-level government. ``state``: onboarding, active, suspended.

    ``tables`` are the rows that lie over what its plugins declare, as its manifest says them.
    """

    __tablename__ = "tenants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    province: Mapped[str]
    prefecture: Mapped[str]
    zone: Mapped[str]
    state: Mapped[str]
    plugins: Mapped[list[str]]
    settings: Mapped[list[dict[str, Any]]]
    tables: Mapped[dict[str, Any]]
    brand: Mapped[dict[str, Any]]
    data_key: Mapped[bytes]
    policy_version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN ('onboarding', 'active', 'suspended')", name="state"),
        {"info": {"province": True}},
    )


class DeclarationSnapshot(TenantRow):
    """The rulebook that a tenant runs from a moment on: resolved declarations and their digest.

    The newest holds. Kinds that later ones no longer have are found in older ones, by the
    ``kind_version`` that a running case keeps.
    """

    __tablename__ = "declaration_snapshots"

    plugins: Mapped[list[str]]
    digest: Mapped[str]
    declarations: Mapped[dict[str, Any]]
    taken_at: Mapped[datetime]
    taken_by: Mapped[str]


class RulePart(TenantRow):
    """The subtree in which a plugin rules a part of the county."""

    __tablename__ = "rule_parts"

    plugin: Mapped[str]
    path: Mapped[str] = path_column(follows=True)

    __table_args__ = (tenant_index("plugin", unique=True),)


class ListVersion(TenantRow):
    """What the county changed in its lists, from a moment on and on the strength of a document.

    ``rows`` are by list and by the code of the row; null: the row is no more. A version that has
    not begun may be withdrawn, and is then deleted; the audit keeps both.
    """

    __tablename__ = "list_versions"

    effective_at: Mapped[datetime]
    rows: Mapped[dict[str, Any]]
    document: Mapped[str]
    reason: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]

    __table_args__ = (tenant_index("effective_at"),)
