"""Whose notices."""

from uuid import UUID

from sqlalchemy import Select, func, select

from gridgov.kernel import paging
from gridgov.notices.models import Notice


def notices_of(
    account_id: UUID | None, *, unread: bool, after: paging.Cursor | None, limit: int
) -> paging.Rows:
    """A page of somebody's notices and one more, the newest first."""
    rows = select(
        Notice.id,
        Notice.text,
        Notice.said,
        Notice.link,
        Notice.urgent,
        Notice.at,
        Notice.read_at,
    ).where(Notice.account_id == account_id)
    if unread:
        rows = rows.where(Notice.read_at.is_(None))
    return paging.after(rows, (Notice.at, Notice.id), after, descending=True).limit(limit + 1)


def unread_of(account_id: UUID | None) -> Select[int]:
    """How many of somebody's notices are unread."""
    return (
        select(func.count())
        .select_from(Notice)
        .where(Notice.account_id == account_id, Notice.read_at.is_(None))
    )
