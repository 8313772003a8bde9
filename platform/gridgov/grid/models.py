"""The tree as a materialised path, with dates so that a split or a merge keeps its history."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import TenantRow, path_column, tenant_fk, tenant_index


class GridNode(TenantRow):
    """One unit of the tree. ``path`` is ``430281.1.002.003.015.``; ``code`` its official code.

    ``valid_to`` is the first day on which it no longer exists; it is null as long as the node is
    there, for a change that lies ahead is kept as a planned :class:`GridChange`. No path is ever
    given to another place, but the successor of a split or merged node that keeps its code keeps
    its path. ``boundary`` is a GeoJSON geometry, ``synthetic`` says that name, numbers or boundary
    are made up for a demonstration. ``initials`` are pinyin initials of the name, for search.
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
    boundary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        tenant_index("path"),
        tenant_index("path", "valid_to", unique=True, postgresql_where="valid_to IS NULL"),
        tenant_index("code"),
        tenant_index("parent_id", "path"),
        tenant_index("level", "path"),
        *tenant_fk("parent_id", "grid_nodes", index=False),
    )


class GridChange(TenantRow):
    """A re-division: ``kind`` is split, merge, rename or move, carried out on ``effective_on``.

    ``state``: planned, applied, refused (the tree had changed when its day came) or withdrawn.
    ``details`` hold the command and, once applied, what it led to, for the history page.
    """

    __tablename__ = "grid_changes"

    kind: Mapped[str]
    state: Mapped[str]
    effective_on: Mapped[date]
    document: Mapped[str]
    details: Mapped[dict[str, Any]]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        tenant_index("effective_on"),
        tenant_index("state", "effective_on"),
        CheckConstraint("state IN ('planned', 'applied', 'refused', 'withdrawn')", name="state"),
    )


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


class GridPast(TenantRow):
    """What a node was called and where it stood until a rename or a move."""

    __tablename__ = "grid_pasts"

    node_id: Mapped[UUID]
    change_id: Mapped[UUID]
    name: Mapped[str]
    code: Mapped[str]
    path: Mapped[str] = path_column()
    valid_from: Mapped[date]
    valid_to: Mapped[date]

    __table_args__ = (
        *tenant_fk("node_id", GridNode),
        *tenant_fk("change_id", GridChange),
        tenant_index("path"),
        tenant_index("code"),
    )


class GridVersion(TenantRow):
    """One row per tenant, counted up by every change of the tree: what caches of it compare.

    Whoever is about to write a path reads it with a share lock, a re-division with its own, so
    that no path is written while the tree is being changed (``queries.hold_still``).
    """

    __tablename__ = "grid_versions"

    version: Mapped[int]
