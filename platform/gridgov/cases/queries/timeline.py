"""The timeline of a case: only ever added to."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from gridgov.cases.models import CaseStep
from gridgov.context import Context


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline."""

    id: UUID
    at: datetime
    action: str
    before: str
    after: str
    who: str
    note: str
    details: Mapping[str, Any]
    public: bool


_COLUMNS: Final = tuple(getattr(CaseStep, field.name) for field in fields(Step))


async def steps_of(ctx: Context, case_id: UUID) -> tuple[Step, ...]:
    """All lines, the first first. Ask it only for a case that the actor may see."""
    found = select(*_COLUMNS).where(CaseStep.case_id == case_id).order_by(CaseStep.id)
    return tuple(Step(*row) for row in await ctx.session.execute(found))
