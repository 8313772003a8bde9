"""The catalogue from a file: read and compared first, carried out when somebody says so."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.changes import Verb
from gridgov.kernel.errors import Conflict, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.pinyin import initials
from gridgov.services.models import ServiceImport, ServiceItem
from gridgov.services.queries.catalogue import catalogue, departments_known
from gridgov.services.rules.compare import compare
from gridgov.services.rules.files import rows_of
from gridgov.services.rules.table import columns_of, known, read_table
from gridgov.services.types import CellFault, Change, Item
from gridgov.staff.models import Department

_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file says: its faults, or the changes and the number by which they are carried out."""

    faults: tuple[CellFault, ...] = ()
    changes: tuple[Change, ...] = ()
    same: int = 0
    import_id: UUID | None = None


async def preview_import(ctx: Context, data: bytes, *, name: str) -> Preview:
    """Read a file and keep what it asks for. Nothing of the catalogue changes."""
    rows = await asyncio.to_thread(rows_of, data)
    words = known(ctx.policy.county, await departments_known(ctx))
    items, faults = await asyncio.to_thread(read_table, rows, words)
    if faults:
        return Preview(tuple(faults))
    changes = compare(await catalogue(ctx), items, words.columns)
    import_id = new_id()
    await ctx.session.execute(
        insert(ServiceImport).values(
            tenant_id=ctx.tenant.id,
            id=import_id,
            file="".join(sign for sign in name if sign.isprintable())[-_LONGEST_NAME:],
            rows=msgspec.to_builtins(items),
            account_id=ctx.actor.account_id,
            who=ctx.actor.title or ctx.actor.name,
            at=ctx.now,
            **{verb.value: sum(change.verb is verb for change in changes) for verb in Verb},
        )
    )
    touched = sum(change.verb is not Verb.CLOSED for change in changes)
    return Preview((), tuple(changes), len(items) - touched, import_id)


async def carry_out_import(ctx: Context, import_id: UUID) -> list[Change]:
    """Bring the catalogue to what the file asked for; compared anew, for it may have changed."""
    kept = (
        await ctx.session.execute(
            select(ServiceImport.rows, ServiceImport.carried_out_at)
            .where(ServiceImport.id == import_id)
            .with_for_update()
        )
    ).one_or_none()
    if kept is None:
        raise NotFound
    if kept.carried_out_at is not None:
        raise Conflict("这份文件已经导入过了。")
    changes = await bring_to(ctx, msgspec.convert(kept.rows, list[Item]))
    await ctx.session.execute(
        update(ServiceImport)
        .where(ServiceImport.id == import_id)
        .values(
            rows=[],
            carried_out_at=ctx.now,
            **{verb.value: sum(change.verb is verb for change in changes) for verb in Verb},
        )
    )
    return changes


async def bring_to(ctx: Context, items: Sequence[Item]) -> list[Change]:
    """Make the catalogue what these items are; what they no longer name is closed, not deleted."""
    changes = compare(await catalogue(ctx), items, columns_of(ctx.policy.ever.service_flags))
    if not changes:
        return changes
    ids = {code: item_id for code, item_id in await _ids(ctx)}  # noqa: C416  (typed)
    departments = {code: one for code, one in await _departments(ctx)}  # noqa: C416  (typed)
    wanted = {item.code: item for item in items}
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for change in changes:
        if change.verb is Verb.CLOSED:
            continue
        values = _values(wanted[change.code], departments)
        if change.code in ids:  # one that was closed comes back
            changed.append({"id": ids[change.code], "tenant_id": ctx.tenant.id, **values})
        else:
            added.append({"id": new_id(), "tenant_id": ctx.tenant.id, **values})
    if added:
        await ctx.session.execute(insert(ServiceItem), added)
    if changed:
        await ctx.session.execute(update(ServiceItem), changed)
    await _close(ctx, (change.code for change in changes if change.verb is Verb.CLOSED))
    record(
        ctx,
        "service.imported",
        "service_catalogue",
        None,
        **{verb.value: sum(change.verb is verb for change in changes) for verb in Verb},
    )
    return changes


def _values(item: Item, departments: Mapping[str, UUID]) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(item)
    del values["line"]
    values["flags"] = sorted(item.flags)
    values["department_id"] = departments[values.pop("department")]
    return values | {"initials": initials(item.name), "closed_on": None}


async def _close(ctx: Context, codes: Iterable[str]) -> None:
    closed = list(codes)
    if closed:
        await ctx.session.execute(
            update(ServiceItem)
            .where(ServiceItem.code.in_(closed))
            .values(closed_on=ctx.today)
            .execution_options(synchronize_session=False)
        )


async def _ids(ctx: Context) -> Sequence[Any]:
    return (await ctx.session.execute(select(ServiceItem.code, ServiceItem.id))).all()


async def _departments(ctx: Context) -> Sequence[Any]:
    return (await ctx.session.execute(select(Department.code, Department.id))).all()
