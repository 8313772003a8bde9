"""What tells of people goes when it is no longer needed: signatures, witnesses, doors."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update

from gridgov.audit.actions import record
from gridgov.cases.models import Case
from gridgov.context import Context
from gridgov.files.actions import keep_until
from gridgov.kernel.joins import tied
from gridgov.kernel.outbox import Event
from gridgov.services.models import Appointment, Authorisation
from gridgov.services.types import SIGNATURE_OWNER


async def keep_signatures(ctx: Context, event: Event) -> None:
    """A case ended: the signature is kept as long as the contacts are."""
    last = ctx.tenant.day_of(event.at) + timedelta(days=int(ctx.setting("contact_days")))
    await _keep(ctx, event.subject, last)


async def keep_signatures_on(ctx: Context, event: Event) -> None:
    """It is taken up again."""
    await _keep(ctx, event.subject, None)


async def _keep(ctx: Context, case_id: UUID, last: date | None) -> None:
    found = await ctx.session.scalars(
        select(Authorisation.id).where(Authorisation.case_id == case_id)
    )
    if ids := list(found):
        await keep_until(ctx, SIGNATURE_OWNER, ids, last=last)


async def forget_witnesses(ctx: Context) -> int:
    """Who stood by is forgotten with the contacts of the case."""
    before = ctx.now - timedelta(days=int(ctx.setting("contact_days")))
    over = (
        select(Authorisation.id)
        .join(Case, tied(Case.id, Authorisation.case_id))
        .where(Case.closed_at < before, Authorisation.witness.is_not(None))
    )
    gone = await ctx.session.scalars(
        update(Authorisation)
        .where(Authorisation.id.in_(over))
        .values(witness=None)
        .returning(Authorisation.id)
        .execution_options(synchronize_session=False)
    )
    count = len(gone.all())
    if count:
        record(ctx, "service.witnesses_forgotten", "case", None, count=count)
    return count


async def forget_visits(ctx: Context) -> int:
    """Who lived where is forgotten some days after the visit, as contacts of cases are."""
    last = ctx.today - timedelta(days=int(ctx.setting("contact_days")))
    names = ("name", "phone", "door", "note", "phone_index", "phone_tail", "pin")
    gone = await ctx.session.scalars(
        update(Appointment)
        .where(
            Appointment.day < last,
            or_(*(getattr(Appointment, name).is_not(None) for name in names)),
        )
        .values(dict.fromkeys(names))
        .returning(Appointment.id)
        .execution_options(synchronize_session=False)
    )
    count = len(gone.all())
    if count:
        record(ctx, "service.visits_forgotten", "appointment", None, count=count)
    return count
