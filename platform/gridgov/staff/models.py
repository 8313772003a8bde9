"""Departments stand beside the tree, each with a jurisdiction in it; posts tie people to nodes."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index


class Department(TenantRow):
    """A functional unit that handles cases. ``node_id`` is its jurisdiction."""

    __tablename__ = "departments"

    code: Mapped[str]
    name: Mapped[str]
    node_id: Mapped[UUID]
    phone: Mapped[str] = mapped_column(server_default="")
    closed_on: Mapped[date | None]

    __table_args__ = (
        tenant_index("code", unique=True),
        *tenant_fk("node_id", GridNode),
    )


class StaffMember(TenantRow):
    """A person who works for the county. ``employment``: full_time, part_time, official."""

    __tablename__ = "staff"

    number: Mapped[str]
    name: Mapped[str]
    initials: Mapped[str] = mapped_column(server_default="")
    title: Mapped[str] = mapped_column(server_default="")
    employment: Mapped[str]
    phone: Mapped[bytes | None]
    department_id: Mapped[UUID | None]
    synthetic: Mapped[bool] = mapped_column(server_default="false")
    left_on: Mapped[date | None]

    __table_args__ = (
        tenant_index("number", unique=True),
        tenant_index("name"),
        *tenant_fk("department_id", Department),
    )


class PostHolding(TenantRow):
    """Somebody holds a post on a node. Half-open dates; ``acting`` covers for somebody else."""

    __tablename__ = "post_holdings"

    staff_id: Mapped[UUID]
    node_id: Mapped[UUID]
    post: Mapped[str]
    acting: Mapped[bool] = mapped_column(server_default="false")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    __table_args__ = (
        *tenant_fk("staff_id", StaffMember),
        *tenant_fk("node_id", GridNode),
        tenant_index("post", "node_id"),
    )


class Responsibility(TenantRow):
    """Which department answers for a category here, where the county's own data says so.

    ``assumed``: no document names it yet; pages flag it until somebody confirms.
    """

    __tablename__ = "responsibilities"

    category: Mapped[str]
    department_id: Mapped[UUID]
    assumed: Mapped[bool] = mapped_column(server_default="false")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    __table_args__ = (
        *tenant_fk("department_id", Department),
        tenant_index("category"),
    )
