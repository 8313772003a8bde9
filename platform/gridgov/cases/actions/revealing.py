"""Seeing a reporter's contact: an act of its own, with a reason, written down."""

from uuid import UUID

from sqlalchemy import select

from gridgov.audit.actions import record_reveal
from gridgov.cases.actions.reporting import Contact
from gridgov.cases.models import CaseReporter
from gridgov.cases.queries.record import case_seen
from gridgov.cases.rules.fields import check_texts
from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.kernel.errors import Invalid, NotFound

_FIELDS = ("name", "phone", "address")


async def reveal_reporter(
    ctx: Context, case_id: UUID, reporter_id: UUID, *, purpose: str
) -> Contact:
    """The contact of one reporter of a case.

    ``purpose`` is kept in the audit and shown to the auditor; NotFound without the right there.
    """
    why = check_texts({"purpose": purpose}, {"purpose": 200})["purpose"]
    if not why:
        raise Invalid(fields={"purpose": "请写明为什么要看联系方式。"})
    await case_seen(ctx, case_id, CaseRight.REVEAL)
    row = (
        await ctx.session.execute(
            select(CaseReporter.name, CaseReporter.phone, CaseReporter.address).where(
                CaseReporter.case_id == case_id, CaseReporter.id == reporter_id
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    sealed = {name: value for name, value in zip(_FIELDS, row, strict=True) if value is not None}
    record_reveal(ctx, "case_reporter", reporter_id, fields=sorted(sealed), purpose=why)
    opened = {
        name: ctx.vault.open("case_reporters", reporter_id, name, value)
        for name, value in sealed.items()
    }
    return Contact(**opened)
