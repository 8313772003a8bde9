"""Buildings, and every count that was ever made of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, path_column, tenant_fk, tenant_index


class Building(TenantRow):
    """A building with its newest count. A number that is null was never recorded.

    ``use`` is one of the county's. ``counted_at`` is when somebody last counted, or said that
    nothing changed. ``gone_on`` is the day from which it no longer stands.
    """

    __tablename__ = "buildings"

    node_id: Mapped[UUID]
    node_path: Mapped[str] = path_column(follows=True)
    name: Mapped[str]
    use: Mapped[str]
    storeys: Mapped[int | None]
    dwellings: Mapped[int | None]
    households: Mapped[int | None]
    source: Mapped[str]
    counted_at: Mapped[datetime]
    made_at: Mapped[datetime]
    gone_on: Mapped[date | None]
    synthetic: Mapped[bool] = mapped_column(server_default="false")

    __table_args__ = (
        *tenant_fk("node_id", GridNode),
        tenant_index("node_path", "name", "id"),
        tenant_index("use", "node_path"),
        CheckConstraint("storeys BETWEEN 1 AND 200", name="storeys"),
        CheckConstraint("dwellings BETWEEN 0 AND 5000", name="dwellings"),
        CheckConstraint("households BETWEEN 0 AND 5000", name="households"),
    )


class BuildingCount(TenantRow):
    """One count of a building; only ever added. ``who`` is the duty in which somebody counted."""

    __tablename__ = "building_counts"

    building_id: Mapped[UUID]
    at: Mapped[datetime]
    use: Mapped[str]
    storeys: Mapped[int | None]
    dwellings: Mapped[int | None]
    households: Mapped[int | None]
    source: Mapped[str]
    changed: Mapped[bool]
    account_id: Mapped[UUID | None]
    who: Mapped[str]

    __table_args__ = (
        *tenant_fk("building_id", Building, index=False),
        tenant_index("building_id", "id"),
        tenant_index("at"),
        {"info": {"append_only": True}},
    )
