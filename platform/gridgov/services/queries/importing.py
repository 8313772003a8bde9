"""The files by which the catalogue was changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from gridgov.context import Context
from gridgov.kernel.ready import Ready
from gridgov.services.models import ServiceImport


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A file that was read, in the list of them."""

    id: UUID
    file: str
    added: int
    changed: int
    closed: int
    who: str
    at: datetime
    carried_out_at: datetime | None


async def imports(ctx: Context, *, limit: int = 10) -> list[ImportRow]:
    """The latest files that were carried out."""
    found = (
        select(
            ServiceImport.id,
            ServiceImport.file,
            ServiceImport.added,
            ServiceImport.changed,
            ServiceImport.closed,
            ServiceImport.who,
            ServiceImport.at,
            ServiceImport.carried_out_at,
        )
        .where(ServiceImport.carried_out_at.is_not(None))
        .order_by(ServiceImport.at.desc())
        .limit(limit)
    )
    return [ImportRow(*row) for row in await Ready(found).rows(ctx.session)]
