"""What is there of a tenant, in the same words as a package, with the rows' ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.access.models import Binding
from gridgov.accounts.models import Account, Membership
from gridgov.contract.settings import from_kept, values_on
from gridgov.grid.models import GridNode
from gridgov.kernel.crypto import Vault
from gridgov.kernel.joins import tied
from gridgov.onboarding.rules.compare import holding_key
from gridgov.onboarding.types import (
    BindingRow,
    Brand,
    DepartmentRow,
    HoldingRow,
    Ids,
    Manifest,
    NodeRow,
    OfficeRow,
    Package,
    StaffRow,
    TopicRow,
)
from gridgov.services.queries.catalogue import catalogue_in
from gridgov.staff.models import Department, PostHolding, Responsibility, StaffMember
from gridgov.stations.models import Station
from gridgov.tenants.models import RulePart, TenantRecord
from gridgov.tenants.workplace import tenant_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A tenant as it stands. People and departments that left keep their id for a return."""

    record: TenantRecord
    package: Package
    ids: Ids


async def standing(
    session: AsyncSession, record: TenantRecord, vault: Vault, *, now: datetime
) -> Standing:
    """Everything of a tenant that a package can say."""
    today = tenant_of(record).day_of(now)
    ids = Ids()
    nodes = await _nodes(session, ids)
    departments = await _departments(session, ids)
    staff = await _staff(session, ids, vault)
    package = Package(
        manifest=Manifest(
            name=record.name,
            code=record.code,
            slug=record.slug,
            province=record.province,
            prefecture=record.prefecture,
            zone=record.zone,
            plugins=tuple(record.plugins),
            parts=await _parts(session),
            brand=Brand(**record.brand),
            settings=values_on(from_kept(record.settings), today),
            **{table: tuple(rows) for table, rows in record.tables.items()},
        ),
        nodes=nodes,
        departments=departments,
        staff=staff,
        holdings=await _holdings(session, ids),
        bindings=await _bindings(session, ids),
        topics=await _topics(session, ids),
        offices=await _offices(session),
        services=tuple((await catalogue_in(session)).values()),
    )
    return Standing(record, package, ids)


async def _parts(session: AsyncSession) -> dict[str, str]:
    found = await session.execute(
        select(RulePart.plugin, GridNode.code)
        .join(GridNode, and_(GridNode.path == RulePart.path, GridNode.valid_to.is_(None)))
        .order_by(RulePart.plugin)
    )
    return {row.plugin: row.code for row in found}


async def _nodes(session: AsyncSession, ids: Ids) -> tuple[NodeRow, ...]:
    found = await session.execute(
        select(
            GridNode.id,
            GridNode.parent_id,
            GridNode.code,
            GridNode.level,
            GridNode.name,
            GridNode.area_type,
            GridNode.households,
            GridNode.population,
            GridNode.synthetic,
            GridNode.valid_from,
            GridNode.path,
            GridNode.boundary,
            GridNode.lon,
            GridNode.lat,
        )
        .where(GridNode.valid_to.is_(None))
        .order_by(GridNode.path)
    )
    rows = found.all()
    ids.nodes = {row.code: row.id for row in rows}
    codes: Mapping[UUID | None, str] = {row.id: row.code for row in rows}
    return tuple(
        NodeRow(
            code=row.code,
            parent=codes.get(row.parent_id, ""),
            level=row.level,
            name=row.name,
            area_type=row.area_type,
            households=row.households,
            population=row.population,
            synthetic=row.synthetic,
            valid_from=row.valid_from,
            path=row.path,
            boundary=row.boundary,
            lon=row.lon,
            lat=row.lat,
        )
        for row in rows
    )


async def _departments(session: AsyncSession, ids: Ids) -> tuple[DepartmentRow, ...]:
    found = await session.execute(
        select(
            Department.id,
            Department.code,
            Department.name,
            Department.phone,
            Department.closed_on,
            GridNode.code.label("node"),
        ).join(GridNode, GridNode.id == Department.node_id)
    )
    rows = found.all()
    ids.departments = {row.code: row.id for row in rows}
    return tuple(
        DepartmentRow(code=row.code, name=row.name, node=row.node, phone=row.phone)
        for row in rows
        if row.closed_on is None
    )


