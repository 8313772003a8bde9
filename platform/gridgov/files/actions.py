"""Accept a file, give it to its owner, let it go."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import case, delete, insert, or_, select, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.files.looking import look_at_photo
from gridgov.files.models import StoredFile
from gridgov.files.shelf import kept_before, put
from gridgov.files.types import KeptFile, Variant
from gridgov.files.workshop import remake_photo
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.ids import new_id

_PATIENCE = timedelta(days=1)
_AT_ONCE = 500


async def accept_photo(ctx: Context, data: bytes) -> KeptFile:
    """Check a photo, make it anew without anything but its pixels, and keep it.

    Nobody's until :func:`attach` gives it an owner; thrown away after a day without one.
    """
    await asyncio.to_thread(look_at_photo, data)
    sizes = await remake_photo(data)
    file_id = new_id()
    for variant, made in sizes.items():
        await put(ctx, file_id, variant, made.data)
    display = sizes[Variant.DISPLAY]
    kept = KeptFile(
        id=file_id,
        mime="image/jpeg",
        size=len(display.data),
        sha256=hashlib.sha256(display.data).hexdigest(),
        width=display.width,
        height=display.height,
    )
    await _write(ctx, kept)
    return kept


async def attach(
    ctx: Context,
    ids: Sequence[UUID],
    owner_kind: str,
    owner_id: UUID,
    *,
    most: int = 12,
) -> None:
    """Give files to their owner, in this order. Only what the actor sent, and nobody has yet."""
    if not ids:
        return
    if len(ids) > most:
        raise Invalid("最多 {most} 个文件。", most=most)
    given = await ctx.session.execute(
        update(StoredFile)
        .where(
            StoredFile.tenant_id == ctx.tenant.id,
            StoredFile.id.in_(ids),
            StoredFile.owner_id.is_(None),
            StoredFile.created_by.is_not_distinct_from(ctx.actor.account_id),
        )
        .values(
            owner_kind=owner_kind,
            owner_id=owner_id,
            position=case({file_id: n for n, file_id in enumerate(ids)}, value=StoredFile.id),
        )
        .returning(StoredFile.id)
        .execution_options(synchronize_session=False)
    )
    if len(given.all()) != len(set(ids)):
        raise NotFound("有文件没有找到，请重新上传。")


async def keep_until(
    ctx: Context, owner_kind: str, owner_ids: Sequence[UUID], *, last: date | None
) -> None:
    """Say on which day the owners' files are thrown away (the retention of their kind), if any."""
    await ctx.session.execute(
        update(StoredFile)
        .where(
            StoredFile.tenant_id == ctx.tenant.id,
            StoredFile.owner_kind == owner_kind,
            StoredFile.owner_id.in_(owner_ids),
        )
        .values(expires_on=last)
        .execution_options(synchronize_session=False)
    )


async def purge_files(ctx: Context) -> int:
    """Let go what nobody attached within a day, and what has reached its last day."""
    today = ctx.today
    over = select(StoredFile.id).where(
        StoredFile.tenant_id == ctx.tenant.id,
        or_(
            StoredFile.expires_on <= today,
            StoredFile.owner_id.is_(None) & (StoredFile.created_at < ctx.now - _PATIENCE),
        ),
    )
    gone = (await ctx.session.scalars(over.limit(_AT_ONCE))).all()
    if gone:
        await ctx.session.execute(
            delete(StoredFile)
            .where(StoredFile.tenant_id == ctx.tenant.id, StoredFile.id.in_(gone))
            .execution_options(synchronize_session=False)
        )
        names = "".join(sorted(file_id.hex for file_id in gone)).encode()
        digest = hashlib.sha256(names).hexdigest()
        record(ctx, "files.purged", "files", None, count=len(gone), digest=digest)
    return len(gone)


async def sweep_shelf(ctx: Context) -> int:
    """Remove from the disk what has had no row for a day: purged files and broken-off uploads."""
    before = ctx.now - _PATIENCE
    old = await asyncio.to_thread(lambda: list(kept_before(ctx, before)))
    swept = 0
    for start in range(0, len(old), _AT_ONCE):
        part = old[start : start + _AT_ONCE]
        ids = {file_id for _, file_id in part if file_id is not None}
        known = set(
            await ctx.session.scalars(
                select(StoredFile.id).where(
                    StoredFile.tenant_id == ctx.tenant.id, StoredFile.id.in_(ids)
                )
            )
        )
        for path, file_id in part:
            if file_id not in known:
                path.unlink(missing_ok=True)
                swept += 1
    return swept


async def _write(ctx: Context, kept: KeptFile) -> None:
    await ctx.session.execute(
        insert(StoredFile).values(
            tenant_id=ctx.tenant.id,
            id=kept.id,
            mime=kept.mime,
            size=kept.size,
            sha256=kept.sha256,
            width=kept.width,
            height=kept.height,
            created_by=ctx.actor.account_id,
            created_at=ctx.now,
        )
    )
