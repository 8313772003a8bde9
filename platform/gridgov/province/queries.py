"""Which counties lie in the region, and how they stand. Read with the province's database role."""

from typing import Any, Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from gridgov.context import RegionContext
from gridgov.province.models import CaseFigure
from gridgov.province.types import CountyRow
from gridgov.tenants.models import TenantRecord

_COLUMNS: Final = (
    TenantRecord.name,
    TenantRecord.code,
    TenantRecord.slug,
    TenantRecord.state,
    TenantRecord.created_at,
)
_FIGURES: Final = (
    CaseFigure.open_red,
    CaseFigure.open_yellow,
    CaseFigure.open_green,
    CaseFigure.open_paused,
    CaseFigure.reported,
    CaseFigure.closed,
    CaseFigure.on_time,
    CaseFigure.overdue,
)


async def counties(region: RegionContext) -> list[CountyRow]:
    """Every county of the region with its newest figures; those not counted yet with none."""
    column, code = region_column(region.region)
    other = aliased(CaseFigure)
    newest = (
        select(func.max(other.day))
        .where(other.tenant_id == TenantRecord.id)
        .correlate(TenantRecord)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        *_COLUMNS,
        CaseFigure.counted_at,
        *(func.coalesce(figure, 0) for figure in _FIGURES),
        CaseFigure.last_activity,
    )
    found = (
        select(*columns)
        .outerjoin(
            CaseFigure, and_(CaseFigure.tenant_id == TenantRecord.id, CaseFigure.day == newest)
        )
        .where(column == code)
        .order_by(TenantRecord.code)
    )
    async with region.sessions() as session:
        return [CountyRow(*row) for row in await session.execute(found)]


def region_column(region: str) -> tuple[InstrumentedAttribute[str], str]:
    """``province:43`` is the column and the code that it names."""
    kind, _, code = region.partition(":")
    return (TenantRecord.prefecture if kind == "prefecture" else TenantRecord.province), code