async def _staff(session: AsyncSession, ids: Ids, vault: Vault) -> tuple[StaffRow, ...]:
    found = await session.execute(
        select(
            StaffMember.id,
            StaffMember.number,
            StaffMember.name,
            StaffMember.title,
            StaffMember.employment,
            StaffMember.phone,
            StaffMember.synthetic,
            StaffMember.left_on,
            Department.code.label("department"),
            Membership.account_id,
            Membership.ended_at,
            Account.login,
        )
        .outerjoin(Department, Department.id == StaffMember.department_id)
        .outerjoin(Membership, tied(Membership.staff_id, StaffMember.id))
        .outerjoin(Account, Account.id == Membership.account_id)
    )
    rows = found.all()
    ids.staff = {row.number: row.id for row in rows}
    ids.accounts = {row.number: row.account_id for row in rows if row.account_id}
    return tuple(
        StaffRow(
            number=row.number,
            name=row.name,
            title=row.title,
            employment=row.employment,
            phone=vault.open("staff", row.id, "phone", row.phone) if row.phone else "",
            department=row.department or "",
            login=row.login if row.account_id and not row.ended_at else "",
            synthetic=row.synthetic,
        )
        for row in rows
        if row.left_on is None
    )


async def _holdings(session: AsyncSession, ids: Ids) -> tuple[HoldingRow, ...]:
    found = await session.execute(
        select(
            PostHolding.id,
            PostHolding.post,
            PostHolding.acting,
            PostHolding.valid_from,
            PostHolding.valid_to,
            StaffMember.number.label("staff"),
            GridNode.code.label("node"),
        )
        .join(StaffMember, StaffMember.id == PostHolding.staff_id)
        .join(GridNode, GridNode.id == PostHolding.node_id)
    )
    holdings: list[HoldingRow] = []
    for row in found:
        holding = HoldingRow(
            staff=row.staff,
            post=row.post,
            node=row.node,
            acting=row.acting,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        ids.holdings[holding_key(holding)] = row.id
        holdings.append(holding)
    return tuple(holdings)


async def _bindings(session: AsyncSession, ids: Ids) -> tuple[BindingRow, ...]:
    found = await session.execute(
        select(
            Binding.id,
            Binding.role,
            Binding.departments,
            Binding.categories,
            StaffMember.number.label("staff"),
            GridNode.code.label("node"),
        )
        .join(Membership, tied(Membership.account_id, Binding.account_id))
        .join(StaffMember, StaffMember.id == Membership.staff_id)
        .join(GridNode, GridNode.id == Binding.node_id)
        .where(Binding.valid_to.is_(None))
    )
    codes = {department_id: code for code, department_id in ids.departments.items()}
    bindings: list[BindingRow] = []
    for row in found:
        departments = tuple(codes[department_id] for department_id in row.departments)
        ids.bindings[f"{row.staff}/{row.role}/{row.node}"] = row.id
        bindings.append(
            BindingRow(
                staff=row.staff,
                role=row.role,
                node=row.node,
                departments=departments,
                categories=tuple(row.categories),
            )
        )
    return tuple(bindings)


async def _topics(session: AsyncSession, ids: Ids) -> tuple[TopicRow, ...]:
    found = await session.execute(
        select(
            Responsibility.id,
            Responsibility.category,
            Responsibility.assumed,
            Department.code.label("department"),
        )
        .join(Department, Department.id == Responsibility.department_id)
        .where(Responsibility.valid_to.is_(None))
    )
    rows = found.all()
    ids.topics = {row.category: row.id for row in rows}
    return tuple(
        TopicRow(category=row.category, department=row.department, assumed=row.assumed)
        for row in rows
    )


async def _offices(session: AsyncSession) -> tuple[OfficeRow, ...]:
    found = await session.execute(
        select(
            GridNode.code.label("node"),
            Station.address,
            Station.phone,
            Station.hours,
            Station.rest_hours,
            Station.synthetic,
        )
        .join(GridNode, GridNode.id == Station.node_id)
        .where(GridNode.valid_to.is_(None))
    )
    return tuple(OfficeRow(**row) for row in found.mappings())
