"""The tree as a materialised path, with dates so that a split or a merge keeps its history."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, path_column, tenant_fk, tenant_index


class GridNode(TenantRow):
    """One unit of the tree. ``path`` is ``430281.1.002.003.015.``; ``code`` its official code.

    ``valid_to`` is the first day on which it no longer exists. ``boundary`` is a GeoJSON geometry,
    ``synthetic`` says that name, numbers or boundary are made up for a demonstration.
    ``initials`` are pinyin initials of the name, lower case, for search.
    """

    __tablename__ = "grid_nodes"

    parent_id: Mapped[UUID | None]
    path: Mapped[str] = path_column()
    code: Mapped[str]
    level: Mapped[str]
    name: Mapped[str]
    initials: Mapped[str] = mapped_column(server_default="")
    area_type: Mapped[str] = mapped_column(server_default="")
    households: Mapped[int] = mapped_column(server_default="0")
    population: Mapped[int] = mapped_column(server_default="0")
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    boundary: Mapped[dict[str, Any] | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        tenant_index("path"),
        tenant_index("code"),
        tenant_index("parent_id", "path"),
        tenant_index("level", "path"),
        *tenant_fk("parent_id", "grid_nodes", index=False),
    )


class GridChange(TenantRow):
    """A re-division: ``kind`` is split, merge, rename or move, carried out on ``effective_on``.

    ``details`` hold what changed (old and new names, parents, codes) for the history page.
    """

    __tablename__ = "grid_changes"

    kind: Mapped[str]
    effective_on: Mapped[date]
    document: Mapped[str]
    details: Mapped[dict[str, Any]]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]

    __table_args__ = (tenant_index("effective_on"),)


class GridSuccession(TenantRow):
    """Which node took over from which, by which change."""

    __tablename__ = "grid_successions"

    change_id: Mapped[UUID]
    before_id: Mapped[UUID]
    after_id: Mapped[UUID]

    __table_args__ = (
        *tenant_fk("change_id", GridChange),
        *tenant_fk("before_id", GridNode),
        *tenant_fk("after_id", GridNode),
    )


class GridVersion(TenantRow):
    """One row per tenant, counted up by every change of the tree: what caches of it compare."""

    __tablename__ = "grid_versions"

    version: Mapped[int]
