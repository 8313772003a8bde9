"""The catalogue: what is offered, narrowed by words and flags, and how it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Text,
    and_,
    any_,
    bindparam,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.context import Context
from gridgov.contract.services import on_behalf
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import after, cut, decode
from gridgov.kernel.ready import Ready
from gridgov.services.models import ServiceItem
from gridgov.services.types import Counts, Item, Wanted
from gridgov.staff.models import Department

PAGE: Final = 40
_LONGEST: Final = 40

_ROW: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    ServiceItem.id,
    ServiceItem.code,
    ServiceItem.name,
    ServiceItem.batch,
    Department.name,
    ServiceItem.flags,
    ServiceItem.term,
    ServiceItem.synthetic,
)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of the catalogue."""

    id: UUID
    code: str
    name: str
    batch: str
    department: str
    flags: list[str]
    term: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything that is said of one item."""

    id: UUID
    item: Item
    department: str
    department_id: UUID
    phone: str
    closed: bool


def _narrowed(wanted: Wanted) -> ColumnElement[bool]:
    """Only some hundreds of items: looked through within the tenant, not by an index."""
    met: list[ColumnElement[bool]] = [ServiceItem.closed_on.is_(None)]
    words = wanted.words.strip()[:_LONGEST]
    if words:
        met.append(
            or_(
                func.strpos(ServiceItem.name, words) > 0,
                func.strpos(ServiceItem.initials, words.lower()) > 0,
                ServiceItem.code == words,
            )
        )
    if wanted.batch:
        met.append(ServiceItem.batch == wanted.batch)
    if wanted.department:
        met.append(Department.code == wanted.department)
    if wanted.flag:
        met.append(_bears(wanted.flag))
    return and_(*met)


def _bears(flag: str | BindParameter[str]) -> ColumnElement[bool]:
    return (literal(flag) if isinstance(flag, str) else flag) == any_(ServiceItem.flags)


_OF_IT: Final = tied(Department.id, ServiceItem.department_id)


async def items(
    ctx: Context, wanted: Wanted, cursor: str = "", *, limit: int = PAGE
) -> tuple[list[ItemRow], str]:
    """One page in the order of codes, and the cursor of the next; empty on the last."""
    found = select(*_ROW).join(Department, _OF_IT).where(_narrowed(wanted))
    start = decode(cursor, "s")
    page = after(found, (ServiceItem.code,), start, descending=False).limit(limit + 1)
    rows = [ItemRow(*row) for row in await Ready(page).rows(ctx.session)]
    return cut(rows, limit, lambda last: (last.code,))


_ON_BEHALF: Final = Ready(
    select(*_ROW)
    .join(Department, _OF_IT)
    .where(ServiceItem.closed_on.is_(None), _bears(bindparam("flag", type_=Text())))
    .order_by(ServiceItem.code)
    .limit(bindparam("most"))
)


async def items_on_behalf(ctx: Context, most: int) -> list[ItemRow]:
    """The first items that are done for residents, as a scanned code shows them."""
    flag = on_behalf(ctx.policy.county.service_flags)
    rows = await _ON_BEHALF.rows(ctx.session, flag=flag, most=most) if flag else ()
    return [ItemRow(*row) for row in rows]


async def counts(ctx: Context) -> Counts:
    """One statement, for the numbers stand beside every filter."""
    codes = [flag.code for flag in ctx.policy.ever.service_flags]
    numbers = [func.count(), func.count().filter(ServiceItem.synthetic)]
    numbers += [func.count().filter(_bears(code)) for code in codes]
    found = (
        select(ServiceItem.batch, Department.code, Department.name, *numbers)
        .join(Department, _OF_IT)
        .where(ServiceItem.closed_on.is_(None))
        .group_by(ServiceItem.batch, Department.code, Department.name)
        .order_by(Department.code)
    )
    flags: dict[str, int] = dict.fromkeys(codes, 0)
    batches: dict[str, int] = {}
    departments: dict[tuple[str, str], int] = {}
    whole = synthetic = 0
    for batch, code, name, count, made_up, *by_flag in await Ready(found).rows(ctx.session):
        whole, synthetic = whole + count, synthetic + made_up
        batches[batch] = batches.get(batch, 0) + count
        departments[code, name] = departments.get((code, name), 0) + count
        for flag, number in zip(codes, by_flag, strict=True):
            flags[flag] += number
    by_size = sorted(departments.items(), key=lambda one: -one[1])
    return Counts(
        whole, flags, batches, tuple((*named, count) for named, count in by_size), synthetic
    )


_ITEM: Final[tuple[Any, ...]] = (
    ServiceItem.code,
    ServiceItem.name,
    ServiceItem.batch,
    Department.code.label("department"),
    ServiceItem.flags,
    ServiceItem.term,
    ServiceItem.what,
    ServiceItem.who,
    ServiceItem.steps,
    ServiceItem.materials,
    ServiceItem.fee,
    ServiceItem.place,
    ServiceItem.source,
    ServiceItem.synthetic,
)
"""What an :class:`Item` is made of, in its order."""


def _item(row: Sequence[Any]) -> Item:
    code, name, batch, department, flags, term, what, who, steps, *rest = row
    materials, fee, place, source, synthetic = rest
    return Item(
        code=code,
        name=name,
        batch=batch,
        department=department,
        flags=frozenset(flags),
        term=term,
        what=what,
        who=who,
        steps=tuple(steps),
        materials=tuple(materials),
        fee=fee,
        place=place,
        source=source,
        synthetic=synthetic,
    )


async def guide(ctx: Context, code: str) -> Guide:
    """The item of this code; NotFound for none. One that closed is still told, and says so."""
    if not code.isprintable():
        raise NotFound
    return await _guide(ctx, ServiceItem.code == code)


async def guide_of(ctx: Context, item_id: UUID) -> Guide:
    """The same by its id."""
    return await _guide(ctx, ServiceItem.id == item_id)


async def _guide(ctx: Context, which: ColumnElement[bool]) -> Guide:
    found = (
        select(
            ServiceItem.id,
            ServiceItem.closed_on,
            Department.id.label("department_id"),
            Department.name.label("department_name"),
            Department.phone,
            *_ITEM,
        )
        .join(Department, _OF_IT)
        .where(which)
    )
    row: Any = await Ready(found).row(ctx.session)
    if row is None:
        raise NotFound
    item_id, closed_on, department_id, name, phone, *rest = row
    return Guide(item_id, _item(rest), name, department_id, phone, closed_on is not None)


async def catalogue(ctx: Context) -> dict[str, Item]:
    """Everything that is offered, by code: what a file is compared with."""
    return await catalogue_in(ctx.session)


async def catalogue_in(session: AsyncSession) -> dict[str, Item]:
    """The same of the tenant that the session is cut to: onboarding has no context yet."""
    found = await session.execute(
        select(*_ITEM)
        .join(Department, _OF_IT)
        .where(ServiceItem.closed_on.is_(None))
        .order_by(ServiceItem.code)
    )
    return {row.code: _item(tuple(row)) for row in found}


async def departments_known(ctx: Context) -> list[tuple[str, str]]:
    """Code and name of every department that is there."""
    found = await ctx.session.execute(
        select(Department.code, Department.name).where(Department.closed_on.is_(None))
    )
    return [(code, name) for code, name in found]


async def items_to_choose(ctx: Context) -> list[tuple[str, str, str, str]]:
    """What can be done for residents, to choose from: id, name, department, initials."""
    flag = on_behalf(ctx.policy.county.service_flags)
    if not flag:
        return []
    found = (
        select(ServiceItem.id, ServiceItem.name, Department.name, ServiceItem.initials)
        .join(Department, _OF_IT)
        .where(_narrowed(Wanted(flag=flag)))
        .order_by(Department.code, ServiceItem.code)
    )
    return [(str(one), *words) for one, *words in await Ready(found).rows(ctx.session)]


async def check_item(ctx: Context, item_id: UUID | None) -> None:
    """Invalid unless the item is offered; none at all is fine."""
    if item_id is None:
        return
    offered = select(ServiceItem.id).where(
        ServiceItem.id == item_id, ServiceItem.closed_on.is_(None)
    )
    if await Ready(offered).scalar(ctx.session) is None:
        raise Invalid(fields={"item": "没有这一项，请重新选择。"})
