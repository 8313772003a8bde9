"""Which files belong to what."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from gridgov.context import Context
from gridgov.files.models import StoredFile
from gridgov.files.types import FileKind


def files_of(
    ctx: Context, owner_kind: str, owner_ids: Sequence[UUID]
) -> Select[UUID, UUID | None, str, str, int, int | None, int | None]:
    """Files of one or several owners, in the order in which they were attached."""
    return (
        select(
            StoredFile.id,
            StoredFile.owner_id,
            StoredFile.kind,
            StoredFile.mime,
            StoredFile.size,
            StoredFile.width,
            StoredFile.height,
        )
        .where(
            StoredFile.tenant_id == ctx.tenant.id,
            StoredFile.owner_kind == owner_kind,
            StoredFile.owner_id.in_(owner_ids),
        )
        .order_by(StoredFile.owner_id, StoredFile.position, StoredFile.id)
    )


async def photos_of(ctx: Context, owner_kind: str, owner_id: UUID) -> list[UUID]:
    """The photos of one owner, in order."""
    rows = await ctx.session.execute(files_of(ctx, owner_kind, [owner_id]))
    return [row.id for row in rows if row.kind == FileKind.PHOTO]
