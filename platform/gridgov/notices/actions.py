"""Telling people, and their having read it."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from gridgov.context import Context
from gridgov.kernel.errors import NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.pokes import note_news
from gridgov.kernel.sentences import parts
from gridgov.notices.models import Notice
from gridgov.notices.types import channel_of

KEPT_AFTER_READING: Final = timedelta(days=90)
KEPT_AT_MOST: Final = timedelta(days=365)


async def notify(
    ctx: Context,
    account_ids: Collection[UUID | None],
    *,
    about: str,
    text: str,
    link: str,
    urgent: bool = False,
) -> int:
    """Tell each of these accounts once; how many were told now.

    ``about`` names the occasion (``case.yellow:<event id>``): told again, nothing happens. ``text``
    holds no personal data (domain.md R5); a ``Sentence`` is read in the reader's
    language. ``link`` is an address of this site. Accounts that are
    None (a resident, the system) are left out.
    """
    rows = [
        {
            "tenant_id": ctx.tenant.id,
            "id": new_id(),
            "account_id": account_id,
            "about": about,
            "text": text,
            "said": parts(text),
            "link": link,
            "urgent": urgent,
            "at": ctx.now,
        }
        for account_id in dict.fromkeys(account_ids)
        if account_id is not None
    ]
    if not rows:
        return 0
    told = await ctx.session.scalars(
        insert(Notice).values(rows).on_conflict_do_nothing().returning(Notice.account_id)
    )
    count = 0
    for account_id in told:
        note_news(ctx.session.info, channel_of(ctx.tenant.id, account_id))
        count += 1
    return count


async def mark_read(ctx: Context, notice_id: UUID | None = None) -> int:
    """The actor has read this notice, or all of theirs; how many were unread."""
    mine = Notice.account_id == ctx.actor.account_id
    which = mine if notice_id is None else mine & (Notice.id == notice_id)
    done = await ctx.session.scalars(
        update(Notice)
        .where(which, Notice.read_at.is_(None))
        .values(read_at=ctx.now)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    count = len(done.all())
    if count and ctx.actor.account_id is not None:
        note_news(ctx.session.info, channel_of(ctx.tenant.id, ctx.actor.account_id))
    return count


async def open_notice(ctx: Context, notice_id: UUID) -> str:
    """Where the actor's notice leads; it counts as read."""
    mine = (Notice.id == notice_id) & (Notice.account_id == ctx.actor.account_id)
    link = await ctx.session.scalar(select(Notice.link).where(mine))
    if link is None:
        raise NotFound
    await mark_read(ctx, notice_id)
    return link


async def forget_old_notices(ctx: Context) -> None:
    """Delete what was read long ago, and what nobody will read any more."""
    long_read = Notice.read_at < ctx.now - KEPT_AFTER_READING
    await ctx.session.execute(
        delete(Notice)
        .where(long_read | (Notice.at < ctx.now - KEPT_AT_MOST))
        .execution_options(synchronize_session=False)
    )
