"""Saying what does not work, and answering it."""

from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.errors import Conflict, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_
from gridgov.notices.actions import notify
from gridgov.suggestions.models import Suggestion


async def suggest(ctx: Context, *, text: str, page: str) -> UUID:
    """Keep what the actor says about the system."""
    suggestion_id = new_id()
    await ctx.session.execute(
        insert(Suggestion).values(
            tenant_id=ctx.tenant.id,
            id=suggestion_id,
            text=text,
            page=page,
            account_id=ctx.actor.account_id,
            at=ctx.now,
        )
    )
    record(ctx, "suggestion.made", "suggestion", suggestion_id)
    return suggestion_id


async def answer_suggestion(ctx: Context, suggestion_id: UUID, *, answer: str, link: str) -> None:
    """Answer it for all to read, and tell who wrote it. A second answer is refused."""
    row = (
        await ctx.session.execute(
            select(Suggestion.account_id, Suggestion.answered_at)
            .where(Suggestion.id == suggestion_id)
            .with_for_update()
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.answered_at is not None:
        raise Conflict("这条意见已经有人答复了。")
    await ctx.session.execute(
        update(Suggestion)
        .where(Suggestion.id == suggestion_id)
        .values(answer=answer, answered_by=ctx.actor.account_id, answered_at=ctx.now)
    )
    record(ctx, "suggestion.answered", "suggestion", suggestion_id)
    await notify(
        ctx,
        [row.account_id],
        about=f"suggestion.answered:{suggestion_id}",
        text=N_("您提的意见有答复了。"),
        link=link,
    )
