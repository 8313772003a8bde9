"""Which files belong to what."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from gridgov.context import Context
from gridgov.files.models import StoredFile
from gridgov.kernel.ready import Ready, one_of


def files_of(
    ctx: Context, owner_kind: str, owner_ids: Sequence[UUID]
) -> Select[UUID, UUID | None, str, int, int | None, int | None]:
    """Files of one or several owners, in the order in which they were attached."""
    return (
        select(
            StoredFile.id,
            StoredFile.owner_id,
            StoredFile.mime,
            StoredFile.size,
            StoredFile.width,
            StoredFile.height,
        )
        .where(
            StoredFile.tenant_id == ctx.tenant.id,
            StoredFile.owner_kind == owner_kind,
            one_of(StoredFile.owner_id, owner_ids),
        )
        .order_by(StoredFile.owner_id, StoredFile.position, StoredFile.id)
    )


def file_to_show(ctx: Context, file_id: UUID) -> Select[str, str | None, UUID | None, UUID | None]:
    """What decides who may see a file, and how it is sent."""
    return select(
        StoredFile.mime,
        StoredFile.owner_kind,
        StoredFile.owner_id,
        StoredFile.created_by,
    ).where(StoredFile.tenant_id == ctx.tenant.id, StoredFile.id == file_id)


_PHOTOS: Final = Ready(
    select(StoredFile.id)
    .where(
        StoredFile.owner_kind == bindparam("kind"),
        StoredFile.owner_id == bindparam("owner"),
    )
    .order_by(StoredFile.position, StoredFile.id)
)


async def photos_of(ctx: Context, owner_kind: str, owner_id: UUID) -> list[UUID]:
    """The photos of one owner, in order."""
    rows = await _PHOTOS.rows(ctx.session, kind=owner_kind, owner=owner_id)
    return [row.id for row in rows]
