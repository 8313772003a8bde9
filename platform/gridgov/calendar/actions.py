"""What a county can do to its calendar, and how it hears of what was loaded for all."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gridgov.audit.actions import record
from gridgov.calendar.lookup import calendar_for
from gridgov.calendar.models import CalendarClosure, CalendarHeard, CalendarYear
from gridgov.context import Context, tell_rooms
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id

CHANGED = "calendar.changed"
"""The event: payload ``version`` (the joint one) and ``first`` (the earliest day that changed)."""


async def close_day(ctx: Context, day: date, *, reason: str, document: str) -> UUID:
    """Close the county's offices on a working day, on the strength of a document.

    Clocks in working units skip the day; open cases are computed anew after the event.
    """
    calendar = await calendar_for(ctx)
    if not calendar.first <= day <= calendar.last:
        raise Invalid(fields={"day": "工作日历还没有这一年。"})
    if day in calendar.closures:
        raise Conflict("{day} 已经登记停止办公了。", day=day)
    if not calendar.is_working(day):
        raise Invalid(fields={"day": "这天本来就休息，不用登记。"})
    closure_id = new_id()
    await ctx.session.execute(
        insert(CalendarClosure).values(
            tenant_id=ctx.tenant.id,
            id=closure_id,
            day=day,
            reason=_written(reason, "reason", "请写明原因。"),
            document=_written(document, "document", "请写明依据的文号。"),
            added_revision=await _next_revision(ctx),
            added_by=ctx.actor.account_id,
            added_at=ctx.now,
        )
    )
    await _changed(ctx, "calendar.day_closed", closure_id, day=day, document=document.strip())
    return closure_id


async def reopen_day(ctx: Context, closure_id: UUID, *, document: str) -> None:
    """Take a closure back, again on the strength of a document. The row stays as history."""
    closure = (
        await ctx.session.execute(
            select(CalendarClosure.day, CalendarClosure.removed_revision).where(
                CalendarClosure.tenant_id == ctx.tenant.id, CalendarClosure.id == closure_id
            )
        )
    ).one_or_none()
    if closure is None:
        raise NotFound
    if closure.removed_revision is not None:
        raise Conflict("这条停止办公已经撤销了。")
    await ctx.session.execute(
        update(CalendarClosure)
        .where(CalendarClosure.tenant_id == ctx.tenant.id, CalendarClosure.id == closure_id)
        .values(
            removed_revision=await _next_revision(ctx),
            removed_document=_written(document, "document", "请写明依据的文号。"),
            removed_by=ctx.actor.account_id,
            removed_at=ctx.now,
        )
    )
    await _changed(
        ctx, "calendar.day_reopened", closure_id, day=closure.day, document=document.strip()
    )


async def tell_of_hours(ctx: Context, *, first: date) -> None:
    """The office hours changed from a day on: open cases are computed anew after the event."""
    await _tell(ctx, ctx.tenant.id, first=first)


async def tell_of_loads(ctx: Context) -> bool:
    """Tell the tenant of years that were loaded since it last heard. Safe to repeat at any time."""
    heard = await ctx.session.scalar(
        select(CalendarHeard.version)
        .where(CalendarHeard.tenant_id == ctx.tenant.id)
        .with_for_update()
    )
    loads = (
        await ctx.session.execute(
            select(CalendarYear.version, CalendarYear.year).where(
                CalendarYear.version > (heard or 0)
            )
        )
    ).all()
    if not loads:
        return False
    newest, first_year = max(row.version for row in loads), min(row.year for row in loads)
    await ctx.session.execute(
        upsert(CalendarHeard)
        .values(tenant_id=ctx.tenant.id, id=ctx.tenant.id, version=newest)
        .on_conflict_do_update(index_elements=["tenant_id", "id"], set_={"version": newest})
    )
    # A notice may move days of the December before its year.
    await _tell(ctx, ctx.tenant.id, first=date(first_year - 1, 12, 1))
    record(ctx, "calendar.loaded", "calendar", None, version=newest)
    return True


def _written(text: str, name: str, sentence: str) -> str:
    if not text.strip():
        raise Invalid(fields={name: sentence})
    return text.strip()


async def _next_revision(ctx: Context) -> int:
    latest = await ctx.session.scalar(
        select(
            func.max(
                func.greatest(CalendarClosure.added_revision, CalendarClosure.removed_revision)
            )
        ).where(CalendarClosure.tenant_id == ctx.tenant.id)
    )
    return (latest or 0) + 1


async def _changed(ctx: Context, verb: str, closure_id: UUID, *, day: date, document: str) -> None:
    record(ctx, verb, "calendar_closure", closure_id, day=day.isoformat(), document=document)
    await _tell(ctx, closure_id, first=day)


async def _tell(ctx: Context, subject: UUID, *, first: date) -> None:
    calendar = await calendar_for(ctx)
    await tell_rooms(
        ctx,
        CHANGED,
        subject,
        version=calendar.version,
        first=first.isoformat(),
    )
