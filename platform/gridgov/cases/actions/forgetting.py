"""Contact data and photos go when they are no longer needed (domain.md 2.4)."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import aliased

from gridgov.audit.actions import record
from gridgov.cases.models import Case, CaseReporter, Circular, CircularLine
from gridgov.cases.types import PHOTO_OWNER
from gridgov.context import Context
from gridgov.files.actions import keep_until
from gridgov.kernel.joins import tied
from gridgov.kernel.outbox import Event

_MAIN = aliased(Case)
_MATTER = ("title", "place", "reason", "asked")
_CONTACT = ("name", "phone", "address", "phone_index", "phone_tail", "pin")


async def forget_contacts(ctx: Context) -> int:
    """Empty the contact of everybody whose case ended longer ago than the setting says.

    A merged case ends with the one it was merged into. How many; the audit keeps number and rule.
    """
    days = int(ctx.setting("contact_days"))
    over = (
        select(CaseReporter.id)
        .join(Case, tied(Case.id, CaseReporter.case_id))
        .outerjoin(_MAIN, tied(_MAIN.id, Case.merged_into))
        .where(
            func.coalesce(_MAIN.closed_at, Case.closed_at) < ctx.now - timedelta(days=days),
            or_(*(getattr(CaseReporter, name).is_not(None) for name in _CONTACT)),
        )
    )
    done = await ctx.session.scalars(
        update(CaseReporter)
        .where(CaseReporter.id.in_(over))
        .values(dict.fromkeys(_CONTACT))
        .returning(CaseReporter.id)
        .execution_options(synchronize_session=False)
    )
    count = len(done.all())
    if count:
        record(ctx, "case.contacts_forgotten", "case_reporter", None, count=count, days=days)
    return count


async def forget_circulars(ctx: Context) -> int:
    """Empty the matters of circulars that were issued before the setting's days.

    Number, unit and light stay with them, and what the circular said as a whole. How many lines.
    """
    days = int(ctx.setting("record_days"))
    over = select(Circular.id).where(Circular.issued_at < ctx.now - timedelta(days=days))
    gone = await ctx.session.scalars(
        update(CircularLine)
        .where(
            CircularLine.circular_id.in_(over),
            or_(*(getattr(CircularLine, name) != "" for name in _MATTER)),
        )
        .values(dict.fromkeys(_MATTER, ""))
        .returning(CircularLine.id)
        .execution_options(synchronize_session=False)
    )
    count = len(gone.all())
    if count:
        record(ctx, "circular.forgotten", "circular", None, count=count, days=days)
    return count


async def keep_photos(ctx: Context, event: Event) -> None:
    """A case ended: its photos are kept for as long as the setting says, counted from now."""
    ended = ctx.tenant.day_of(event.at)
    await _keep(ctx, event.subject, ended + timedelta(days=int(ctx.setting("photo_days", ended))))


async def keep_photos_on(ctx: Context, event: Event) -> None:
    """It is taken up again, and its photos have no end any more."""
    await _keep(ctx, event.subject, None)


async def _keep(ctx: Context, case_id: UUID, last: date | None) -> None:
    """Those of a case and of all that rest in it."""
    resting = await ctx.session.scalars(select(Case.id).where(Case.merged_into == case_id))
    await keep_until(ctx, PHOTO_OWNER, [case_id, *resting], last=last)
